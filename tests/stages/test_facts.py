from pipeline.stages.facts import key_facts
from tests.stages.volume import grounder_of, labels, one_paper


def facts_of(lines: list[str], tenths: str) -> list[str]:
    """The key facts of a paper of these lines; a digit a line says in tenths how likely it holds one."""
    source, paper = one_paper("# 题\n\n作者\n\n" + "\n\n".join(lines) + "\n")
    marked = labels("O" * (2 + len(lines)))
    for label, digit in zip(marked[2:], tenths, strict=True):
        label.fact["yes"] = int(digit) / 10
    return [fact.text for fact in key_facts(paper, marked, grounder_of(source, paper))]


FIGURES = [f"第一批园区去年节电{n}%。" for n in range(11, 31)]
BARE = ["管网老化是最大的短板。", "企业不愿先出钱。", "热量直接排空。"]


def test_twelve_facts_the_likeliest_in_the_order_of_the_paper():
    assert facts_of(FIGURES, "9" * 5 + "1" * 8 + "9" * 7) == FIGURES[:5] + FIGURES[13:]


def test_a_figure_is_told_once():
    again = "综上，园区去年节电11%。"
    assert facts_of([*FIGURES[:7], again], "9" * 7 + "8") == FIGURES[:7]


def test_of_the_sentences_on_a_line_those_with_figures():
    line = "园区节能有两个短板。管网去年漏热18%，热站停运46天。企业不愿先出钱。"
    assert facts_of([line, *FIGURES[:5]], "9" + "1" * 5)[0] == "管网去年漏热18%，热站停运46天。"


def test_where_figures_are_few_the_likeliest_other_sentences_make_six():
    facts = facts_of([FIGURES[0], *BARE, "热站建在城东。", "用户在城西。", "会议在周五。"], "9876540")
    assert facts == [FIGURES[0], *BARE, "热站建在城东。", "用户在城西。"]


def test_of_a_sentence_too_long_to_print_the_clauses_with_figures():
    long = "园区里的企业大多在河的两岸，" * 9 + "去年共漏热18%，停运46天，损失3亿元。"
    (fact,) = facts_of([long], "9")
    assert fact.endswith("去年共漏热18%，停运46天，损失3亿元。") and len(fact) <= 120


def test_a_paper_of_title_and_author_alone_has_none():
    source, paper = one_paper("# 题\n\n作者\n")
    assert key_facts(paper, labels("OO"), grounder_of(source, paper)) == []
