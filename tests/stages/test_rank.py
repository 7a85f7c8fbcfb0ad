import re
from dataclasses import replace

import pytest

from pipeline.config import BriefConfig
from pipeline.output.labels import load_labels
from pipeline.stages.merge import shared_recommendations
from pipeline.stages.rank import A_PAPER, COUNTED_MEASURES, PRIORITIES, priorities, rating, ratings
from tests.stages.recommendations import paper_brief, recommendation

POINTS = BriefConfig().points()


def ranked(*papers, points=POINTS):
    shared = shared_recommendations(papers)
    return [r.id for r in priorities(papers, shared, ratings(papers, shared, points))]


@pytest.mark.parametrize(
    "title, measures, papers, expected",
    [
        ("推广屋顶光伏发电", (), 1, 0),
        ("推广屋顶光伏发电", ("先建三处", "再推广", "后评估", "常维护"), 1, 3),  # three measures count
        ("推广屋顶光伏发电", (), 3, 8),
        ("由市能源局牵头推广屋顶光伏发电", (), 1, 2),
        ("2027年底前推广屋顶光伏发电", (), 1, 2),
        ("推广屋顶光伏发电", ("每千瓦补贴300元",), 1, 3),
        ("由市能源局牵头，三年内推广屋顶光伏发电", ("装机达到20兆瓦", "每户补贴1万元"), 2, 12),
    ],
)
def test_points_are_for_support_measures_owner_time_and_figures(title, measures, papers, expected):
    assert rating(recommendation("1.1", title, measures=measures), "zh", papers, POINTS).points == expected


@pytest.mark.parametrize(
    "text, owner, time",
    [
        ("市经信局可在城东建一座示范热站", True, False),
        ("建议由两家水厂共同出资修建", True, False),
        ("政府可设立专项资金", False, False),  # which of them is not said
        ("先用两年时间普查管网", False, True),
        ("每年培训500名数据员", False, True),
        ("每年带来两万元收益", False, False),  # no time of an action
        ("预计到2027年建成30家", False, False),
        ("给予每人每年15万元补贴", False, False),
    ],
)
def test_who_leads_and_by_when_is_read_off_the_quotes(text, owner, time):
    found = rating(recommendation("1.1", text), "zh", 1, POINTS)
    assert (found.owner, found.time) == (owner, time)


def test_an_english_paper_says_who_and_when_in_english():
    paper = paper_brief(1, recommendation("1.1", "The port authority should open the quay by the end of 2027."))
    english = replace(paper, paper=replace(paper.paper, language="en"))
    (found,) = ratings([english], (), POINTS)
    assert (found.owner, found.time) == (True, True)


def test_the_office_sets_the_weights():
    papers = [
        paper_brief(1, recommendation("1.1", "由市能源局牵头推广屋顶光伏发电")),
        paper_brief(2, recommendation("2.1", "2027年底前修通城东道路")),
    ]
    assert ranked(*papers) == ["1.1", "2.1"]
    assert ranked(*papers, points={**POINTS, "time": 3}) == ["2.1", "1.1"]


def test_a_group_stands_once_and_a_paper_alone_twice():
    papers = [
        paper_brief(
            1,
            recommendation("1.1", "建设工业余热回收示范站"),
            recommendation("1.2", "开设焊接技能培训班"),
            recommendation("1.3", "推广屋顶光伏发电"),
            recommendation("1.4", "修订码头装卸规程"),
        ),
        paper_brief(2, recommendation("2.1", "城东建设余热回收示范站")),
    ]
    assert ranked(*papers) == ["1.1", "1.2", "1.3"]


def test_a_title_that_could_be_translated_leads():
    outlined = paper_brief(1, recommendation("1.1", "推广屋顶光伏发电", plain="en", measures=("先建三处",)))
    assert ranked(outlined, paper_brief(2, recommendation("2.1", "开设焊接技能培训班"))) == ["2.1", "1.1"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_rule_has_the_numbers_of_the_code(language):
    rule = load_labels(language).get("priorities.rule")
    assert {int(n) for n in re.findall(r"\d+", rule)} == {PRIORITIES, A_PAPER, COUNTED_MEASURES}
    assert {*re.findall(r"{(\w+)}", rule)} == {*POINTS, "points"}
