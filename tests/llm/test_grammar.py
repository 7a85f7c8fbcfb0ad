import json

import pytest
from llguidance import LLMatcher, LLTokenizer

from pipeline.errors import ModelError
from pipeline.llm.engine import Quotes, Request, Slots
from pipeline.llm.grammar import reply_grammar, slot_grammar

BYTES = LLTokenizer("byte")  # each byte is a token: grammars are tested without any model
LINES = ("港口每年扩建两个码头。", 'The "green" port opens in May.', "C:\\港")


def accepts(grammar: str, reply: str) -> bool:
    """Whether a reply may be exactly this."""
    matcher = LLMatcher(BYTES, LLMatcher.grammar_from_lark(grammar), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    data = list(reply.encode())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


@pytest.mark.parametrize(
    "reply, english, chinese",
    [
        ("Invest ① yuan in ② ports.", True, True),
        ("Invest ② yuan in ① ports.\n", True, True),
        ("Each port of the city – “new” ones too", True, True),
        ("Invest ① yuan in ① ports", False, False),  # once at most
        ("Invest ③ yuan", False, False),  # no slot
        ("Invest α yuan", False, False),
        ("Invest 3 yuan", False, False),
        ("Invest ３ yuan", False, False),
        ("Invest m² of land", False, False),
        ("two\nlines", False, False),
        ("", False, False),
        ("投资①元，建②个港口。", False, True),
        ("full-width，comma", False, True),
    ],
)
def test_slots(reply, english, chinese):
    slots = ("①", "②")
    assert (accepts(slot_grammar(slots, chinese=False), reply), accepts(slot_grammar(slots, chinese=True), reply)) == (
        english,
        chinese,
    )


def test_sixteen_slots_are_not_too_many():
    slots = tuple("①②③④⑤⑥⑦⑧❶❷❸❹αβγδ")
    assert accepts(slot_grammar(slots, chinese=False), " and ".join(reversed(slots)))
    assert not accepts(slot_grammar(slots, chinese=False), " and ".join(slots) + " β")


SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 20},
        "measures": {
            "type": "array", "minItems": 1, "maxItems": 2,
            "items": {"type": "string", "quote": True, "minLength": 4, "maxLength": 12},
        },
    },
    "required": ["title", "measures"],
}  # fmt: skip


def quoting(texts) -> str:
    return reply_grammar(Request("", "", 10, constraint=Quotes(json.dumps(SCHEMA), tuple(texts))))


@pytest.mark.parametrize(
    "title, measures, allowed",
    [
        ("扩建港口", ["每年扩建两个码头"], True),
        ("扩建港口", ["港口每年", "两个码头。"], True),
        ('a "title"', [" port opens"], True),
        ("扩建港口", [], False),
        ("扩建港口", ["港口每年", "两个码头", "每年扩建"], False),
        ("扩建港口", ["每年扩建三个码头"], False),
        ("扩建港口", ["每年"], False),
        ("扩建港口", ["码头。The"], False),  # over two texts
        ("扩建港口", [" port opens in May."], False),  # too long
        ("扩建港口", [""], False),
        ("扩建港口", ['"green"'], False),  # would need escapes
    ],
)
def test_json_with_quotes(title, measures, allowed):
    reply = json.dumps({"title": title, "measures": measures}, ensure_ascii=False)
    assert accepts(quoting(LINES), reply) is allowed


def test_a_quote_does_not_cross_lines():
    grammar = quoting(["第一行在这里\n第二行在那里"])
    assert accepts(grammar, '{"title": "行", "measures": ["第二行在"]}')
    assert not accepts(grammar, '{"title": "行", "measures": ["这里第二"]}')


def test_json_is_written_as_json_dumps_writes():
    assert not accepts(quoting(LINES), '{"title":"港","measures":["港口每年"]}')


def test_shorter_texts_are_quoted_whole():
    assert accepts(quoting(["短句", "句"]), '{"title": "短", "measures": ["短句"]}')
    assert not accepts(quoting(["短句", "句"]), '{"title": "短", "measures": ["句"]}')


def test_nothing_to_quote():
    with pytest.raises(ModelError, match="no text to quote from"):
        quoting(["", '"'])


NULLABLE = {
    "type": "object",
    "properties": {"measure": {"type": ["string", "null"], "quote": True, "minLength": 4, "maxLength": 12}},
}


@pytest.mark.parametrize(
    "reply, with_text, without",
    [
        ('{"measure": "每年扩建两个码头"}', True, False),
        ('{"measure": null}', True, True),  # or the model would have to invent one
        ('{"measure": ""}', False, False),
        ('{"measure": "每年扩建三个码头"}', False, False),
    ],
)
def test_a_quote_may_be_none_where_the_schema_says_so(reply, with_text, without):
    grammar = lambda texts: reply_grammar(Request("", "", 10, constraint=Quotes(json.dumps(NULLABLE), texts)))
    assert (accepts(grammar(LINES), reply), accepts(grammar(()), reply)) == (with_text, without)


def test_a_whole_branch_may_be_none():
    schema = {**NULLABLE, "type": ["object", "null"]}
    grammar = reply_grammar(Request("", "", 10, constraint=Quotes(json.dumps(schema), LINES)))
    assert accepts(grammar, "null") and accepts(grammar, '{"measure": null}') and not accepts(grammar, "{}")


def test_array_that_may_be_empty_or_long():
    schema = {"type": "array", "items": {"type": "string", "quote": True}}
    grammar = reply_grammar(Request("", "", 10, constraint=Quotes(json.dumps(schema), ("码头",))))
    assert accepts(grammar, "[]")
    assert accepts(grammar, '["码", "头", "码头"]')
    assert not accepts(grammar, '["码头", ]')


def test_which_grammar_a_request_has():
    assert reply_grammar(Request("", "", 10)) is None
    choice = reply_grammar(Request("", "", 10, constraint=Quotes('{"enum": ["yes", "no"]}')))
    assert accepts(choice, '"yes"') and not accepts(choice, '"perhaps"')
    slots = reply_grammar(Request("", "", 10, constraint=Slots(("①",), "zh")))
    assert accepts(slots, "第①个")


@pytest.mark.parametrize("schema, reason", [("{", "is not JSON"), ("[1]", "no JSON object")])
def test_schema_that_cannot_be_used(schema, reason):
    with pytest.raises(ModelError, match=reason):
        reply_grammar(Request("", "", 10, constraint=Quotes(schema)))
