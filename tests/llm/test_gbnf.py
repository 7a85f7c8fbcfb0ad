import pytest
from llguidance import LLMatcher, LLTokenizer
from llguidance.gbnf_to_lark import gbnf_to_lark

from pipeline.llm.gbnf import slot_gbnf

BYTES = LLTokenizer("byte")


def accepts(grammar: str, reply: str) -> bool:
    matcher = LLMatcher(BYTES, LLMatcher.grammar_from_lark(gbnf_to_lark(grammar)), log_level=0)
    assert not matcher.is_error(), matcher.get_error()
    data = list(reply.encode())
    return matcher.try_consume_tokens(data) == len(data) and matcher.is_accepting()


@pytest.mark.parametrize(
    "reply, english, chinese",
    [
        ("Invest ① yuan in ② ports.\n", True, True),
        ("Each port of the city – “new” ones too", True, True),
        ("Invest ③ yuan", False, False),  # no slot
        ("Invest α yuan", False, False),
        ("Invest 3 yuan", False, False),
        ("Invest ３ yuan", False, False),
        ("Invest m² of land", False, False),
        ("two\nlines", False, False),
        ("", False, False),
        ("投资①元，建②个港口。", False, True),
    ],
)
def test_slots(reply, english, chinese):
    slots = ("①", "②")
    assert accepts(slot_gbnf(slots, chinese=False), reply) == english
    assert accepts(slot_gbnf(slots, chinese=True), reply) == chinese


def test_without_slots_none_may_occur():
    assert accepts(slot_gbnf((), chinese=True), "投资建港口")
    assert not accepts(slot_gbnf((), chinese=True), "投资①元")
