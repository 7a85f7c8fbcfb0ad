"""Numbers, dates and names in Chinese and English text."""
