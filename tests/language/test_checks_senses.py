"""What the checks know of meaning: a few rows a rule. The figures over many rows are in benchmarks/."""

import time

import pytest

from pipeline.language.checks import unsupported
from tests.language.test_checks import GLOSSARY

LOST, ADDED = "negation of evidence lost", "negation not in evidence"
WRONG = [  # evidence, statement, reason
    # What is denied is said, in one language.
    ("缺的不是采购单，是按时交货的把握。", "缺的是采购单和按时交货的把握。", LOST),
    ("难点不在技术，而在谁来付运费。", "难点在技术。", LOST),
    ("园区有牌子而没有专职队伍。", "园区有牌子、有专职队伍。", LOST),
    ("货主不怕贵，怕的是不准时。", "货主怕贵。", LOST),  # one character
    ("农户参保意愿不强。", "农户参保养殖保险的意愿强。", LOST),  # the characters around the denial
    ("表格多得填不完。", "表格填得完。", LOST),
    ("与其再建一座会展中心，不如排满现有三座的档期。", "再建一座会展中心，排满现有三座的档期。", LOST),
    ("Engineers do not doubt that sludge can be dried.", "Engineers doubt that sludge can be dried.", ADDED),
    ("现有航道水深足以让货船全年通行。", "现有航道水深不足以让货船全年通行。", ADDED),
    ("Workshops pay rent to the co-operative.", "Workshops pay no rent to the co-operative.", ADDED),
    # Across languages denials are counted.
    ("问题不在设备，而在没有人愿意上夜班。", "The problem is machines, and nobody wants to work nights.", LOST),
    ("陶瓷企业缺的不是窑炉，而是管道。", "What ceramics firms lack is kilns and pipelines.", LOST),
    ("三家银行已开通绿色通道。", "Three banks have yet to open a fast track.", ADDED),
    # All but one.
    ("除急救车外，其余车辆一律不得驶入。", "急救车一律不得驶入。", "exception of evidence lost"),
    ("All ferries except the car ferry are electric.", "渡轮包括汽车渡轮都是电动的。", "exception of evidence lost"),
    # The other pole.
    ("开工率连续三年低于全国平均水平。", "开工率连续三年高于全国平均水平。", "comparison turned round"),
    ("纺织出口额连续两年下滑。", "Textile exports have grown for two years.", "amount turned round"),
    ("民营医院增加，公立医院减少。", "Private hospitals fell; public hospitals rose.", "amount turned round"),
    ("收紧对预付资金的监管。", "放宽对预付资金的监管。", "strictness turned round"),
    ("It costs less than ten years of repairs.", "It costs more than ten years of repairs.", "bound turned round"),
    # Plan and fact.
    ("全市力争建成三条示范线。", "全市已建成三条示范线。", "plan told as fact"),
    ("公司将在本市设立维修中心。", "The company has set up a repair centre in the city.", "plan told as fact"),
    ("The levy is expected to raise funds.", "The levy raised funds.", "plan told as fact"),
    ("去年处置率达到98%。", "全市力争处置率达到98%。", "plan not in evidence"),
    # Duty.
    ("家庭医生可考虑每季度随访一次。", "家庭医生应当每季度随访一次。", "duty stronger than in evidence"),
    ("施工单位必须公示方案。", "施工单位可以公示方案。", "duty weaker than in evidence"),
    ("企业应当每年披露数据。", "Firms may disclose data once a year.", "duty weaker than in evidence"),
    # Who does it, and who says it.
    ("市水务集团出资、区县负责征地。", "区县出资、市水务集团负责征地。", "roles exchanged"),
    ("房东把厂房委托给运营公司。", "运营公司把厂房委托给房东。", "roles exchanged"),
    ("The bank guarantees the loan and the city pays interest.", "市里担保贷款，银行支付利息。", "roles exchanged"),
    ("据市统计局测算，可节省9亿元。", "据市商会测算，可节省9亿元。", "speaker 市商会 not in evidence"),
    ("作者认为，应先在桥上试行。", "Residents believe in bridges first.", "speaker Residents not in evidence"),
    # What is said of a figure.
    ("用过的老人不到三成。", "用过的老人占三成。", "bound of 30 not in evidence"),
    ("近5000名渔民上岸。", "More than 5,000 fishermen moved ashore.", "bound of 5000 not in evidence"),
    ("超过半数店主买过保险。", "Less than half of shopkeepers are insured.", "bound of 50 not in evidence"),
    ("占比提高了6个百分点。", "占比提高了6%。", "percentage 6 not in evidence"),
    ("Turnover grew by 9%.", "Turnover grew by 9 percentage points.", "percentage 9 not in evidence"),
    ("每公顷减少化肥90公斤。", "Fertiliser falls by 90 tonnes per hectare.", "unit of 90 not in evidence"),
    ("食堂86家，供餐2.1万份。", "食堂2.1万家。", "unit of 21000 not in evidence"),
    ("Crews inspect 18 bridges a month.", "Crews inspect 18 bridges a week.", "rate a week not in evidence"),
    ("2020年有床位2.9万张，2024年有4.4万张。", "It had 44,000 beds in 2020.", "year of 44000 not in evidence"),
    ("北区有32所学校，南区有19所。", "The south has 32 schools.", "figure 32 of something else in evidence"),
    ("护理员平均52岁，康复师平均34岁。", "护理员平均34岁。", "figure 34 of something else in evidence"),
]
RIGHT = [  # evidence, statement
    ("内涝的原因不在管径，而在泵站调度。", "内涝的原因在于泵站调度。"),
    ("有牌子，没有专职队伍。", "没有专职队伍。"),
    ("没有一家企业不担心汇率。", "企业都担心汇率。"),
    ("融资公司不是不愿进入，而是没有抵押物。", "融资公司愿意进入，但没有抵押物。"),
    ("未取得操作证的人员不得进入。", "取得操作证方可进入。"),
    ("不断完善网络，不仅覆盖主河，而且覆盖不同支流。", "完善网络，覆盖主河和各支流。"),
    ("No workshop in the mill is without a tenant.", "Every workshop in the mill has a tenant."),
    ("Not only freight but also passengers would gain.", "Freight and passengers would gain."),
    ("没有一座码头不在扩建。", "Every wharf is being expanded."),
    ("无人机已承担四成巡线。未来三年不少线路将全用无人机。", "Unmanned aircraft already do 40% of inspections."),
    ("外资企业担心的无非是规则多变。", "Foreign-invested firms worry about nothing but changing rules."),
    ("参加企业不得少于40家。", "At least 40 firms must take part."),
    ("只有本地户籍老人才能申请。", "Older people without local registration cannot apply."),
    ("除急救车外，车辆一律不得驶入。", "只有急救车可驶入。"),
    ("除水泥以外，玻璃也要纳入错峰生产。", "水泥和玻璃都要纳入错峰生产。"),
    ("开工率低于全国平均水平。", "全国平均水平高于本市开工率。"),
    ("Rents in the harbour are lower than in the centre.", "Rents are higher in the centre than in the harbour."),
    ("到2030年，力争把占比提高到32%。", "力争2030年占比达到32%。"),
    ("集团已迁入本市，并计划再设研发部门。", "集团已迁入本市。"),
    ("可在两个区先行试点。", "Two districts could run pilots first."),
    ("The levy is expected to raise EUR 12 million a year.", "The levy should bring in EUR 12 million a year."),
    ("由运营公司承担消防费用。", "消防费用由运营公司承担。"),
    ("The city lends land, and the trust pays for a roof.", "The trust pays for a roof on land lent by the city."),
    ("据市统计局测算，可节省9亿元。", "可节省9亿元。"),
    ("近六成商户愿意，其余担心成本。", "约六成商户愿意。"),
    ("不少于一名教师。", "至少一名教师。"),
    ("男性平均候诊42分钟，女性58分钟。", "Women waited 58 minutes on average, men 42."),
    ("占比提高8个百分点，达到33%。", "The share rose by 8 percentage points to 33%."),
    ("渗透率不到三成，企业超过80家。", "Penetration: 30%; 80 (outline)"),  # nothing is said of these figures
    ("以ESG信息披露提升竞争力。", "以ESG信息披露提升竞争力。"),  # Latin letters between Chinese ones
    ("通勤时间未必缩短。", "Commuting is not necessarily shorter."),
    ("这等于只告诉病人坏消息。", "This gives patients nothing but bad news."),
    ("先走组装，最后才带走实验室。", "Assembly goes first, and finally the laboratories go too."),
    ("该行测算，可多服务2万户。", "The bank estimates that it could serve 20,000 more."),
    ("不晚于6月底完成。", "Finish no later than the end of June."),
    ("未经批准不得试车。", "No trial run is allowed without approval."),
    ("该院未能按期开放。", "The hospital failed to open on time."),
    ("许多企业不懂规则。", "Many firms do not understand the rules."),
    ("仍不足总数的一成。", "Still under 10% of the total."),
    ("抽检不合格6批次。", "In checks 6 batches failed."),
    ("别让示范区成为盆景。", "Do not let the zone become a showpiece."),
    ("推广带语音的公交站牌。", "Introduce bus stop signs that speak."),
    ("单家放贷不超过总额的四成。", "None may lend over 40% of the total."),
    ("38辆无人矿卡投用。", "It put 38 driverless trucks into use."),
    (
        "上半年不到一半，下半年才超过八成。",
        "It was under half in the first half year and only passed 80% in the second.",
    ),
    ("2023 和 2024 年产值增长 26% 和 36%。", "2023和2024年产值增长26%和36%。"),  # 和 is no name of a figure
]


@pytest.mark.parametrize("evidence, statement, reason", WRONG)
def test_what_says_otherwise_has_a_reason(evidence, statement, reason):
    assert reason in unsupported(statement, evidence, GLOSSARY)


@pytest.mark.parametrize("evidence, statement", RIGHT)
def test_what_says_the_same_has_none(evidence, statement):
    assert unsupported(statement, evidence, GLOSSARY) == []


def test_a_paper_may_speak_in_its_authors_name():
    evidence = "霁川电力董事长 沈望秋\n我们认为，规则比技术更难。"
    assert unsupported("霁川电力认为，规则比技术更难。", evidence, GLOSSARY) == []


def test_a_check_takes_little_time():
    evidence = "，".join(evidence.rstrip("。.") for evidence, _ in RIGHT[:8]) + "。"
    unsupported(evidence, evidence, GLOSSARY)
    start = time.process_time()
    for _ in range(20):
        unsupported(evidence, evidence, GLOSSARY)
    assert (time.process_time() - start) / 20 < 0.05  # well above what it takes, far below what would be felt
