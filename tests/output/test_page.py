"""The Word page of one paper."""

import io
from dataclasses import replace

import docx

from pipeline.output.page import paper_page
from pipeline.output.store import run_files


def texts(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs]


def test_a_paper_in_full(brief, record, letterhead):
    assert texts(paper_page("zh", brief.papers[0], brief, record, letterhead)) == [
        "让老厂房用上新数据——给临江市的三点看法",
        "远帆机械公司　甲一（总经理）",
        "摘要",
        "远帆机械公司认为，临江市中小机械厂联网设备不到三成[2]。两家试点工厂的废品率由4.1%降到2.6%[3]。",
        "关键事实",
        "临江市有中小机械厂1200家[1]",
        "建议",
        "1.1 建立设备数据共享平台[4]（数据要素；责任对象：政府）",
        "平台前两年向中小厂免费[4]",
        "统一公布接入标准[4]",
        "1.2 每年培训500名车间数据员[5]（人才培养；责任对象：多方共同）",
        "依据出处",
        "[1]\u00a0第9行“临江市有中小机械厂1200家”",
        "[2]\u00a0第9行“其中联网设备不到三成。”",
        "[3]\u00a0第10行“去年，两家试点工厂的废品率由4.1%降到2.6%。”",
        "[4]\u00a0第14行“由市里牵头建立设备数据共享平台。平台向中小厂免费开放前两年；接入标准由市经信部门统一公布。”",
        "[5]\u00a0第16行“每年培训500名车间数据员，费用由市和企业各担一半。”",
    ]


def test_pages_come_if_the_office_asks_for_them(brief, record, letterhead):
    pages = lambda letterhead: sorted(n for n, _ in run_files(brief, record, letterhead) if n.endswith(".docx"))  # noqa: E731
    assert pages(letterhead) == ["brief.en.docx", "brief.zh.docx"]
    asked = pages(replace(letterhead, paper_pages=("en",)))
    assert asked[2:] == [
        f"papers/{name}.en.docx" for name in ("01-远帆机械公司", "02-北岸物流集团", "03-海港能源研究所")
    ]


def test_the_same_paper_gives_the_same_bytes(brief, record, letterhead):
    paper = brief.papers[1]
    assert paper_page("en", paper, brief, record, letterhead) == paper_page("en", paper, brief, record, letterhead)
