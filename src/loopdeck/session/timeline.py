"""The playhead: where it is, and where its keys take it.

A position is a sequence number; `None` is the live end. Moves are pure: they read the marks and
return the new position, so that the same keys work in a run and in a recording.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from loopdeck.session.records import Mark, asks, failed

JOTS = {"bookmark_added": "b", "note_added": "n"}
"""What a human adds for people alone, and the letter that its name begins with."""


@dataclass(frozen=True, slots=True)
class Where:
    """The playhead in words: step of steps, and how many events live is ahead."""

    step: int
    steps: int
    behind: int
    live: bool


def step_at(steps: Sequence[int], seq: int) -> int:
    """The step an event belongs to, by where the steps begin; 0 before the first."""
    return bisect_right(steps, seq)


class Timeline:
    """The places a session can be stepped to; grows as marks arrive."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.head = 0
        self.steps: list[int] = []
        self.approvals: list[int] = []
        self.errors: list[int] = []
        self.writes: list[int] = []  # where a call that changes things came to its end
        self.places: dict[str, int] = {}  # b1, b2 … n1, n2 …: the moments they are about
        self.names: dict[int, str] = {}  # the same names by the events that gave them
        self.jotted: list[int] = []  # the same moments in order
        self._counts: dict[str, int] = {}
        self._changing: set[str] = set()
        self._last_step: str | None = None
        self.extend(marks)

    def extend(self, marks: Iterable[Mark], head: int = 0) -> None:
        """Take in more marks; `head` is the newest number, marked or not."""
        for mark in marks:
            self.head = max(self.head, mark.seq)
            if mark.type == "model_requested" and mark.ref != self._last_step:
                self._last_step = mark.ref
                self.steps.append(mark.seq)
            elif asks(mark):
                self.approvals.append(mark.seq)
            elif mark.type in JOTS:
                self._jot(mark)
            elif failed(mark):
                self.errors.append(mark.seq)
            self._follow(mark)
        self.head = max(self.head, head)

    def where(self, position: int | None) -> Where:
        """What the playhead bar says about a position."""
        seq = self.head if position is None else position
        step = bisect_right(self.steps, seq)
        return Where(step, len(self.steps), self.head - seq, position is None)

    def by_step(self, position: int | None, direction: int) -> int | None:
        """The end of the step before or after; past the last one is the live end."""
        seq = self.head if position is None else position
        if direction < 0:
            index = bisect_left(self.steps, seq + 1) - 1
            return max(1, self.steps[index] - 1) if index >= 0 else 1
        index = bisect_right(self.steps, seq + 1)
        stop = max(1, self.steps[index] - 1) if index < len(self.steps) else None
        return stop if stop is not None and stop < self.head else None

    def by_event(self, position: int | None, direction: int) -> int | None:
        """One event back or on."""
        seq = (self.head if position is None else position) + direction
        return None if seq >= self.head else max(1, seq)

    def by_approval(
        self, position: int | None, direction: int, among: Container[int] | None = None
    ) -> int | None:
        """The moment somebody was asked, before or after; stays where there is none.

        Other moments than those `among` do not count.
        """
        return self._jump(_only(self.approvals, among), position, direction)

    def by_error(
        self, position: int | None, direction: int, among: Container[int] | None = None
    ) -> int | None:
        """The moment something failed, in the same way."""
        return self._jump(_only(self.errors, among), position, direction)

    def to_step(self, step: int) -> int | None:
        """The end of step `step`, counted from 1; 0 is the start."""
        if step <= 0:
            return 1
        return self.steps[step] - 1 if step < len(self.steps) else None

    def jots(self, reach: range) -> list[int]:
        """The events that marked one of these moments, oldest first."""
        at = bisect_left(self.jotted, reach.start)
        if at == len(self.jotted) or self.jotted[at] not in reach:
            return []
        return [seq for seq, name in self.names.items() if self.places[name] in reach]

    def _jot(self, mark: Mark) -> None:
        kind = JOTS[mark.type]
        at = max(1, min(int(mark.ref or mark.seq), mark.seq))
        self._counts[kind] = number = self._counts.get(kind, 0) + 1
        name = f"{kind}{number}"
        self.places[name], self.names[mark.seq] = at, name
        insort(self.jotted, at)

    def _follow(self, mark: Mark) -> None:
        """Remember the calls that would change things until they end, and where they did."""
        if mark.type == "call_judged" and mark.ref:
            (self._changing.add if mark.ok else self._changing.discard)(mark.ref)
        elif mark.type == "call_finished" and mark.ref in self._changing:
            self._changing.discard(mark.ref)
            if mark.ok:
                self.writes.append(mark.seq)

    def _jump(self, places: Sequence[int], position: int | None, direction: int) -> int | None:
        seq = self.head if position is None else position
        index = bisect_left(places, seq) - 1 if direction < 0 else bisect_right(places, seq)
        if not 0 <= index < len(places):
            return position
        return places[index]


def _only(places: Sequence[int], among: Container[int] | None) -> Sequence[int]:
    return places if among is None else [seq for seq in places if seq in among]
