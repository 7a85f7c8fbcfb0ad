from dataclasses import replace

from pipeline.records import Evidence, PaperBrief, Recommendation, Span, Statement, Summary, Text
from pipeline.stages.synthesize import priorities, shared_recommendations, themes
from tests.stages.volume import one_paper

NAMES = {"green": Text("绿色低碳", "Green"), "talent": Text("人才培养", "Talent")}
EVIDENCE = (Evidence(Span(0, 4), "让余热变"),)


def recommendation(
    id_: str, zh: str, theme: str = "green", measures: tuple[str, ...] = (), plain: str | None = None
) -> Recommendation:
    word = lambda text: Statement(Text(text, "English"), EVIDENCE, plain)  # noqa: E731
    return Recommendation(id_, word(zh), "government", theme, tuple(word(m) for m in measures))


def paper_brief(number: int, *recommendations: Recommendation) -> PaperBrief:
    paper = replace(one_paper()[1], number=number)
    return PaperBrief(paper, Text("题", "T"), Text("甲", "A"), Text(), Text(), Summary(), (), recommendations)


PAPERS = [
    paper_brief(
        1, recommendation("1.1", "建设工业余热回收示范站"), recommendation("1.2", "开设焊接技能培训班", "talent")
    ),
    paper_brief(2, recommendation("2.1", "城东建设余热回收示范站", measures=("三年内建设一座示范站",))),
    paper_brief(3, recommendation("3.1", "推广屋顶光伏发电")),
]


def test_recommendations_of_different_papers_that_mean_the_same_are_one_group():
    (group,) = shared_recommendations(PAPERS)
    assert sorted(r.id for r in group.members) == ["1.1", "2.1"]


def test_themes_come_by_number_of_papers():
    assert [(t.key, t.papers) for t in themes(PAPERS, NAMES)] == [("green", (1, 2, 3)), ("talent", (1,))]


def test_support_leads_the_priorities_and_a_group_stands_once():
    chosen = [r.id for r in priorities(PAPERS, shared_recommendations(PAPERS))]
    assert chosen == ["2.1", "1.2", "3.1"]


def test_a_title_that_could_be_translated_leads():
    untranslated = paper_brief(1, recommendation("1.1", "建设工业余热回收示范站，三年建成3座", plain="en"))
    translated = paper_brief(2, recommendation("2.1", "城东建设工业余热回收示范站"))
    (group,) = shared_recommendations([untranslated, translated])
    assert [r.id for r in group.members] == ["2.1", "1.1"]
    other = paper_brief(3, recommendation("3.1", "推广屋顶光伏发电", plain="en"))
    assert [r.id for r in priorities([other, translated], ())] == ["2.1", "3.1"]
