from pathlib import Path

import pytest

from pipeline.language.casing import sentence_case
from pipeline.language.glossary import load_glossary

GLOSSARY = load_glossary(Path(__file__).parents[2] / "prompts" / "glossary.toml")


@pytest.mark.parametrize(
    "printed, wanted",
    [
        ("Building a Smart Port with German Partners in May", "Building a smart port with German partners in May"),
        ("AI-Driven Repair: Lessons From ❶ for α", "AI-Driven repair: lessons from ❶ for α"),
        ("Have the Bureau run a shared booking platform", "Have the Bureau run a shared booking platform"),
        ("Cold Storage", "Cold Storage"),
        ("Ask the city's State-Owned Banks To Lend", "Ask the city's state-owned banks to lend"),
    ],
)
def test_titles_get_the_capitals_of_a_sentence(printed, wanted):
    assert sentence_case(printed, GLOSSARY) == wanted
