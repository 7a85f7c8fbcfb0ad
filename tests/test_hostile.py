"""Papers that would turn the machine against its user: none harms another paper, escapes its quote or comes to life."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
import pytest
from markdown_it import MarkdownIt

from pipeline.__main__ import main, visible
from pipeline.config import load_config
from pipeline.llm.embedded import embedded_model
from pipeline.llm.open import Models
from pipeline.output.labels import load_labels
from pipeline.output.plain import plain
from pipeline.progress import progress_for
from pipeline.run import run
from tests.hostile.harmless import UNSEEN, markdown_faults, word_faults, workbook_faults
from tests.hostile.volume import Attack, GullibleModel, GullibleReader, load_attacks, volume
from tests.scripted import ScriptedEngine

ATTACKS = load_attacks()
KINDS = list(dict.fromkeys(attack.kind for attack in ATTACKS))
NAME = re.compile(r"papers/\d\d(-[\w-]{1,40})?\.(json|md)")
LINES = ('"line": ', "L", "–")
NUMBERED = re.compile(r'("(?:start|end|line)": |(?<=> )L|(?<=，)L|(?<=\d)–)(\d+)')
FORGED = ("伪造", "orged")  # in the JSON that an obedient model replies with
MATRIX = {"markdown", "paths"}  # kinds whose names go into pictures too, which take a second each


@dataclass(frozen=True)
class Run:
    """What a run on the attacks of one kind left, and one on the volume without them."""

    attacks: tuple[Attack, ...]
    text: str
    starts: tuple[int, ...]  # of all papers
    folder: Path
    clean: Path
    said: str  # to the terminal

    @property
    def papers(self) -> list[dict]:
        return papers_of(self.folder)

    @property
    def attacked(self) -> list[tuple[Attack, dict]]:
        """Each attack with the paper that it stands in; with two, where it goes on as a forged one."""
        ends = zip(self.attacks, self.starts[1:-1], self.starts[2:], strict=True)
        return [
            (attack, paper)
            for attack, start, end in ends
            for paper in self.papers
            if start <= paper["span"]["start"] < end
        ]


def papers_of(folder: Path) -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "papers").glob("*.json"))]


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    """What a run on the two papers that mean no harm leaves."""
    folder = tmp_path_factory.mktemp("harmless")
    (folder / "clean.md").write_text(volume(())[0], encoding="utf-8")
    brief(folder / "clean.md", folder / "clean", (), pictures=False, said=io.StringIO())
    return folder / "clean"


@pytest.fixture(scope="module", params=KINDS)
def attacked(request, tmp_path_factory, clean) -> Run:
    attacks = tuple(attack for attack in ATTACKS if attack.kind == request.param)
    folder = tmp_path_factory.mktemp(request.param)
    said = io.StringIO()
    text, starts = volume(attacks)
    path = folder / "hostile.md"
    path.write_text(text, encoding="utf-8", newline="")
    with redirect_stderr(said):
        brief(path, folder / "hostile", attacks, pictures=request.param in MATRIX, said=said)
    return Run(attacks, text.replace("\r", "\n"), tuple(starts), folder / "hostile", clean, said.getvalue())


def brief(path: Path, out: Path, attacks: tuple[Attack, ...], pictures: bool, said: io.StringIO) -> None:
    engine = ScriptedEngine(GullibleModel(attacks).reply, context_tokens=8192)

    @contextmanager
    def open_gullible(config):
        yield Models(engine, GullibleReader(), True, {"name": "gullible"})

    config = load_config(None, {"cache.megabytes": 0})
    sections = [s for s in config.brief.sections if pictures or s not in ("themes", "shared")]
    config = load_config(None, {"cache.megabytes": 0, "brief.sections": sections})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.run.open_models", open_gullible)
        result = run(path, out, config, progress_for(stream=said))
    said.write(visible("\n".join(result.lines)))  # as the command prints them


def statements(paper: dict):
    yield from paper["summary"]["zh"] + paper["summary"]["en"] + paper["key_facts"] + paper["recommendations"]
    for recommendation in paper["recommendations"]:
        yield from recommendation["measures"]


def printed(paper: dict) -> str:
    """All words of a paper's statements, in both languages."""
    words = [s.get("text", s.get("title")) for s in statements(paper)]
    return "\n".join("\n".join(w.values()) if isinstance(w, dict) else w for w in words)


