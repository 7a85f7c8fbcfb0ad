import importlib.util
import itertools
import json
from pathlib import Path

import pytest

from pipeline.language.checks import unsupported
from pipeline.language.glossary import load_glossary

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
GLOSSARY = load_glossary(ROOT / "prompts" / "glossary.toml")

SUPPORTED = [  # statement, evidence
    ("RMB 200 billion by the end of 2026", "2026年底前投资2000亿元"),
    ("投资2000亿元", "It will invest RMB 200 billion"),
    ("30% of firms", "三成企业"),
    ("Thirty firms in Chongqing", "重庆的30家企业"),
    ("The plan of Du Zhuolun", "杜卓伦的计划"),
    ("Talks with German and Siemens engineers", "与德国、西门子工程师座谈"),
    ("The Ministry of Commerce might permit it", "商务部可以许可"),
    ("Firms without a licence may not sell", "没有许可证的企业不得销售"),
    ("不断完善数据共享机制", "完善数据共享机制"),
    ("Banks may not refuse", "银行不得拒绝"),
    ("逐步推广AI应用", "推广AI应用"),
    ("It admits one in ten applicants", "十名报考者中只录取一名"),
    ("Standards grew fivefold", "标准增长了四倍"),
    ("标准增长了两倍", "Standards tripled"),
    ("Firms in the 15th Five-Year Plan period", "“十五五”时期的企业"),
    ("AI-assisted diagnosis by Japanese-invested firms", "人工智能辅助诊断，日资企业"),
    ("Silver Economy: Industrial Opportunities beyond Care Homes", "银发经济：不止于养老院的产业机会"),
    ("Water has reached Class III and is sold by QR code", "水质达到三类，扫码出售"),
]
UNSUPPORTED = [  # statement, evidence, reason
    # Right, but whoever looks the figure up in the quote does not find it there.
    ("4 doctors per 10,000 people", "每万人有医生4名", "number 10000 not in evidence"),
    ("Fuel costs rise by 170%", "燃料成本增加1.7倍", "number 170 not in evidence"),
    ("Have a RMB-1-trillion-level industry", "万亿级产业", "number 1 not in evidence"),
    ("It invests RMB 30 billion", "投资2000亿元", "number 30000000000 not in evidence"),
    ("投资2000亿元", "投资200亿元", "number 200000000000 not in evidence"),
    ("Twenty firms join", "十二家企业参加", "number 20 not in evidence"),
    ("建设二十座站", "建设十二座站", "number 20 not in evidence"),
    ("4 doctors per 1,000 people", "每万人有医生4名", "number 1000 not in evidence"),
    ("It admits one in five hundred", "十名报考者中只录取一名", "number 500 not in evidence"),
    ("30% off", "打八折", "number 30 not in evidence"),
    ("Fuel costs rise by 70%", "燃料成本增加1.7倍", "number 70 not in evidence"),
    ("Traffic quadrupled", "运量翻一番", "growth by 3 times not in evidence"),
    ("Firms in the 14th Five-Year Plan period", "“十五五”时期的企业", "number 14 not in evidence"),
    ("Silver Economy: Siemens and the Opportunities beyond Care", "银发经济的产业机会", "name Siemens not in evidence"),
    ("Talks with German-invested firms", "与日资企业座谈", "name German-invested not in evidence"),
    ("投资20亿元", "投资20亿美元", "currency CNY not in evidence"),
    ("增长30%", "共有30家企业", "percentage 30% not in evidence"),
    ("A plant of Siemens", "一家工厂", "name Siemens not in evidence"),
    ("与博世合作", "与西门子合作", "name 博世 not in evidence"),
    ("A visit by Du Zhuoran", "杜卓伦来访", "name Zhuoran not in evidence"),
    ("推广GPT应用", "推广应用", "name GPT not in evidence"),
    ("企业不应共享数据", "企业应共享数据", "negation not in evidence"),
    ("Firms have full-time teams", "企业没有专职队伍", "negation of evidence lost"),
    ("各区可以共享数据，并报市里备案", "各区不得共享数据，重大事项报市里备案", "negation of evidence lost"),
    ("Firms must share data", "企业可以共享数据", "duty stronger than in evidence"),
    ("企业必须共享数据", "企业可以共享数据", "duty stronger than in evidence"),
]


@pytest.mark.parametrize("statement, evidence", SUPPORTED)
def test_what_the_evidence_holds_has_no_reason_against_it(statement, evidence):
    assert unsupported(statement, evidence, GLOSSARY) == []


@pytest.mark.parametrize("statement, evidence, reason", UNSUPPORTED)
def test_what_goes_beyond_the_evidence_has_a_reason(statement, evidence, reason):
    assert reason in unsupported(statement, evidence, GLOSSARY)


def test_names_that_the_paper_itself_translates_are_supported():
    statement, evidence = "Advice from Bluefar Advisers", "蓝远咨询的建议"
    assert unsupported(statement, evidence, GLOSSARY) != []
    assert unsupported(statement, evidence, GLOSSARY, [("蓝远咨询", "Bluefar Advisers")]) == []


@pytest.mark.skipif(not (SHARED / "eval" / "score.py").exists(), reason="the scorer is not here")
def test_no_number_passes_that_the_scorer_refuses():
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    passed = 0
    for path in sorted((SHARED / "corpus").glob("*/gold/01.json")):
        facts = json.loads(path.read_text(encoding="utf-8"))["key_facts"]
        statements = [fact[key] for fact in facts for key in ("fact_zh", "fact_en")]
        for statement, fact in itertools.product(statements, facts):
            if any(r.startswith("number") for r in unsupported(statement, fact["evidence"], GLOSSARY)):
                continue
            passed += 1
            assert score.supported(statement, fact["evidence"]) == [], (statement, fact["evidence"])
    assert passed > 100
