"""What a model is told beside a sentence that it translates: terms of the glossary and words of prompts/words.toml."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import PromptError
from pipeline.language.glossary import CHINESE, WORDED, Glossary, load_table
from pipeline.language.words import occurrences, word_ends
from pipeline.records import Language

SECTIONS = ("terms", "countries", "positions")  # of the glossary; other names are slots in a sentence
MOST = 8  # hints to a sentence; the rarest words are the ones that a model does not know
LONGEST_WORD = 10  # characters
COMMON = 4000  # occurrences in jieba's corpus from which on a word needs no hint

BLANK = " "

Hint = tuple[str, str]  # as the sentence has it, in the other language


@dataclass(frozen=True, slots=True)
class Hints:
    """Finds in a sentence what its translation may use."""

    glossary: Glossary
    rare: Mapping[str, str]  # Chinese → English: words that a model does not know
    common: Mapping[str, str]  # and those that it knows

    def of(self, text: str, language: Language) -> list[Hint]:
        """At most MOST of them, in the order of the sentence; of English sentences terms alone."""
        if language == "en":
            found = dict.fromkeys(self.glossary.english_pattern.findall(text))
            pairs = [(en, self.glossary.chinese[en]) for en in found]
            return [(en, zh) for en, zh in pairs if any(zh in self.glossary.sections[s] for s in SECTIONS)][:MOST]
        terms = list(dict.fromkeys(self.glossary.found(text, SECTIONS)))[:MOST]
        found = words_in(self._without(text, self.glossary.english), self.rare)
        words = dict.fromkeys((zh, en) for _, zh, en in found if occurrences(zh) < COMMON)
        rarest = sorted(words, key=lambda hint: occurrences(hint[0]))[: MOST - len(terms)]
        return sorted({*terms, *rarest}, key=lambda hint: text.index(hint[0]))

    def gloss(self, text: str) -> list[tuple[int, str]]:
        """Where in a Chinese text each name, term and word begins, and its English."""
        worded = {zh: en for section in WORDED for zh, en in self.glossary.sections[section].items()}
        named = [(m.start(), worded[m.group()]) for m in self.glossary.pattern.finditer(text) if m.group() in worded]
        found = words_in(self._without(text, worded), {**self.rare, **self.common})
        return sorted([*named, *((at, en) for at, _, en in found)])

    def _without(self, text: str, known: Container[str]) -> str:
        """The text with a blank for each character of a name or term that is among `known`."""
        return self.glossary.pattern.sub(lambda m: BLANK * len(m.group()) if m.group() in known else m.group(), text)


def words_in(text: str, words: Mapping[str, str]) -> Iterator[tuple[int, str, str]]:
    """(Where, Chinese, English) of the longest of `words` that begin and end where words of the text do."""
    for run in CHINESE.finditer(text):
        letters, at = run.group(), 0
        ends = word_ends(letters)
        while at < len(letters):
            fits = (e for e in range(min(len(letters), at + LONGEST_WORD), at + 1, -1) if e in ends)
            end = next((e for e in fits if letters[at:e] in words), 0)
            if end:
                yield run.start() + at, letters[at:end], words[letters[at:end]]
            at = end or min(e for e in ends if e > at)


def load_hints(prompts: Path, glossary: Glossary) -> Hints:
    """The glossary with the words of `prompts`/words.toml. Raises PromptError if these are missing or no texts."""
    path = prompts / "words.toml"
    tables = load_table(path)
    if tables.keys() != {"rare", "common"}:
        raise PromptError(f"{path}: needs exactly the tables [rare] and [common]; restore the file of the release")
    for zh, en in (pair for table in tables.values() for pair in table.items()):
        if not isinstance(en, str) or not en or CHINESE.search(en) or not 2 <= len(zh) <= LONGEST_WORD:
            raise PromptError(f"{path}: {zh!r}: give its English as a text, of at most {LONGEST_WORD} characters")
    return Hints(glossary, tables["rare"], tables["common"])