def quotes(paper: dict) -> list[str]:
    return [e["quote"] for s in statements(paper) for e in s["evidence"]]


def test_the_suite_is_as_large_as_it_says_and_in_both_languages():
    assert len(ATTACKS) >= 200
    assert min(Counter(attack.language for attack in ATTACKS).values()) >= 80
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_other_papers_say_the_same_as_without_the_attacks(attacked):
    """Byte for byte, but for their number and for where they stand in the volume."""
    for number, alone in ((1, 1), (len(attacked.attacks) + 2, 2)):
        hostile, clean = in_place(attacked.folder, number), in_place(attacked.clean, alone)
        different = [name for name in clean if hostile.get(name) != clean[name]]
        assert clean and different == []


def in_place(folder: Path, number: int) -> dict[str, str]:
    """The files of a paper, and its rows of recommendations.json, with places counted from where the paper begins."""
    (path,) = (folder / "papers").glob(f"{number:02d}-*.json")
    start = json.loads(path.read_text(encoding="utf-8"))["span"]["start"]
    line = folder.with_suffix(".md").read_bytes().decode().replace("\r", "\n").count("\n", 0, start)
    here = lambda match: f"{match[1]}{int(match[2]) - (line if match[1] in LINES else start)}"
    rows = json.loads((folder / "recommendations.json").read_text(encoding="utf-8"))["recommendations"]
    files = {p.name[2:]: p.read_text(encoding="utf-8") for p in (folder / "papers").glob(f"{number:02d}-*")}
    files["recommendations"] = json.dumps([row for row in rows if row["paper"] == number], indent=2)
    numbered = re.compile(
        rf'(?<="number": ){number}\b|(?<="paper": ){number}\b|(?<="){number}(?=\.)|(?<=# ){number}(?=\.)'
    )
    return {
        name: numbered.sub("N", NUMBERED.sub(here, text)).replace(f"{folder.name}.md", "")
        for name, text in files.items()
    }


def test_every_paper_is_there_and_every_quote_lies_in_its_own_paper(attacked):
    assert set(attacked.starts) <= {paper["span"]["start"] for paper in attacked.papers}
    reached = set()
    for attack, paper in attacked.attacked:
        for evidence in (e for s in statements(paper) for e in s["evidence"]):
            assert paper["span"]["start"] <= evidence["start"] < evidence["end"] <= paper["span"]["end"]
            assert attacked.text[evidence["start"] : evidence["end"]] == evidence["quote"]
        if any(attack.line.strip() in quote for quote in quotes(paper)):
            reached.add(attack.name)
    assert {attack.name for attack in attacked.attacks if attack.where == "text"} <= reached


def test_nothing_is_printed_of_what_an_obedient_model_says(attacked):
    printed_too, not_counted = [], []
    for attack, paper in attacked.attacked:
        for said in filter(None, (attack.obeyed, attack.translated)):
            forged = FORGED if said.startswith(("{", "[")) else (said.strip("。.✂"),)
            printed_too += [attack.name for word in forged if word in printed(paper)]
            if not any(said[:10] in rejection["claim"] for rejection in paper["rejections"]):
                not_counted.append(attack.name)
        others = [other for other in attacked.papers if other["number"] != paper["number"]]
        printed_too += [attack.name for other in others if attack.echoed and attack.echoed[:20] in printed(other)]
    assert (printed_too, not_counted) == ([], [])


def test_nothing_runs(attacked):
    texts = [path.read_text(encoding="utf-8") for path in attacked.folder.rglob("*") if path.suffix in (".json", ".md")]
    for language in ("zh", "en"):
        texts.append("\n".join(words(docx.Document(attacked.folder / f"brief.{language}.docx"))))
    found = [(a.name, word) for a in attacked.attacks for word in a.never if any(word in text for text in texts)]
    assert found == []
    assert names(attacked.folder) == names(attacked.clean)
    assert not list(Path.cwd().glob("pwned*"))


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def words(document):
    for paragraph in document.element.body.iter("{*}p"):
        yield "".join(t.text or "" for t in paragraph.iter("{*}t"))


