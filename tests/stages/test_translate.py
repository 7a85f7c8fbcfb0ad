import pytest

from pipeline.language.hints import load_hints
from pipeline.llm.engine import Completion, Slots
from pipeline.llm.prompt import load_task
from pipeline.records import Grounded, Text
from pipeline.stages.translate import Topic, Translator, clauses, joined, load_plain, translate
from tests.scripted import ScriptedEngine
from tests.stages.volume import GLOSSARY, PROMPTS, grounder_of, one_paper

TASKS = {language: load_task(PROMPTS, f"translate/{language}") for language in ("zh", "en")}
HINTS = load_hints(PROMPTS, GLOSSARY)
FACT = "全市工业余热去年只利用了18%，大量热能直接排空。"


def translated(*replies: str, text: str = FACT, confidence: float = 1.0, topic: Topic | None = None):
    """The English of the sample's first fact when the model gives these replies in turn."""
    source, paper = one_paper()
    grounder = grounder_of(source, paper)
    answers = iter(replies)

    class Engine(ScriptedEngine):
        def complete(self, requests, progress=None):
            plain = super().complete(requests, progress)
            return [Completion(c.text, c.finish_reason, 1, 1, confidence) for c in plain]

    engine = Engine(lambda request: next(answers))
    sentence = Grounded(1, text, grounder.evidence([paper.lines[3].span]))
    translator = Translator(engine, TASKS, load_plain(PROMPTS), grounder, HINTS, True, 0.4)
    (result,) = translate([sentence], [topic or Topic()], {1: paper}, translator, lambda done, total: None)
    return result, engine


def test_the_model_writes_with_slots_and_code_fills_them():
    result, engine = translated(
        "Last year only ① of the city's industrial waste heat was used and the rest went up the chimney."
    )
    assert (
        result.text
        == "Last year only 18% of the city's industrial waste heat was used and the rest went up the chimney."
    )
    assert "18" not in engine.asked[0].body
    assert engine.asked[0].constraint == Slots(("①",), "en")
    assert not result.rejections


MEASURE = "各个园区应当先修管网再装设备，先修管网的企业应当得到奖励。"
INVENTED = "The parks of Siemens should repair pipes first and reward the firms that do so."


def test_a_failed_translation_is_tried_again_by_clauses():
    result, engine = translated(
        INVENTED,
        "All parks should repair pipes before they fit equipment",
        "firms that repair pipes first should be rewarded",
        text=MEASURE,
    )
    assert result.text == (
        "All parks should repair pipes before they fit equipment; firms that repair pipes first should be rewarded."
    )
    assert len(engine.asked) == 3
    assert [(r.reason, r.replacement) for r in result.rejections] == [("name Siemens not in evidence", "second try")]


def test_clauses_that_do_not_hold_are_left_out_and_marked():
    result, _ = translated(
        INVENTED,
        "All parks should repair pipes before they fit equipment",
        "Siemens should be rewarded for its pipes",
        text=MEASURE,
    )
    assert result.text == "All parks should repair pipes before they fit equipment; […]."
    assert [(r.claim, r.replacement) for r in result.rejections] == [
        (INVENTED, "second try"),
        ("Siemens should be rewarded for its pipes", "omission mark"),
    ]
    assert not result.plain


def test_figures_are_never_translated_without_their_sentence():
    result, engine = translated("Last year little of the city's industrial waste heat was used, and the rest was lost.")
    assert len(engine.asked) == 1
    assert [(r.reason, r.replacement) for r in result.rejections] == [("18% lost", "plain statement")]


@pytest.mark.parametrize(
    "reply, reason",
    [
        ("Last year ① of waste heat was used by the works of Siemens in the city, and no more.", "name Siemens"),
        ("Only ①", "too short"),
        ("Last year only ① of the 余热 of the city was used, and the rest went up the chimney.", "Chinese characters"),
    ],
)
def test_what_fails_becomes_a_plain_statement_of_verified_parts(reply, reason):
    result, _ = translated(reply)
    assert result.text == "Industrial, waste heat, last year, 18%; direct (outline)"
    assert reason in result.rejections[0].reason
    assert [r.replacement for r in result.rejections] == ["plain statement"]
    assert result.plain


def test_an_unsure_translation_is_not_printed():
    reply = "Last year only ① of the city's industrial waste heat was used and the rest went up the chimney."
    result, _ = translated(reply, confidence=0.2)
    assert [(r.reason, r.replacement) for r in result.rejections] == [("the model is unsure (0.20)", "plain statement")]
    assert result.plain


def test_a_sentence_of_one_clause_is_not_asked_again():
    _, engine = translated("Words", text="支持中小企业用上工业互联网")
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    "text, language, parts",
    [
        ("用两年时间普查全部园区管网，形成一张底图，供企业查询使用。", "zh",
         ["用两年时间普查全部园区管网，形成一张底图", "供企业查询使用"]),
        ("先修。", "zh", ["先修"]),
        ("The bureau should survey all pipes, and firms should repair them first.", "en",
         ["The bureau should survey all pipes", "and firms should repair them first"]),
    ],
)  # fmt: skip
def test_clauses_are_cut_at_commas_and_short_ones_stay_with_their_neighbour(text, language, parts):
    assert clauses(text, language) == parts


def test_a_plain_statement_names_what_is_called_for_and_its_terms():
    result, _ = translated(
        "Words", text="支持中小企业用上工业互联网", topic=Topic(Text("中小企业", "Small firms"), advises=True)
    )
    assert result.text == ("Support: small and medium-sized enterprises, industrial internet (outline)")


def test_what_is_not_to_be_done_is_not_outlined_as_an_action():
    result, _ = translated("Words", text="不支持工业互联网", topic=Topic(Text("数据", "Data"), advises=True))
    assert result.text.startswith("Data")


@pytest.mark.parametrize(
    "parts, language, text",
    [
        (["First this,", None, None, "then that."], "en", "First this; […]; then that."),
        (["先做这个，", None], "zh", "先做这个，［……］。"),
    ],
)
def test_omissions_side_by_side_are_marked_once(parts, language, text):
    assert joined(parts, language) == text
