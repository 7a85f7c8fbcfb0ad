"""What one text denies and the other asserts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pipeline.language.lexicon import EXCEPTIONS, EXCLUSIVE, EXEMPTS, INCLUDES, LACK, ONLY
from pipeline.language.wording import Wording, alike, basis, holds

LOST, ADDED = "negation of evidence lost", "negation not in evidence"
SAID = 0.6  # of what a clause denies stands in a clause that says it
ALIKE = 0.75  # of either of two clauses that say the same but for a denial stands in the other
# Words of a whole English translation for one Chinese character: one in twenty has fewer, or more.
WHOLE = (0.52, 0.94)
USUAL = (0.7, 0.75)  # asked of more than one sentence, of which one may be left out


def denial(said: Wording, held: Wording) -> Iterator[str]:
    """Reasons why the statement denies what the evidence does not, or the other way round."""
    if said.language == held.language:
        lost = turned(held, said) or struck(held, said) or len(held.clauses) == 1 and alone_denies(held, said)
        added = turned(said, held) or struck(said, held) or alone_denies(said, held)
    else:
        if said.has(LACK) and held.has(LACK):  # "they lack not kilns but gas" denies once
            said, held = (Wording(LACK[t.language].sub(" ", t.text), t.language) for t in (said, held))
        ground = basis(said, held) or held
        lost = denies_more(ground, said) and covers(said, ground, held)
        added = denies_more(said, held)
    yield from [LOST] * lost + [ADDED] * added


def turned(denying: Wording, asserting: Wording) -> bool:
    """Whether what a clause of one text denies, a clause of the other says without a denial."""
    return any(
        one.denies
        and any(opposed(one, other) for other in unlike(asserting, denying))
        and not any(says(third, one.denied) for third in denying.clauses if not third.marks)
        and not any(same_denied(one, third) for third in asserting.clauses)
        for one in unlike(denying, asserting)
    )


def unlike(one: Wording, other: Wording) -> list[Wording]:
    """The clauses of a text that do not stand in the other as they are."""
    whole = {clause.text.strip() for clause in other.clauses}
    return [clause for clause in one.clauses if clause.text.strip() not in whole]


def opposed(denying: Wording, asserting: Wording) -> bool:
    """Whether a clause says what another denies, with no word that might deny it too."""
    words = lambda marks: Counter(mark.group().lower() for mark in marks)
    if asserting.denies or words(asserting.hints) - words(denying.hints):
        return False
    if denying.denied and not says(asserting, denying.denied):
        return False
    more = words(asserting.denials) - words(denying.denials)
    return alike(asserting.content, denying.content, ALIKE) or bool(denying.denied) and not more


def says(clause: Wording, denied: frozenset[str]) -> bool:
    return holds(clause.content, denied, SAID)


def same_denied(one: Wording, other: Wording) -> bool:
    """Whether two clauses deny the same thing, one of them perhaps at more length."""
    return other.denies and (holds(one.denied, other.denied, SAID) or holds(other.denied, one.denied, SAID))


def struck(denying: Wording, asserting: Wording) -> bool:
    """Whether the characters around a denial stand in the other text without it: 意愿不强, 意愿强; 填不完, 填得完."""
    asserted = [clause.text for clause in asserting.clauses if not clause.denies]
    for one in unlike(denying, asserting):
        if one.language == "zh" and one.denies:
            before, behind = one.text[: one.denials[0].start()], one.text[one.denials[0].end() :]
            joints = (before[-2:] + behind[:1], before[-1:] + behind[:2], before[-1:] + "得" + behind[:1])
            elsewhere = any(behind[:1] in third.text for third in denying.clauses if third is not one)
            if not elsewhere and any(len(joint) == 3 and joint in text for joint in joints for text in asserted):
                return True
    return False


def alone_denies(denying: Wording, asserting: Wording) -> bool:
    """Whether one text denies, and the other has no word that might."""
    return any(clause.denies for clause in denying.clauses) and not any(clause.marks for clause in asserting.clauses)


def denies_more(denying: Wording, asserting: Wording) -> bool:
    """Whether more clauses of one text deny than the text in the other language has words that may."""
    # "Only A may" denies twice: those who are not A may not.
    marks = len(asserting.marks) + len(EXCLUSIVE[asserting.language].findall(asserting.text))
    return sum(clause.denies for clause in denying.clauses) > marks


def covers(said: Wording, ground: Wording, held: Wording) -> bool:
    """Whether a translation leaves out nothing of its ground, by its length where that has more than one clause.

    Of an evidence that has more sentences than the ground, a longer one rests on these too.
    """
    words, characters = (said, ground) if said.language == "en" else (ground, said)
    ratio = len(words.text.split()) / max(1, sum(map(str.isalnum, characters.text)))
    least, most = USUAL if len(ground.sentences) > 1 else WHOLE
    complete, longer = ratio >= least, ratio > most
    if said.language == "zh":
        complete, longer = ratio <= most, ratio < least
    return (complete or len(ground.clauses) == 1) and not (longer and ground is not held)


def exception(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if what the evidence leaves out of a rule is under the rule in the statement."""
    found = list(EXCEPTIONS[held.language].finditer(held.text))
    if not found:
        return
    if said.language == held.language:
        left = [Wording(next(filter(None, m.groups())), held.language).content for m in found]
        lost = not said.has(EXEMPTS) and any(holds(said.content, part, SAID) for part in left)
    else:
        # "Only A" says the same as "all but A may not", not as "all but A".
        rule = Wording(held.text[found[0].end() :], held.language)
        lost = not said.has(EXEMPTS) and covers(said, held, held) or said.has(ONLY) and not rule.denials
    if lost or said.has(INCLUDES) and not held.has(INCLUDES):
        yield "exception of evidence lost"