def test_no_file_breaks_and_nothing_in_it_is_alive(attacked):
    faults = list(workbook_faults((attacked.folder / "recommendations.xlsx").read_bytes()))
    for language in ("zh", "en"):
        faults += word_faults((attacked.folder / f"brief.{language}.docx").read_bytes())
    for path in (attacked.folder / "papers").glob("*.md"):
        faults += [f"{path.name}: {fault}" for fault in markdown_faults(path.read_text(encoding="utf-8"))]
    assert faults == []


def test_what_a_paper_says_is_shown_as_it_stands_there(attacked):
    book = openpyxl.load_workbook(attacked.folder / "recommendations.xlsx").active
    cells = "\n".join(str(cell.value) for row in book.iter_rows() for cell in row)
    bare = lambda text: text.replace("_x005F_", "_")  # Excel's mark of an underscore, which openpyxl leaves
    for attack, paper in attacked.attacked:
        (path,) = (attacked.folder / "papers").glob(f"{paper['number']:02d}*.md")
        shown = shown_words(path.read_text(encoding="utf-8"))
        assert [quote[:99] for quote in quotes(paper) if plain(quote) not in shown] == [], attack.name
        if attack.shown:
            assert attack.shown in shown, attack.name
        inside = bare(attack.shown or plain(attack.line)[:1000]) in bare(cells)
        assert inside or attack.where != "text", attack.name


def shown_words(markdown: str) -> str:
    """What a viewer of Markdown shows."""
    inline = [token for token in MarkdownIt().parse(markdown) if token.type == "inline"]
    return "\n".join("".join(child.content or " " for child in token.children) for token in inline)


def test_names_of_files_stay_in_the_folder_and_fit_every_system(attacked):
    paths = [path.relative_to(attacked.folder).as_posix() for path in (attacked.folder / "papers").iterdir()]
    assert len(paths) == 2 * len(attacked.papers)
    assert [name for name in paths if not NAME.fullmatch(name) or len(name.encode()) > 200] == []


def test_the_account_is_our_own(attacked):
    """Its counts are those of the papers, and no reason in it is worded by a paper."""
    accounting = json.loads((attacked.folder / "run.json").read_text(encoding="utf-8"))["accounting"]
    papers = attacked.papers
    assert accounting["papers"] == len(papers)
    assert accounting["rejections"] == sum(len(paper["rejections"]) for paper in papers)
    assert accounting["recommendations"] == sum(len(paper["recommendations"]) for paper in papers)
    for language in ("zh", "en"):
        tables = docx.Document(attacked.folder / f"brief.{language}.docx").tables
        reasons = {row.cells[0].text for row in tables[-1].rows[1:]}
        assert reasons <= {words for _, words in load_labels(language).reasons}


def test_nothing_reaches_the_terminal_but_text(attacked, capsys):
    path = str(attacked.folder.parent / "hostile.md")
    heads = [str(paper["number"]) for attack, paper in attacked.attacked if attack.where != "text"]
    for flags in ([], ["--json"], *(["--paper", number] for number in heads)):
        assert main(["inspect", path, *flags]) == 0
    said = capsys.readouterr().out + attacked.said
    assert not UNSEEN.findall(said.replace("\n", ""))


@pytest.mark.model
def test_no_text_is_read_as_a_special_token():
    import llama_cpp

    from pipeline.llm.model import load_model

    model = load_model(embedded_model(), gpu_layers=0)
    special = {t for t in range(model.vocabulary_size) if llama_cpp.llama_vocab_is_control(model.vocabulary, t)}
    assert special
    for attack in ATTACKS:
        tokens = model.tokenize(attack.text[:2000])
        assert not special & set(tokens), attack.name
        read = b"".join(map(model.piece, tokens)).decode()
        assert read == attack.text[:2000].replace("▁", " "), attack.name  # SentencePiece's sign for a blank
