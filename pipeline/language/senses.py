"""Which way a statement points: direction, plan or fact, duty, who does and who says it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.language.lexicon import (
    ACTORS,
    ADVICE,
    ADVISABLE,
    AXES,
    FACT,
    FAMILIES,
    FUTURE_VERB,
    LEFT_FREE,
    MAY,
    MUST,
    NAMELESS,
    OBLIGED,
    ONLY,
    PASSIVE,
    PAST,
    PLAN,
    PROSPECT,
    SAYING,
    SHOULD,
    THAN,
    WEAK_PLAN,
)
from pipeline.language.likeness import contained, features
from pipeline.language.wording import Wording, alike, basis, holds, stem

RESTS = 0.4  # of a clause's content stands in the clause of the evidence that it rests on
NEXT_TO = 6  # characters within which one stands behind a denial
PLAIN = 3  # parts of a sentence whose order a translation keeps
STOP = re.compile(r"[。；！？;!?]|\.(?=\s|$)")  # none stands in a byline
SAME_THINGS = 0.9  # of what either of two clauses speaks of stands in the other
SPOKEN = 0.5  # of a speaker's name stands in the name of one who speaks in the evidence


def direction(said: Wording, held: Wording) -> Iterator[str]:
    """A reason for each axis on which the statement names one pole and its evidence the other alone."""
    turned = {axis for one, other in pairs(said, held) for axis in turned_axes(one, other)}
    yield from (f"{axis} turned round" for axis in AXES if axis in turned)


def turned_axes(said: Wording, held: Wording) -> Iterator[str]:
    for axis, poles in AXES.items():
        up, down = (pole[said.language].search(said.text) for pole in poles)
        if bool(up) == bool(down):
            continue
        there, opposite = poles if up else poles[::-1]
        other = opposite[held.language].search(held.text)
        if other and not held.has(there) and not converse(said, up or down, held, other):
            yield axis


def converse(said: Wording, one: re.Match, held: Wording, other: re.Match) -> bool:
    """Whether two comparisons of a language name their sides in reverse order: A is above B, B is below A."""
    if said.language != held.language:
        return False
    sides = []
    for wording, match in ((said, one), (held, other)):
        cut = THAN.search(wording.text, match.end()) or match
        pieces = wording.text[: cut.start()], wording.text[cut.end() :]
        sides.append([Wording(piece, wording.language).content for piece in pieces])
    (before, behind), (left, right) = sides
    return bool(before & right - left) and bool(behind & left - right)


def pairs(said: Wording, held: Wording) -> Iterator[tuple[Wording, Wording]]:
    """Pieces of the statement with the pieces of the evidence that they rest on.

    Across languages the whole rests on the whole, and a part on the one that names the same of a family.
    """
    if said.language == held.language:
        yield from ((clause, rests_on(clause, held)) for clause in said.clauses)
        return
    if ground := basis(said, held):
        yield said, ground
    for member in (words for family in (*FAMILIES, ACTORS) for words in family.values()):
        mine, theirs = ([part for part in wording.parts if part.has(member)] for wording in (said, held))
        if len(mine) == len(theirs) == 1 < len(held.parts):
            yield mine[0], theirs[0]


def rests_on(clause: Wording, held: Wording) -> Wording:
    """The clauses of the evidence that share most with a clause; all of it if none shares enough."""
    shares = [contained(clause.content, other.content) for other in held.clauses]
    most = max(shares, default=0.0)
    if most < RESTS:
        return held
    best = [other.text for other, share in zip(held.clauses, shares, strict=True) if share > 0.75 * most]
    return Wording("\n".join(best), held.language)


def plan(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if a plan is told as fact, or a fact as plan."""
    ground = basis(said, held)
    if ground and ground.has(PLAN) and not said.has(PLAN):
        if said.has(FACT) and not ground.has(FACT) or came_true(said, ground):
            yield "plan told as fact"
    if said.has(PROSPECT) and not held.has(PLAN) and not held.has(WEAK_PLAN):
        yield "plan not in evidence"


def came_true(said: Wording, held: Wording) -> bool:
    """Whether a verb that is to come in an English evidence is past in the statement: to raise, raised."""
    if not said.language == held.language == "en":
        return False
    coming = {stem(match["verb"]) for match in FUTURE_VERB.finditer(held.text)}
    return any(stem(match.group()) in coming for match in PAST.finditer(said.text))


