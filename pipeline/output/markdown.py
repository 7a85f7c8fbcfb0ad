"""One paper as Markdown that reads well by itself."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.output.labels import load_labels, load_themes
from pipeline.output.plain import plain
from pipeline.output.sources import where
from pipeline.records import Contradiction, PaperBrief, Recommendation, Source, Span, Statement, Text

# Marks of CommonMark and GitHub's and VS Code's additions to it: anywhere, in addresses, at the beginning of a line.
MARKS = re.compile(r"[\\`*_\[\]<>|#~&$@]|/(?=/)|(?<=www)\.|(?<=mailto):|^[-+=]|(?<=^\d)[.)]", re.IGNORECASE)
NUMBER = re.compile(r"^(\d{2,9})([.)])")


def paper_markdown(paper: PaperBrief, source: Source) -> str:
    """All that a run says of a paper, in both languages, each statement over its evidence."""
    blocks = [
        f"# {paper.paper.number}. {escaped(paper.title.zh)}",
        *strong(paper.title.en),
        *who(paper),
        *section("摘要 Summary", summary(paper)),
        *section("关键事实 Key facts", [fact_item(paper, fact, source) for fact in paper.key_facts]),
        *section(
            "自相矛盾 Where the paper contradicts itself",
            [block for c in paper.contradictions for block in contradiction_blocks(c, source)],
        ),
        "## 建议 Recommendations",
    ]
    for recommendation in paper.recommendations:
        blocks += recommendation_blocks(recommendation, source)
    if not paper.recommendations:
        blocks.append("未读出建议。No recommendation was found.")
    blocks += section("摘要的依据 Evidence of the summary", [item(s, source) for s in paper.summary.statements])
    blocks.append(f"源文件 Source: {escaped(source.path.name)}，{escaped(place(paper.paper.span, source))}")
    return "\n\n".join(blocks) + "\n"


def who(paper: PaperBrief) -> list[str]:
    """Organisation and author, as far as the paper names them."""
    lines = []
    for language in ("zh", "en"):
        labels = load_labels(language)
        name, position = (escaped(text.in_(language)) for text in (paper.author, paper.position))
        person = labels.say("person", name=name, position=position) if name and position else name or position
        lines.append("　".join(part for part in (escaped(paper.organisation.in_(language)), person) if part))
    return ["  \n".join(line for line in lines if line)] if any(lines) else []


def summary(paper: PaperBrief) -> list[str]:
    """The summary in each language as a paragraph; its evidence stands at the end of the file."""
    chinese = "".join(escaped(s.text.zh) for s in paper.summary.zh)
    english = " ".join(escaped(s.text.en) for s in paper.summary.en)
    return list(filter(None, (chinese, english)))


def section(title: str, blocks: list[str]) -> list[str]:
    """A heading with what stands under it; nothing if there is nothing."""
    return [f"## {title}", *blocks] if blocks else []


def recommendation_blocks(recommendation: Recommendation, source: Source) -> list[str]:
    """A recommendation: title, who and what, evidence, measures."""
    zh, en = load_labels("zh"), load_labels("en")
    theme = load_themes().get(recommendation.theme, Text(recommendation.theme, recommendation.theme))
    return [
        f"### {recommendation.id} {escaped(recommendation.title.text.zh)}",
        *strong(recommendation.title.text.en),
        f"{theme.zh} · {zh.get('addressee')[recommendation.addressee]} / "
        f"{theme.en} · {en.get('addressee')[recommendation.addressee]}",
        quotes(recommendation.title, source),
        *(item(measure, source) for measure in recommendation.measures),
    ]


def strong(text: str) -> list[str]:
    """A paragraph in bold; none of a text without words, whose marks would be a rule."""
    words = escaped(text)
    return [f"**{words}**"] if words else []


def item(statement: Statement, source: Source) -> str:
    """A statement as a list item over its quotes."""
    inner = quotes(statement, source).replace("\n", "\n  ")
    return f"- {escaped(statement.text.zh)}  \n  {escaped(statement.text.en)}\n\n  {inner}"


def fact_item(paper: PaperBrief, fact: Statement, source: Source) -> str:
    """A key fact; each language says if it is a forecast or a target, or contradicted."""
    zh, en = (load_labels(language).marks(paper, fact) for language in ("zh", "en"))
    if zh:
        fact = replace(fact, text=Text(f"{fact.text.zh.rstrip('。')}{zh}。", f"{fact.text.en.rstrip('.')}{en}."))
    return item(fact, source)


def contradiction_blocks(contradiction: Contradiction, source: Source) -> list[str]:
    """What the paper says that cannot all be true."""
    titles = (load_labels(language).get(f"differences.own_{contradiction.kind}") for language in ("zh", "en"))
    return [" ".join(title.strip() for title in titles), *(item(side, source) for side in contradiction.sides)]


def quotes(statement: Statement, source: Source) -> str:
    """The evidence of a statement: its place in the volume and words."""
    return "\n>\n".join(f"> {escaped(place(e.span, source))}：{escaped(e.quote)}" for e in statement.evidence)


def place(span: Span, source: Source) -> str:
    """The pages or lines that hold a span of the volume, as L3 or p. 3–4."""
    found = where(source, span)
    mark = {"page": "p. ", "line": "L"}[found.unit]
    last = "" if found.last == found.first else f"–{found.last}"
    return f"{found.file and found.file + ' '}{mark}{found.first}{last}"


def escaped(text: str) -> str:
    """Text on one line in which nothing is taken for Markdown or HTML."""
    return NUMBER.sub(r"\1\\\2", MARKS.sub(r"\\\g<0>", plain(text)))
