import pytest

from pipeline.stages.merge import joined, shared_recommendations
from tests.stages.recommendations import paper_brief, recommendation


def groups(*papers: tuple[str, ...]) -> list[list[str]]:
    """The ids of the groups among the titles of papers."""
    briefs = [
        paper_brief(p, *(recommendation(f"{p}.{r}", title) for r, title in enumerate(titles, 1)))
        for p, titles in enumerate(papers, 1)
    ]
    return [sorted(r.id for r in group.members) for group in shared_recommendations(briefs)]


@pytest.mark.parametrize(
    "papers, expected",
    [
        ([("建设工业余热回收示范站", "开设焊接技能培训班"), ("城东建设余热回收示范站",)], [["1.1", "2.1"]]),
        # What a paper says twice counts once, and alone makes no group.
        ([("建设余热回收示范站", "再建设余热回收示范站"), ("推广屋顶光伏发电",)], []),
        # A common turn of phrase, or a common subject, is no common meaning.
        ([("推动大型检测仪器开放共享",), ("开放闲置算力建立共享渲染服务",)], []),
        ([("免费培训车间数据员",), ("公布车间用电数据",)], []),
    ],
)
def test_recommendations_of_several_papers_that_mean_the_same_are_one_group(papers, expected):
    assert groups(*papers) == expected


def test_most_supporters_come_first():
    found = groups(
        ("培养跨学科复合型人才", "建设余热回收示范站"), ("城东建设余热回收示范站",), ("建设园区余热回收示范站",),
        ("培养复合型人才",),
    )  # fmt: skip
    assert found == [["1.2", "2.1", "3.1"], ["1.1", "4.1"]]


def test_no_chain_of_likenesses_joins_what_is_not_alike():
    chain = {(0, 1): 0.5, (1, 2): 0.45, (2, 3): 0.4}
    assert sorted(joined(lambda i, j: chain.get((i, j), 0.0), 4)) == [(0, 1), (2, 3)]


def test_what_is_hardly_alike_counts_in_the_average_of_groups():
    hardly = {(0, 1): 0.9, (2, 3): 0.8, (0, 2): 0.5, (1, 3): 0.33, (0, 3): 0.3, (1, 2): 0.3}
    likeness = lambda low: lambda i, j: low if hardly[i, j] == 0.3 else hardly[i, j]  # noqa: E731
    assert joined(likeness(0.3), 4) == [(0, 1, 2, 3)]
    assert joined(likeness(0.2), 4) == [(0, 1), (2, 3)]


def test_a_title_that_is_whole_in_both_languages_leads():
    untranslated = paper_brief(1, recommendation("1.1", "建设工业余热回收示范站，三年建成3座", plain="en"))
    translated = paper_brief(2, recommendation("2.1", "城东建设工业余热回收示范站"))
    (group,) = shared_recommendations([untranslated, translated])
    assert [r.id for r in group.members] == ["2.1", "1.1"]