def duty(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if the statement obliges where the evidence leaves free, or leaves free where it obliges."""
    ground = basis(said, held) or held
    free, obliged, advisable = ground.has(MAY), held.has(MUST) or held.has(OBLIGED), ground.has(ADVISABLE)
    must, should = said.has(MUST), said.has(SHOULD)
    if not obliged and (must and (free or advisable) or should and free and not advisable and not ground.has(ADVICE)):
        yield "duty stronger than in evidence"
    if said.has(LEFT_FREE) and not (must or should or said.denials or said.has(ONLY) or free):
        if ground.has(MUST) or ground.has(SHOULD):
            yield "duty weaker than in evidence"


def roles(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if two that act, or two things said of them, have changed places."""
    if said.language == held.language:
        exchanged = crossed(said, held) or reversed_sides(said, held)
    else:
        first, second = first_actors(said), first_actors(held)
        exchanged = len({*second}) == 2 == len(second) and first == second[::-1] or ruled_out_other(said, held)
    if exchanged:
        yield "roles exchanged"


def crossed(said: Wording, held: Wording) -> bool:
    """Whether two parts of the statement each mix what two parts of the evidence keep apart."""
    mine, theirs = ([spoken(part) for part in wording.parts] for wording in (said, held))
    return any(
        mixes(first, second, one, two)
        for one, two in zip(theirs, theirs[1:], strict=False)
        for first, second in zip(mine, mine[1:], strict=False)
    )


def mixes(first: frozenset, second: frozenset, one: frozenset, two: frozenset) -> bool:
    of_one, of_two = one - two, two - one
    mixed = first & of_one and first & of_two and second & of_one and second & of_two
    if not mixed or first & second & (of_one | of_two):
        return False
    return holds(first | second, of_one | of_two, 0.5) and holds(one | two, first | second, 0.5)


def spoken(part: Wording) -> frozenset[str]:
    """All that a part says, its denials too where they are characters."""
    return features(part.text) if part.language == "zh" else part.content


def reversed_sides(said: Wording, held: Wording) -> bool:
    """Whether two things have changed sides of a third within a clause: A pays B, B pays A."""
    return any(
        alike(units(one), units(two), SAME_THINGS) and voice(one) == voice(two) and turned_about(one.row, two.row)
        for one in said.clauses
        for two in held.clauses
    )


def units(clause: Wording) -> frozenset[str]:
    """The characters or stems of what a clause speaks of, in whatever order."""
    return frozenset("".join(clause.content)) if clause.language == "zh" else clause.content


def voice(clause: Wording) -> list[bool]:
    """What decides on which side of its verb a subject stands: the passive, and more or less."""
    return [clause.has(words) for words in (PASSIVE, *AXES["comparison"], *AXES["bound"])]


def turned_about(one: list[str], other: list[str]) -> bool:
    for at, unit in enumerate(one):
        if unit in other:
            place = other.index(unit)
            if set(one[:at]) & set(other[place + 1 :]) and set(one[at + 1 :]) & set(other[:place]):
                return True
    return False


def first_actors(wording: Wording) -> list[str]:
    """The first that acts in each part of a plain sentence; none of a longer one, where order says little."""
    return [found[0] for part in wording.parts if (found := actors(part))] if len(wording.parts) <= PLAIN else []


def actors(wording: Wording) -> list[str]:
    """The kinds of those who act, in order."""
    found = [(m.start(), kind) for kind, words in ACTORS.items() if (m := words[wording.language].search(wording.text))]
    return [kind for _, kind in sorted(found)]


def ruled_out_other(said: Wording, held: Wording) -> bool:
    """Whether the one whom the evidence rules out, not A but B, is in the statement not the one ruled out."""
    mine, theirs = ruled_out(said), ruled_out(held)
    return bool(mine and theirs) and mine != theirs and theirs in actors(said)


def ruled_out(wording: Wording) -> str:
    """Who stands right behind the only denial, "" if there is none or no one."""
    if len(wording.denials) != 1:
        return ""
    behind = wording.text[wording.denials[0].end() :]
    found = {m.start(): kind for kind, words in ACTORS.items() if (m := words[wording.language].search(behind))}
    return found[min(found)] if found and min(found) < NEXT_TO else ""


def speaker(said: Wording, held: Wording) -> Iterator[str]:
    """A reason if the statement lets someone say it who does not say it in the evidence."""
    names = speakers(held)
    named = [Wording(name, held.language) for name in names]
    heard = named or [held]
    heard = heard + [Wording(line, held.language) for line in held.text.split("\n") if not STOP.search(line)]
    author = any(NAMELESS[held.language].search(name) for name in names)
    for name in speakers(said):
        who = Wording(name, said.language)
        if who.has(NAMELESS) or not who.content or author and not actors(who):  # it may be the author's own name
            continue
        if said.language == held.language:
            known = any(holds(other.content, who.content, SPOKEN) for other in heard)
        else:
            kinds = {*actors(who)} - {"city", "district"}  # which of them says little
            anyone = any(not actors(other) for other in named)  # a speaker of no known kind, as 校长们
            known = not kinds or anyone or any(kinds & {*actors(other)} for other in heard)
        if not known:
            yield f"speaker {name} not in evidence"


def speakers(wording: Wording) -> list[str]:
    return [match["by"] or match["who"] for match in SAYING[wording.language].finditer(wording.text)]
