"""Grammars of replies, as Lark text with llguidance's additions: `%json`, `%regex` and `&` (and)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from pipeline.errors import ModelError
from pipeline.llm.engine import Quotes, Request, Slots

# As json.dumps writes by default, so that examples in prompts show what the grammar allows.
JSON_STYLE = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}

# Regular-expression classes of one character. Numbers include ringed and raised ones; they and the Greek
# small letters may serve as slots, so none may occur that is not one.
CHINESE = r"[^\p{Cc}\x{2028}\x{2029}\x{FFFD}\p{Nd}\p{No}α-ω]"
ENGLISH = r"[\x{20}-\x{2F}:-~À-ɏ–—‘’“”…·•€£¥°]"

JSON_ESCAPED = re.compile(r'[\x00-\x1f"\\]')  # a quote between them is the same text in JSON as in the source


def reply_grammar(request: Request) -> str | None:
    """The grammar of a request's reply; None if the reply may be anything.

    Raises ModelError if a schema cannot be used.
    """
    match request.constraint:
        case Quotes(schema, texts):
            return json_grammar(parsed(schema), texts)
        case Slots(glyphs, language):
            return slot_grammar(glyphs, chinese=language == "zh")
    return None


def parsed(schema: str) -> Mapping:
    """A JSON schema. Raises ModelError if the text is no JSON object."""
    try:
        value = json.loads(schema)
    except json.JSONDecodeError as error:
        raise ModelError(f"the reply schema is not JSON ({error}): {schema[:200]}") from error
    if not isinstance(value, dict):
        raise ModelError(f"the reply schema is no JSON object: {schema[:200]}")
    return value


def slot_grammar(slots: Sequence[str], chinese: bool) -> str:
    """A reply of one line without numbers, in which glyphs stand for them.

    No digit of any script, no ringed number and no Greek small letter occurs,
    but each glyph of `slots` may, once at most. Unless `chinese`, letters are
    Latin and there is no full-width mark. A newline may end the line.
    """
    letter = (CHINESE if chinese else ENGLISH) + (f"|[{''.join(slots)}]" if slots else "")
    once = "".join(f" & /[^{slot}]*({slot}[^{slot}]*)?/" for slot in slots)
    return "\n".join(["start: LINE END?", f"LINE: LETTERS{once}", f"LETTERS: /({letter})+/", "END: /\\n/", ""])


def json_grammar(schema: Mapping, texts: Sequence[str] = ()) -> str:
    """JSON of `schema` in which strings marked `"quote": true` are contiguous pieces of one of `texts`.

    Every property is written, in the schema's order. Where no text is as long
    as a quote must be, the longest piece is quoted. `"type": ["string", "null"]`
    lets the model say that there is none. Raises ModelError if there is nothing
    to quote and no null allowed.
    """
    if not holds_quote(schema):
        return f"start: {plain_json(schema)}\n"
    rules = JsonRules(texts)
    start = rules.value(schema)
    return "\n".join([f"start: {start}", *rules.lines, ""])


def holds_quote(schema: Mapping) -> bool:
    """Whether a string anywhere in the schema is to be a quote."""
    below = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return schema.get("quote") is True or any(map(holds_quote, below))


def plain_json(schema: Mapping) -> str:
    return "%json " + json.dumps({**schema, "x-guidance": JSON_STYLE}, ensure_ascii=False)


class JsonRules:
    """The rules and terminals of a schema with quotes, named as they are met."""

    def __init__(self, texts: Sequence[str]):
        self.lines: list[str] = []
        self._names = 0
        self._pieces = pieces(texts, JSON_ESCAPED)

    def value(self, schema: Mapping) -> str:
        """The name of the rule of one value."""
        if not holds_quote(schema):
            return self._rule(plain_json(schema))
        if "null" not in schema.get("type", ""):
            return self._quoting(schema)
        return self._rule(f'{self._quoting(schema)} | "null"' if self._pieces else '"null"')

    def _quoting(self, schema: Mapping) -> str:
        if schema.get("quote") is True:
            return self._rule(f'"\\"" {self._quote(schema)} "\\""')
        if "properties" in schema:
            return self._object(schema["properties"])
        return self._array(self.value(schema["items"]), schema.get("minItems", 0), schema.get("maxItems"))

    def _object(self, properties: Mapping[str, Mapping]) -> str:
        members = [f"{literal(json.dumps(key, ensure_ascii=False) + ': ')} {self.value(value)}"
                   for key, value in properties.items()]  # fmt: skip
        return self._rule('"{" ' + ' ", " '.join(members) + ' "}"')

    def _array(self, item: str, least: int, most: int | None) -> str:
        more = f"{{{max(least - 1, 0)},{'' if most is None else most - 1}}}"
        items = f'{item} (", " {item}){more}'
        return self._rule(f'"[" {items if least else f"({items})?"} "]"')

    def _quote(self, schema: Mapping) -> str:
        if not self._pieces:
            raise ModelError("a reply is to quote, but there is no text to quote from")
        longest = max(map(len, self._pieces))
        least = min(schema.get("minLength", 1), longest)
        name = self._name("Q")
        self.lines += quote_terminals(name, self._pieces, least, schema.get("maxLength", longest))
        return name

    def _rule(self, body: str) -> str:
        name = self._name("v")
        self.lines.append(f"{name}: {body}")
        return name

    def _name(self, kind: str) -> str:
        self._names += 1
        return f"{kind}{self._names}"


def pieces(texts: Sequence[str], without: re.Pattern) -> list[str]:
    """The texts, cut where what a quote must not hold occurs."""
    return [piece for text in texts for piece in without.split(text) if piece]


def quote_terminals(name: str, pieces: Sequence[str], least: int, most: int) -> list[str]:
    """Terminal `name`: a contiguous piece of one of `pieces`.

    Raises ValueError if none is of `least` characters or more.
    """
    enough = [piece for piece in pieces if len(piece) >= least]
    if not enough or not 0 < least <= most:
        raise ValueError(f"no text holds a quote of {least} to {most} characters")
    parts = [f"{name}_{i}" for i in range(len(enough))]
    return [
        f"{name}: ({' | '.join(parts)}) & /(?s:.{{{least},{most}}})/",
        *(f"{part}: %regex {json.dumps({'substring_chars': piece}, ensure_ascii=False)}"
          for part, piece in zip(parts, enough, strict=True)),
    ]  # fmt: skip


def literal(text: str) -> str:
    """`text` as a quoted string of the grammar."""
    return json.dumps(text, ensure_ascii=False)
