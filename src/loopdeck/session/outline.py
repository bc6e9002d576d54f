"""The table of contents of a session: one row a step, call, message or turning point.

Rows are built once, from marks, and never change their order. Each row keeps the marks that
touched it, so it can say how it stood at any playhead without a copy a moment.
"""

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from loopdeck.session.calls import CallStatus
from loopdeck.session.records import Mark

TurnKind = Literal[
    "goal",
    "resumed",
    "paused",
    "ended",
    "level",
    "model",
    "message",
    "steer",
    "fault",
    "limit",
    "loop",
    "compacted",
    "granted",
    "revoked",
    "sandbox",
    "server",
    "service",
]
"""Rows that one event makes and that no other joins: turning points."""
RowKind = Literal["step", "call", "answer", "ask", "check", "bookmark", "note"] | TurnKind

_CALL = "call_"
_ALONE: dict[str, RowKind] = {  # event type -> kind of the row it makes by itself
    "session_started": "goal",
    "session_resumed": "resumed",
    "session_paused": "paused",
    "session_ended": "ended",
    "level_changed": "level",
    "model_changed": "model",
    "human_message": "message",
    "human_steered": "steer",
    "model_failed": "fault",
    "limit_warned": "limit",
    "limit_hit": "limit",
    "loop_suspected": "loop",
    "context_compacted": "compacted",
    "rule_granted": "granted",
    "rule_revoked": "revoked",
    "sandbox_checked": "sandbox",
    "server_checked": "server",
    "service_ended": "service",
    "bookmark_added": "bookmark",
    "note_added": "note",
}
_PAIRED: dict[
    str, tuple[RowKind, bool]
] = {  # event type -> (kind of the row, whether this type opens it)
    "model_requested": ("step", True),
    "model_replied": ("step", False),
    "human_called": ("ask", True),
    "human_answered": ("ask", False),
    "check_started": ("check", True),
    "check_finished": ("check", False),
}
_STATUS = {
    "call_proposed": CallStatus.PROPOSED,
    "call_asked": CallStatus.WAITING,
    "call_started": CallStatus.RUNNING,
    "call_unknown": CallStatus.UNKNOWN,
}


@dataclass(slots=True)
class Row:
    """One row; `marks` are its events in order, the first of which made it.

    The answer to a call has a row of its own, where it was given; `of` is the row of the call.
    """

    kind: RowKind
    step: int
    ref: str | None
    marks: list[Mark] = field(default_factory=list[Mark])
    of: "Row | None" = None

    @property
    def seq(self) -> int:
        """Where the row begins."""
        return self.marks[0].seq

    @property
    def call_id(self) -> str | None:
        """The call that the row is about, if it is about one."""
        return self.ref if self.kind in ("call", "answer") else None

    def upto(self, seq: int) -> list[Mark]:
        """The marks at or before `seq`."""
        return [mark for mark in self.marks if mark.seq <= seq]

    def last(self, kind: str, seq: int) -> Mark | None:
        """The newest mark of one event type at or before `seq`."""
        found = [mark for mark in self.marks if mark.seq <= seq and mark.type == kind]
        return found[-1] if found else None

    def status(self, seq: int) -> CallStatus:
        """How the row's call stood at `seq`."""
        status = CallStatus.PROPOSED
        for mark in self.upto(seq):
            if mark.type == "call_answered":
                status = CallStatus.APPROVED if mark.ok else CallStatus.DENIED
            elif mark.type == "call_finished":
                status = CallStatus.DONE if mark.ok else CallStatus.FAILED
            else:
                status = _STATUS.get(mark.type, status)
        return status


class Outline:
    """Rows in order, found by place or by call; grows as marks arrive, in any batch size."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.rows: list[Row] = []
        self._starts: list[int] = []
        self._open: dict[tuple[RowKind, str], Row] = {}
        self._step = 0
        self._sandbox: str | None = None  # the one that held when it was last tried
        self.extend(marks)

    def extend(self, marks: Iterable[Mark]) -> None:
        """Take in more marks; they must follow the ones before."""
        for mark in marks:
            self._add(mark)

    def count(self, seq: int) -> int:
        """How many rows had begun at `seq`."""
        return bisect_right(self._starts, seq)

    def begun_at(self, seq: int) -> Row | None:
        """The row that an event began."""
        place = bisect_left(self._starts, seq)
        row = self.rows[place] if place < len(self.rows) else None
        return row if row is not None and row.seq == seq else None

    def reach(self, row: Row) -> range:
        """The events from a row's first until the next row that is no answer to a call."""
        place = bisect_right(self._starts, row.seq)
        later = (self.rows[at] for at in range(place, len(self.rows)))
        end = next((one.seq for one in later if one.kind != "answer"), sys.maxsize)
        return range(row.seq, end)

    def call(self, call_id: str) -> Row | None:
        """The row of a call."""
        return self._open.get(("call", call_id))

    def _add(self, mark: Mark) -> None:
        if mark.type.startswith(_CALL):
            self._join("call", mark, opens=mark.type == "call_proposed")
            if mark.type == "call_answered" and (call := self.call(mark.ref or "")):
                self._append(Row("answer", self._step, mark.ref, [mark], of=call))
        elif mark.type in _PAIRED:
            kind, opens = _PAIRED[mark.type]
            if mark.type == "model_requested":
                opens = ("step", mark.ref or "") not in self._open
                self._step = int(mark.ref or self._step)
            self._join(kind, mark, opens=opens)
        elif mark.type in _ALONE and not self._holds_on(mark):
            self._append(Row(_ALONE[mark.type], self._step, mark.ref, [mark]))

    def _holds_on(self, mark: Mark) -> bool:
        """Whether all there is to say is that the sandbox of before still holds."""
        if mark.type != "sandbox_checked":
            return False
        before, self._sandbox = self._sandbox, mark.ref
        return mark.ref is not None and mark.ref == before

    def _join(self, kind: RowKind, mark: Mark, *, opens: bool) -> None:
        key = (kind, mark.ref or "")
        row = self._open.get(key)
        if row is not None and not opens:
            row.marks.append(mark)
        elif opens:
            row = Row(kind, self._step, mark.ref, [mark])
            self._open[key] = row
            self._append(row)

    def _append(self, row: Row) -> None:
        self.rows.append(row)
        self._starts.append(row.seq)
