"""Reads the calls of past sessions from the journal, newest session first."""

from collections.abc import Sequence
from typing import Protocol

from loopdeck.session.family import eldest
from loopdeck.session.recorded import ENDS, KINDS, Recorded, RecordedCall
from loopdeck.session.records import Mark, Record
from loopdeck.session.summary import Summary

PAGE = 500
MOST = 5_000  # calls; what people did longer ago says little about what they want now


class Past(Protocol):
    """The little of a journal and its library that is read here."""

    async def marks(self, session: str, *, after: int = 0) -> list[Mark]:
        """The session's index from `after` on, in order."""
        ...

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers, as far as they exist."""
        ...


class Listing(Protocol):
    """All sessions there are."""

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        ...


async def past_calls(
    library: Listing,
    past: Past,
    *,
    sessions: Sequence[str] = (),
    since: int = 0,
    most: int = MOST,
) -> list[RecordedCall]:
    """The judged calls of all sessions, or of some, at most `most` of them.

    `since` (UTC ns) leaves out older calls. What a fork has of its parent counts once.
    """
    found: list[RecordedCall] = []
    known = await library.summaries()
    parents = {summary.id: summary.parent for summary in known if summary.parent}
    families = frozenset((*parents, *parents.values()))
    met: set[tuple[str, str, int]] = set()
    for summary in known:
        if (sessions and summary.id not in sessions) or not summary.calls:
            continue
        calls = await calls_of(past, summary.id)
        if summary.id in families:
            root = eldest(summary.id, parents, families)
            calls = [call for call in calls if (root, call.call_id, call.at) not in met]
            met.update((root, call.call_id, call.at) for call in calls)
        found += [call for call in calls if call.at >= since]
        if len(found) >= most:
            break
    return found[:most]


async def calls_of(past: Past, session: str) -> list[RecordedCall]:
    """The judged calls of one session; its index is read whole, and of its log only the calls."""
    marks = [mark for mark in await past.marks(session) if mark.type in KINDS or mark.type == ENDS]
    if not any(mark.type == "call_judged" for mark in marks):
        return []
    fold = Recorded()
    for at in range(0, len(marks), PAGE):
        page = marks[at : at + PAGE]
        picked = await past.pick(session, [mark.seq for mark in page if mark.type != ENDS])
        for mark in page:
            if mark.type == ENDS:
                fold.finish(mark.ref or "")
            elif mark.seq in picked:
                fold.take((picked[mark.seq],))
    return list(fold.calls())
