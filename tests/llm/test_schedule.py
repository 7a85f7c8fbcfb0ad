"""The schedule on a context that only keeps books: it computes nothing and refuses what llama.cpp would."""

from collections import defaultdict

import pytest

from pipeline.llm.schedule import Job, Schedule, common_length, groups_by_prefix


class Books:
    """Which tokens each sequence holds, and how many rows were computed."""

    batch_tokens = 8

    def __init__(self, cells, sequences):
        self.cells = cells
        self.sequences = sequences
        self.held = defaultdict(list)  # cells of a sequence; a copy shares them
        self.next_cell = 0
        self.most = 0  # cells that were held at once
        self.rows = 0
        self.batches = []

    def clear(self):
        self.held.clear()

    def decode(self, rows):
        assert 0 < len(rows) <= self.batch_tokens
        for row in rows:
            assert row.position == len(self.held[row.sequence])
            assert 0 <= row.sequence < self.sequences
            self.held[row.sequence].append((row.token, self.next_cell))
            self.next_cell += 1
        self.most = max(self.most, len({cell for cells in self.held.values() for _, cell in cells}))
        assert self.most <= self.cells
        self.last = rows
        self.rows += len(rows)
        self.batches.append(len(rows))

    def scores(self, index):
        row = self.last[index]
        assert row.output
        return [token for token, _ in self.held[row.sequence]]

    def copy(self, source, target):
        assert not self.held[target]
        self.held[target] = list(self.held[source])

    def forget(self, sequence):
        self.held.pop(sequence, None)


class Countdown:
    """A reply of `length` tokens that keeps what the context had read before its first."""

    def __init__(self, length):
        self.left = length
        self.finish = None
        self.saw = None

    def extend(self, read):
        self.saw = self.saw or list(read)
        self.left -= 1
        if not self.left:
            self.finish = "length"
            return []
        return [-self.left]


def job(index, prompt, length):
    return Job(index, list(prompt), length, Countdown(length))


def run(jobs, prefixes, cells=100, sequences=3):
    context, ended = Books(cells, sequences + 1), []
    Schedule(context, sequences, groups_by_prefix(jobs, prefixes)).run(ended.append)
    assert sorted(j.index for j in ended) == list(range(len(jobs)))
    assert [j.reply.saw for j in jobs] == [j.prompt for j in jobs]  # each reply rests on its own prompt
    assert not any(context.held.values())
    return context, [j.index for j in ended]


def test_a_shared_prefix_is_computed_once():
    prefix = range(20)
    jobs = [job(i, [*prefix, 100 + i, 200 + i], 3) for i in range(6)]
    context, _ = run(jobs, ["p"] * 6)
    assert context.rows == 20 + 6 * 2 + 6 * 2  # prefix, bodies, replies without their last token


def test_requests_of_other_prefixes_go_on_at_once():
    jobs = [job(i, [i // 2 * 50 + n for n in range(12)] + [200 + i], 4) for i in range(6)]
    context, _ = run(jobs, ["p", "p", "q", "q", "r", "r"])
    assert context.rows == 3 * 12 + 6 + 6 * 3


def test_longest_first():
    jobs = [job(0, [1], 2), job(1, [2], 9), job(2, [3], 5)]
    assert run(jobs, ["", "", ""], sequences=1)[1] == [1, 2, 0]


def test_sequences_join_as_others_finish():
    jobs = [job(i, [i], 4) for i in range(9)]
    context, _ = run(jobs, [""] * 9)
    assert context.batches == [3] * 12


@pytest.mark.parametrize("cells", [24, 30, 47])
def test_the_context_is_never_overrun(cells):
    jobs = [job(i, [*range(10), 50 + i], 13 - i % 5) for i in range(12)]
    context, ended = run(jobs, ["p"] * 12, cells=cells, sequences=8)  # Books refuses a token too many
    assert len(ended) == 12 and context.most <= cells
    jobs = [job(i, [i % 3 * 100 + n for n in range(10)] + [50 + i], 13 - i % 5) for i in range(12)]
    context, ended = run(jobs, [f"p{i % 3}" for i in range(12)], cells=cells, sequences=8)
    assert len(ended) == 12 and context.most <= cells


def test_the_same_requests_take_the_same_steps():
    def batches():
        return run([job(i, [*range(i % 4 + 3)], i + 1) for i in range(10)], ["p"] * 5 + [""] * 5)[0].batches

    assert batches() == batches()


def test_nothing_to_do():
    assert run([], [])[1] == []


@pytest.mark.parametrize(
    "prompts, length",
    [([[1, 2, 3], [1, 2, 4]], 2), ([[1, 2], [1, 2, 3]], 1), ([[1, 2], [1, 2]], 1), ([[1], [2, 3]], 0)],
)
def test_common_length_leaves_each_prompt_a_token(prompts, length):
    assert common_length(prompts) == length
