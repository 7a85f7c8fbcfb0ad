"""What is kept, what is asked again, and what a broken cache costs: time, never an answer."""

import errno
import multiprocessing
import os
import random
import signal
import time
from hashlib import sha256

import pytest

from pipeline.llm.cache import Cache, CachedEngine, CachedReader, groups
from pipeline.llm.engine import LineLabels, Request, Slots
from tests.scripted import ScriptedEngine

FORK = multiprocessing.get_context("fork")  # a child that has all imported already
CONTEXT = 100  # tokens; requests of 50 are answered four together


class BatchEngine(ScriptedEngine):
    """Its replies show what else was in the batch, as the last digits of a real one do."""

    def __init__(self, before=lambda: None):
        super().__init__(self.say, CONTEXT)
        self.before = before

    def complete(self, requests, progress=None):
        self.batch = sha256(repr(requests).encode()).hexdigest()[:8]
        return super().complete(requests, progress)

    def say(self, request):
        self.before()
        return f"{request.body} in {self.batch}"


class LengthReader:
    """Says of a line how long it is, among the lines of its call."""

    def __init__(self):
        self.asked = []

    def read_all(self, papers, progress=None):
        self.asked += [title for title, _, _ in papers]
        if progress:
            progress(1, 2)
            progress(2, 2)
        return [[label(len(line) / 100 / len(papers)) for line in lines] for _, _, lines in papers]


def label(yes):
    return LineLabels({"outside": 0.1 + 0.2, "begins": yes}, {"no": 1 - yes, "yes": yes}, {"data": 1.0}, {}, {})


def asks(count, word="问"):
    return [Request("任务\n", f"{word}{number}", max_tokens=49) for number in range(count)]


def cached(folder, engine, identity="a model"):
    return CachedEngine(engine, Cache(folder, megabytes=1), identity)


def with_cache(folder, engine, megabytes=1):
    cache = Cache(folder, megabytes)
    return CachedEngine(engine, cache, "a model"), cache


def texts(completions):
    return [completion.text for completion in completions]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "answers"


def entries(folder):
    return sorted(folder.iterdir())


def test_groups_hold_as_many_requests_as_have_room_and_never_none():
    short, long = asks(7), [Request("", "x" * 4000, 10)] * 2
    assert [len(group) for group in groups(short, 200)] == [4, 3]
    assert [len(group) for group in groups([short[0], *long, short[1]], 200)] == [1, 1, 1, 1]
    assert list(groups([], 200)) == []


def test_what_is_kept_is_not_asked_again(folder):
    first, second = BatchEngine(), BatchEngine()
    said = cached(folder, first).complete(asks(10))
    engine = cached(folder, second)
    assert engine.complete(asks(10)) == said
    assert (len(first.asked), second.asked) == (10, [])
    assert engine.complete(asks(2)) != said[:2]  # another group: others beside them


@pytest.mark.parametrize("stopped_at", [1, 4, 5, 8, 9, 10])
def test_a_stopped_stage_goes_on_with_the_same_groups(folder, stopped_at):
    undisturbed = BatchEngine()
    said = undisturbed.complete(asks(4)) + undisturbed.complete(asks(8)[4:]) + undisturbed.complete(asks(10)[8:])
    left = iter(range(1, stopped_at))

    def stop():
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cached(folder, BatchEngine(stop)).complete(asks(10))
    engine = BatchEngine()
    assert cached(folder, engine).complete(asks(10)) == said
    assert len(engine.asked) == 10 - (stopped_at - 1) // 4 * 4


def ask_slowly(folder):
    cached(folder, BatchEngine(lambda: time.sleep(0.002))).complete(asks(40))


def test_a_killed_process_leaves_a_cache_from_which_the_next_says_the_same(folder, tmp_path):
    said = cached(tmp_path / "undisturbed", BatchEngine()).complete(asks(40))
    chance = random.Random(1)
    for number in range(20):
        child = FORK.Process(target=ask_slowly, args=[folder / str(number)])
        child.start()
        time.sleep(chance.uniform(0, 0.12))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        asker, cache = with_cache(folder / str(number), BatchEngine())
        assert asker.complete(asks(40)) == said
        assert cache.notices == []


@pytest.mark.parametrize(
    "other",
    [
        Request("新任务\n", "问0", 49),
        Request("任务\n", "问 0", 49),
        Request("任务\n", "问0", 48),
        Request("任务\n", "问0", 49, stop=("\n",)),
        Request("任务\n", "问0", 49, constraint=Slots(("①",), "en")),
        Request("任务\n", "问0", 49, constraint=Slots(("①",), "zh")),
    ],
)
def test_a_changed_request_is_asked_with_its_group_alone(folder, other):
    cached(folder, BatchEngine()).complete(asks(8))
    engine = BatchEngine()
    cached(folder, engine).complete([other, *asks(8)[1:]])
    assert engine.asked == [other, *asks(4)[1:]]


def test_another_model_is_asked_itself(folder):
    cached(folder, BatchEngine()).complete(asks(4))
    engine = BatchEngine()
    cached(folder, engine, identity="another model").complete(asks(4))
    assert len(engine.asked) == 4


