"""One bad paper cannot stop the others: what cannot be done for many at once is tried for each alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.errors import BriefingError, RequestError
from pipeline.records import Fault, Paper, PaperBrief


class Isolation:
    """Work on papers, and the faults of those that it fails on.

    A fault of the machine, the model or the settings concerns every paper: it
    is raised, and so is that of the only paper. Trying each alone takes about
    as long again; a fault that is noticed early costs less.
    """

    def __init__(self, work: Callable[[Sequence[Paper]], list[PaperBrief]], stage: Callable[[], str]):
        """`stage` says at any time what is being done."""
        self.faults: list[Fault] = []
        self._work = work
        self._stage = stage
        self._first: Exception | None = None

    def briefs(self, papers: Sequence[Paper], block: int) -> list[PaperBrief]:
        """What the work makes of the papers, of `block` at a time. Raises the first fault if that is nothing."""
        made = [brief for at in range(0, len(papers), block) for brief in self._apart(papers[at : at + block])]
        if not made and self._first:
            raise self._first
        return made

    def _apart(self, papers: Sequence[Paper]) -> list[PaperBrief]:
        try:
            return self._work(papers)
        except Exception as error:
            if isinstance(error, BriefingError) and not isinstance(error, RequestError):
                raise
            if len(papers) > 1:
                return [brief for paper in papers for brief in self._apart([paper])]
            self._first = self._first or error
            self.faults.append(Fault(papers[0].number, papers[0].title, self._stage(), reason(error)))
            return []


def reason(error: Exception) -> str:
    """A fault in one line. What has no name yet is a mistake of ours that a paper brings out."""
    return str(error) if isinstance(error, RequestError) else f"{type(error).__name__}: {error}"
