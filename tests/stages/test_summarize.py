from dataclasses import replace

from pipeline.llm.prompt import Task
from pipeline.records import Chunk, Grounded, Rejection, Span
from pipeline.stages.summarize import collapsed, digest_chunks, grouped, spares, summarize_papers, telling
from tests.scripted import ScriptedEngine
from tests.stages.volume import grounder_of, labels, one_paper

DIGEST = Task("digest/zh", "写摘要。\n", "原文：{{ text }}\n摘要：", ("\n",), 100, ())
SUMMARY = Task(
    "summary/zh",
    "合并。\n",
    "{{ author }} {{ title }} {% for d in digests %}{{ d }}{% endfor %}提要：",
    ("\n",),
    100,
    (),
)
ADVANCE = lambda done, total: None  # noqa: E731
FIRST = "全市工业余热去年只利用了18%，大量热能直接排空。"
SECOND = "三个园区试装回收装置，管网完好的一个节电12%。"


def digested(reply: str, verbatim: float = 0.0):
    source, paper = one_paper()
    chunk = Chunk(1, 0, (), paper.span)
    engine = ScriptedEngine(lambda request: reply)
    grounder = replace(grounder_of(source, paper), least_verbatim=verbatim)
    (digest,) = digest_chunks({1: paper}, [chunk], [[paper.span]], {"zh": DIGEST}, engine, True, grounder, ADVANCE)
    return digest


def test_a_digest_keeps_what_the_chunk_says():
    digest = digested("全市余热只利用了18%。管网完好的园区节电12%。")
    assert [s.text for s in digest.sentences] == ["全市余热只利用了18%。", "管网完好的园区节电12%。"]
    assert not digest.rejections and not digest.failed


def test_in_the_place_of_a_wrong_number_stands_the_source_sentence():
    digest = digested("全市余热只利用了18%。管网完好的园区节电21%。")
    assert [s.text for s in digest.sentences] == ["全市余热只利用了18%。", SECOND]
    assert [(r.claim, r.replacement) for r in digest.rejections] == [("管网完好的园区节电21%。", "quote")]


def test_a_sentence_that_strays_from_the_words_of_the_source_gives_way_to_it():
    digest = digested("全市工业余热去年只利用了18%。直接排空大量热能的是全市工业。", verbatim=1.0)
    assert [s.text for s in digest.sentences] == ["全市工业余热去年只利用了18%。"]
    (rejection,) = digest.rejections
    assert (rejection.reason, rejection.replacement) == ("strays from the words of the source", "dropped")


def test_a_repeated_sentence_is_said_once():
    digest = digested("全市余热只利用了18%。全市余热只利用了18%。")
    assert len(digest.sentences) == 1
    assert [(r.reason, r.replacement) for r in digest.rejections] == [("said before", "dropped")]


def test_the_cut_end_of_a_reply_is_not_printed():
    digest = digested("全市余热只利用了18%。管网完好的园✂")
    assert [s.text for s in digest.sentences] == ["全市余热只利用了18%。"]
    assert digest.finish_reason == "length"


def test_a_chunk_of_which_nothing_can_be_kept_is_quoted_and_counted():
    digest = digested("国际会展中心本月开馆，市民踊跃参观。")
    assert digest.failed
    (sentence,) = digest.sentences
    assert sentence.text in (FIRST, SECOND) or sentence.evidence[0].quote.endswith(sentence.text)


def grounded(*texts: str) -> list[Grounded]:
    source, paper = one_paper()
    evidence = grounder_of(source, paper).evidence([paper.lines[3].span])
    return [Grounded(1, text, evidence) for text in texts]


def test_a_paper_of_one_chunk_skips_the_reduce():
    source, paper = one_paper()
    engine = ScriptedEngine(lambda request: "全市余热只利用了18%。")
    grounder = grounder_of(source, paper)
    chunk = Chunk(1, 0, (), paper.span)
    digests = digest_chunks({1: paper}, [chunk], [[paper.span]], {"zh": DIGEST}, engine, True, grounder, ADVANCE)
    summaries = summarize_papers([paper], digests, {"zh": SUMMARY}, engine, True, {"zh": (5, 100)}, grounder, ADVANCE)
    assert [s.text for s in summaries[1].said] == ["全市余热只利用了18%。"]
    assert len(engine.asked) == 1


def test_the_model_is_shown_the_lines_that_tell_most():
    source, paper = one_paper()
    gist = {3: 0.9, 4: 0.6, 7: 0.8}
    marked = [replace(label, gist={"yes": gist.get(i, 0.1)}) for i, label in enumerate(labels("O" * len(paper.lines)))]
    chunk = Chunk(1, 0, (), Span(paper.lines[3].span.start + 4, paper.lines[8].span.end))
    words = lambda share: [source.slice(span) for span in telling(paper, chunk, marked, share)]
    assert words(0.4) == [FIRST[4:], "——用两年时间普查全部园区管网，形成一张底图。"]
    assert words(0.6) == [FIRST[4:], SECOND, "——用两年时间普查全部园区管网，形成一张底图。"]
    assert len(words(1.0)) == 6


def test_spare_sentences_are_new_and_the_fullest_come_first():
    said = grounded("甲句有十个汉字在这里")
    digests = grounded("乙句短", "丙句比较长有许多别的话", "甲句有十个汉字在这里", "丁句被截断了后面没有……")
    assert [s.text for s in spares(said, digests, 100, "zh")] == [
        "丙句比较长有许多别的话",
        "乙句短",
        "丁句被截断了后面没有……",
    ]
    assert [s.text for s in spares(said, digests, 15, "zh")] == ["丙句比较长有许多别的话"]


def test_collapse_rounds_always_end_and_fit():
    engine = ScriptedEngine(lambda request: "合" * 90, context_tokens=400)
    digests, lost = collapsed(["字" * 90] * 40, SUMMARY, True, engine, {"author": "甲", "title": "题"})
    assert 1 <= len(digests) <= 3 and all(set(text) == {"合"} for text in lost)
    assert engine.count_tokens(SUMMARY.prefix(True) + SUMMARY.body(digests=digests, author="甲", title="题")) <= 300


def test_neighbours_are_grouped_at_least_two_by_two():
    assert grouped(["a", "b", "c", "d", "e"], lambda texts: len(texts) <= 3) == [["a", "b", "c"], ["d", "e"]]
    assert grouped(["a", "b", "c"], lambda texts: False) == [["a", "b"], ["c"]]


def test_every_rejection_names_its_paper_and_stage():
    (rejection,) = digested("管网完好的园区节电21%。").rejections
    assert isinstance(rejection, Rejection)
    assert (rejection.paper, rejection.stage, rejection.language) == (1, "digest", "zh")