def test_labels_are_kept_by_paper(folder):
    papers = [("甲", ["一"], ["短", "长一些"]), ("乙", [], []), ("丙", [], ["完"])]
    first, second = LengthReader(), LengthReader()
    labels = CachedReader(first, Cache(folder, 1), "a reader").read_all(papers)
    assert labels == [[label(0.01), label(0.03)], [], [label(0.01)]]
    changed = [papers[0], ("乙", [], ["新"]), papers[2]]
    cache = Cache(folder, 1)
    again = CachedReader(second, cache, "a reader").read_all(changed)
    assert again == [labels[0], [label(0.01)], labels[2]]
    assert (first.asked, second.asked, cache.count["reused"]) == (["甲", "乙", "丙"], ["乙"], 3)


def test_progress_counts_what_is_reused_too(folder):
    papers, shown = [("甲", [], ["一", "二", "三", "四"]), ("乙", [], ["五", "六"])], []
    show = lambda done, total: shown.append((done, total))
    for _ in range(2):
        cached(folder, BatchEngine()).complete(asks(6), show)
        CachedReader(LengthReader(), Cache(folder, 1), "a reader").read_all(papers, show)
    assert shown == [
        *[(done, 6) for done in range(1, 7)], (2, 6), (4, 6), (5, 6), (6, 6),
        (4, 6), (6, 6), (4, 6), (6, 6),
    ]  # fmt: skip


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def turned(path):
    path.write_bytes(path.read_bytes().replace("问".encode(), "答".encode()))


def emptied(path):
    path.write_bytes(b"")


def foreign(path):
    path.write_bytes(next(other for other in entries(path.parent) if other != path).read_bytes())


def blocked(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [cut, turned, emptied, foreign, blocked])
def test_a_damaged_entry_is_computed_anew_and_told(folder, damage):
    said = cached(folder, BatchEngine()).complete(asks(8))
    damage(entries(folder)[0])
    engine = BatchEngine()
    asker, cache = with_cache(folder, engine)
    assert asker.complete(asks(8)) == said
    assert len(engine.asked) == 4
    assert cache.notices[0] == f"{folder}: damaged entries: 1; what they held was computed anew"
    if damage != blocked:
        assert cached(folder, ScriptedEngine(None, CONTEXT)).complete(asks(8)) == said  # kept again


def test_a_folder_that_cannot_be_used_costs_only_time(folder):
    folder.write_text("a file", encoding="utf-8")
    asker, cache = with_cache(folder, BatchEngine())
    assert len(asker.complete(asks(8))) == 8
    assert cache.notices == [
        f"{folder}: answers can no more be kept there (File exists); "
        "make room or name another folder in cache.folder of config.toml"
    ]


def test_a_full_disk_costs_only_time_and_what_is_kept_is_found(folder, monkeypatch):
    said = cached(folder, BatchEngine()).complete(asks(8))
    entries(folder)[0].unlink()
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    engine = BatchEngine()
    asker, cache = with_cache(folder, engine)
    assert (asker.complete(asks(8)), len(engine.asked)) == (said, 4)
    assert (asker.complete(asks(8)), len(engine.asked)) == (said, 8)
    assert "No space left on device" in cache.notices[0]


def full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_folder_that_vanishes_costs_only_time(folder):
    asker, cache = with_cache(folder, BatchEngine())
    folder.rmdir()
    assert len(asker.complete(asks(8))) == 8
    assert "No such file or directory" in cache.notices[0]


@pytest.mark.parametrize("there", [True, False])
def test_only_the_user_can_look_into_the_folder(folder, there):
    if there:
        folder.mkdir(mode=0o755)
    cached(folder, BatchEngine()).complete(asks(4))
    assert [path.stat().st_mode & 0o077 for path in (folder, *entries(folder))] == [0, 0]


def used(cache, *keys):
    for key in keys:
        assert cache.get(key)
        time.sleep(0.01)


def test_the_least_recently_used_go_first_and_the_bound_holds(folder):
    cache = Cache(folder, megabytes=1)
    for key in "abcd":
        cache.put(key, key * 230_000)
    used(cache, "b", "a", "d", "c")
    cache.put("e", "e" * 400_000)
    assert [path.name for path in entries(folder)] == ["c", "d", "e"]
    assert sum(path.stat().st_size for path in entries(folder)) <= 1_000_000
    cache.put("f", "f" * 1_000_000)  # larger than all the room
    assert [path.name for path in entries(folder)] == ["c", "d", "e"]


def test_a_lowered_bound_holds_at_once_and_none_keeps_none(folder):
    cached(folder, BatchEngine()).complete(asks(4))
    engine = BatchEngine()
    asker, cache = with_cache(folder, engine, megabytes=0)
    assert entries(folder) == []
    assert texts(asker.complete(asks(4))) == texts(asker.complete(asks(4)))
    assert (len(engine.asked), entries(folder), cache.notices) == (8, [], [])


def fill(folder, start, faults):
    start.wait()
    cache = Cache(folder, megabytes=1)
    for number in range(150):
        key = f"k{number % 30}"
        if cache.get(key) not in (None, [key] * 10_000):
            faults.put(f"{key} holds another value")
        cache.put(key, [key] * 10_000)
    for notice in cache.notices:
        faults.put(notice)


def test_two_processes_write_and_evict_at_once(folder):
    start, faults = FORK.Event(), FORK.SimpleQueue()
    children = [FORK.Process(target=fill, args=[folder, start, faults]) for _ in range(2)]
    for child in children:
        child.start()
    start.set()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    assert faults.empty()
    assert 0 < sum(path.stat().st_size for path in entries(folder)) <= 1_000_000
