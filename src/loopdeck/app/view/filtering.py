"""Which rows of the loop a filter lets through, at every moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from loopdeck.app.view.arranging import Arranged
from loopdeck.session.outline import Outline, Row
from loopdeck.session.records import CHANGES, Mark, asks, failed
from loopdeck.session.timeline import Timeline
from loopdeck.session.values import Category

What = Literal["errors", "writes", "asked", "tool"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of calls beyond the marks of their rows: grows while the session is read."""

    tools: Mapping[str, str]
    categories: Mapping[str, Category]


@dataclass(frozen=True, slots=True)
class Filter:
    """Lets errors, writes, what was asked, or one tool through."""

    what: What
    tool: str = ""

    def since(self, row: Row, known: Known) -> int | None:
        """From which event on the row passes; `None` if it never does."""
        row = row.of or row
        match self.what:
            case "errors":
                return _first(row, failed)
            case "asked":
                return _first(row, asks)
            case "writes":
                return row.seq if known.categories.get(row.call_id or "") in CHANGES else None
            case "tool":
                return row.seq if known.tools.get(row.call_id or "") == self.tool else None


class Shown:
    """The rows that are shown: all there are, or those that pass, with the steps they are in."""

    def __init__(self) -> None:
        self.filter: Filter | None = None
        self.passing = 0
        self._arranged = Arranged()
        self._all: Sequence[Row] = ()
        self._rows: list[Row] = []
        self._known = Known({}, {})
        self._found: list[tuple[Row, int]] = []
        self._learned: tuple[int, ...] = ()
        self._events: frozenset[int] | None = None

    @property
    def rows(self) -> Sequence[Row]:
        """The rows up to the playhead."""
        return self._all if self.filter is None else self._rows

    @property
    def count(self) -> int:
        """How many of `rows` are shown."""
        return len(self.rows)

    def only(self, filter_: Filter | None, known: Known) -> None:
        """Let only these through, or all again."""
        self.filter, self._known = filter_, known
        self._learned = ()

    def show(self, outline: Outline, timeline: Timeline, seq: int) -> None:
        """The rows of a moment."""
        self._arranged.learn(outline)
        self._all = self._arranged.upto(outline.count(seq))
        if self.filter is None:
            return
        known = self._known
        learned = (
            len(outline.rows),
            len(timeline.errors),
            len(timeline.approvals),
            len(known.tools),
            len(known.categories),
        )
        if learned != self._learned:
            self._learned = learned
            self._found = _found(self.filter, self._arranged.rows, known)
            self._events = None
        self._rows = self._with_steps(seq)

    def place(self, row: Row) -> int | None:
        """Where a row is among those shown."""
        if self.filter is None:
            return self._arranged.place(row, self._all)
        return next((at for at, one in enumerate(self._rows) if one is row), None)

    def steps(self) -> list[int]:
        """Every step of the session, past or to come, of which a row passes."""
        return sorted({row.step for row, since in self._found if since and row.step})

    @property
    def events(self) -> frozenset[int] | None:
        """The events of every row that passes, now or later; `None` where all rows do."""
        if self.filter is None:
            return None
        if self._events is None:
            passing = (row.of or row for row, since in self._found if since)
            self._events = frozenset(mark.seq for row in passing for mark in row.marks)
        return self._events

    def _with_steps(self, seq: int) -> list[Row]:
        rows: list[Row] = []
        step: Row | None = None
        self.passing = 0
        for row, since in self._found:
            if since == 0:
                step = row
            elif since <= seq:
                if step is not None:
                    rows.append(step)
                    step = None
                rows.append(row)
                self.passing += row.of is None
        return rows


def _found(filter_: Filter, rows: Sequence[Row], known: Known) -> list[tuple[Row, int]]:
    """The rows that pass at some time, each with the event from which on; a step has none."""
    found: list[tuple[Row, int]] = []
    for row in rows:
        since = filter_.since(row, known)
        if since is not None:
            found.append((row, max(since, row.seq)))
        elif row.kind == "step":
            found.append((row, 0))
    return found


def _first(row: Row, passes: Callable[[Mark], bool]) -> int | None:
    return next((mark.seq for mark in row.marks if passes(mark)), None)
