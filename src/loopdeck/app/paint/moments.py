"""What a row of the loop is painted from: facts about records, and the moment it is painted for."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from loopdeck.session.outline import Row

GUTTER = 4


class RowFact(Protocol):
    """What is known of one record."""

    @property
    def text(self) -> str:
        """Its words."""
        ...

    @property
    def name(self) -> str:
        """The tool or the kind."""
        ...

    @property
    def ms(self) -> float | None:
        """How long it took."""
        ...

    @property
    def ts(self) -> int:
        """When it was (UTC ns)."""
        ...

    @property
    def more(self) -> str:
        """What an answer made of the call, where it was edited."""
        ...


Look = Callable[[int], RowFact | None]


@dataclass(frozen=True, slots=True)
class Moment:
    """A playhead, where the run stopped ((event, whether it ended there) in order), and its places.

    `names` are those of bookmarks and notes by their events, `steps` are where steps begin.
    `says` is how far a running call is, by its id, where its server tells.
    """

    seq: int
    stops: Sequence[tuple[int, bool]] = ()
    names: Mapping[int, str] = field(default_factory=dict[int, str])
    steps: Sequence[int] = ()
    says: Mapping[str, str] = field(default_factory=dict[str, str])

    def stopped(self, row: Row) -> bool | None:
        """Whether the run came to rest over an open row: `True` if it ended, `None` if not."""
        shown = row.upto(self.seq)
        if not shown:  # a row of a moment that was left just now
            return None
        last = shown[-1].seq
        after = bisect_right(self.stops, last, key=lambda stop: stop[0])
        until = bisect_right(self.stops, self.seq, key=lambda stop: stop[0])
        return any(ended for _, ended in self.stops[after:until]) if after < until else None


class Stops:
    """Where the run came to rest, learned row by row as the session grows."""

    def __init__(self) -> None:
        self.places: list[tuple[int, bool]] = []
        self._rows: Sequence[Row] = ()
        self._looked = 0

    def learn(self, rows: Sequence[Row]) -> None:
        """Look at the rows that are new; at all of them where they are others."""
        if rows is not self._rows:
            self._rows, self._looked = rows, 0
            self.places.clear()
        for row in rows[self._looked :]:
            if row.kind in ("paused", "ended"):
                self.places.append((row.seq, row.kind == "ended"))
        self._looked = len(rows)
