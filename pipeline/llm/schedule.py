"""Many requests through one context: who joins when, and what each batch holds.

Requests of one task share a prefix. The first of them computes it and leaves a
copy with a holder, from which the others begin. Longer requests go first, so
that short ones fill the end; a group begins when the one before has none left
to start, while its last replies are still being written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.llm.context import Context, Row
from pipeline.llm.reply import Reply


@dataclass(eq=False, slots=True)
class Job:
    """One request on its way."""

    index: int  # among the requests
    prompt: list[int]  # token ids
    max_tokens: int  # of the reply
    reply: Reply
    group: Group | None = None
    sequence: int = -1
    position: int = 0  # tokens that the context holds of it
    pending: list[int] = field(default_factory=list)  # tokens that the context must read next

    @property
    def own_cells(self) -> int:
        """Cells that it may come to need, without the shared ones."""
        return len(self.prompt) - self.group.shared + self.max_tokens


@dataclass(eq=False, slots=True)
class Group:
    """Jobs whose prompts begin with the same `shared` tokens."""

    waiting: deque[Job]
    shared: int
    computed: bool = False  # the holder has the shared tokens
    running: int = 0


def groups_by_prefix(jobs: Sequence[Job], prefixes: Sequence[str]) -> list[Group]:
    """Jobs of the same prefix in one group; those that share with none in a group that shares nothing."""
    by_prefix: dict[str, list[Job]] = {}
    for job, prefix in zip(jobs, prefixes, strict=True):
        by_prefix.setdefault(prefix, []).append(job)
    sharing = [members for prefix, members in by_prefix.items() if prefix and len(members) > 1]
    alone = [job for prefix, members in by_prefix.items() if not prefix or len(members) == 1 for job in members]
    groups = [_group(members, common_length([job.prompt for job in members])) for members in sharing]
    return groups + ([_group(alone, 0)] if alone else [])


def _group(jobs: list[Job], shared: int) -> Group:
    longest_first = sorted(jobs, key=lambda job: -(len(job.prompt) + job.max_tokens))
    group = Group(deque(longest_first), shared, computed=shared == 0)
    for job in jobs:
        job.group = group
    return group


def common_length(prompts: Sequence[Sequence[int]]) -> int:
    """How many first tokens all prompts share, less than any of them has."""
    first, length = prompts[0], min(map(len, prompts)) - 1
    for prompt in prompts[1:]:
        length = next((i for i in range(length) if prompt[i] != first[i]), length)
    return length


class Schedule:
    """Runs groups of jobs to their end in a context of `sequences` + 1 sequences.

    Every job must fit by itself: prompt and reply within `context.cells`.
    """

    def __init__(self, context: Context, sequences: int, groups: Iterable[Group]):
        self._context = context
        self._groups = deque(groups)
        self._free_sequences = list(range(sequences))
        self._holder = sequences
        self._free_cells = context.cells
        self._running: list[Job] = []

    def run(self, done: Callable[[Job], None]) -> None:
        """Decode until all jobs are done; `done` is told of each as it ends."""
        self._context.clear()
        while self._groups or self._running:
            self._admit()
            self._step(done)

    def _admit(self) -> None:
        while self._groups and self._free_sequences:
            group = self._groups[0]
            if not group.computed and group.running:
                return  # until the first of the group has computed what it shares
            job = group.waiting[0]
            cells = job.own_cells + (0 if group.computed else group.shared)
            if cells > self._free_cells:
                return  # until replies end and leave their cells
            self._free_cells -= cells
            self._start(group.waiting.popleft())
            if not group.waiting:
                self._context.forget(self._holder)
                self._groups.popleft()

    def _start(self, job: Job) -> None:
        job.sequence = self._free_sequences.pop()
        if job.group.computed and job.group.shared:
            self._context.copy(self._holder, job.sequence)
            job.position = job.group.shared
        job.pending = job.prompt[job.position :]
        job.group.running += 1
        self._running.append(job)

    def _step(self, done: Callable[[Job], None]) -> None:
        rows: list[Row] = []
        read: list[tuple[Job, int]] = []  # jobs whose pending tokens are all read, and their last row
        # Replies before prompts: a reply needs one row and must not wait for a long prompt.
        for job in sorted(self._running, key=lambda job: job.position < len(job.prompt)):
            count = min(len(job.pending), self._context.batch_tokens - len(rows))
            if not job.group.computed:
                count = min(count, job.group.shared - job.position)
            complete = count == len(job.pending)
            for offset, token in enumerate(job.pending[:count]):
                output = complete and offset == count - 1
                rows.append(Row(token, job.position + offset, job.sequence, output))
            job.position += count
            job.pending = job.pending[count:]
            if complete:
                read.append((job, len(rows) - 1))
        self._context.decode(rows)
        for job in self._running:
            self._share(job)
        for job, row in read:
            job.pending = job.reply.extend(self._context.scores(row))
            if job.reply.finish:
                self._end(job)
                done(job)

    def _share(self, job: Job) -> None:
        # Exactly at the boundary: a recurrent model's state cannot be cut back to it later.
        if not job.group.computed and job.position == job.group.shared:
            self._context.copy(job.sequence, self._holder)
            job.group.computed = True

    def _end(self, job: Job) -> None:
        group = job.group
        self._context.forget(job.sequence)
        self._running.remove(job)
        self._free_sequences.append(job.sequence)
        self._free_cells += job.own_cells
        group.running -= 1
        if not group.running and not group.waiting:
            self._free_cells += group.shared
