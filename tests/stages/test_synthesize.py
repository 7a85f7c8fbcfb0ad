from pathlib import Path

from pipeline.config import BriefConfig
from pipeline.records import Source, Text
from pipeline.source.segment import Volume
from pipeline.stages.synthesize import synthesize, themes
from tests.stages.recommendations import paper_brief, recommendation
from tests.stages.volume import GLOSSARY

NAMES = {"green": Text("绿色低碳", "Green"), "talent": Text("人才培养", "Talent")}
PAPERS = [
    paper_brief(
        1, recommendation("1.1", "建设工业余热回收示范站"), recommendation("1.2", "开设焊接技能培训班", "talent")
    ),
    paper_brief(2, recommendation("2.1", "城东建设余热回收示范站", measures=("三年内建设一座示范站",))),
    paper_brief(3, recommendation("3.1", "推广屋顶光伏发电")),
]


def test_themes_come_by_number_of_papers():
    assert [(t.key, t.papers) for t in themes(PAPERS, NAMES)] == [("green", (1, 2, 3)), ("talent", (1,))]


def test_a_brief_of_all_papers():
    source = Source(Path("volume.md"), "全文", "0" * 64)
    volume = Volume("临江市顾问会议报告汇编", "临江市", (), ())
    brief = synthesize(source, volume, PAPERS, NAMES, GLOSSARY, BriefConfig().points())
    assert [[m.id for m in group.members] for group in brief.shared] == [["1.1", "2.1"]]
    assert [r.id for r in brief.priorities] == ["1.1", "1.2", "3.1"]
    assert [(r.id, r.papers, r.points) for r in brief.ratings] == [
        ("1.1", 2, 4), ("1.2", 1, 0), ("2.1", 2, 7), ("3.1", 1, 0)
    ]  # fmt: skip
    assert brief.differences == ()
