"""The rows of an outline in the order they are shown: an answer right below what it decided."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from loopdeck.session.outline import Outline, Row


class Upto(Sequence[Row]):
    """The first `start` of some rows, and then others: a moment of the past costs no copy."""

    def __init__(self, rows: Sequence[Row], start: int, last: Sequence[Row]) -> None:
        self._rows = rows
        self._start = start
        self._last = last

    def __len__(self) -> int:
        return self._start + len(self._last)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        return self._rows[at] if at < self._start else self._last[at - self._start]


class Arranged:
    """An outline grows at its end; here its last step alone is put in order again when it does."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._outline = Outline()
        self._step = 0  # where the last step begins

    def learn(self, outline: Outline) -> None:
        """Take in the rows that are new."""
        if outline is not self._outline:
            self._outline, self._step = outline, 0
            self.rows.clear()
        if len(outline.rows) != len(self.rows):
            del self.rows[self._step :]
            self.rows += arranged(outline.rows[self._step :])
            self._step = self._begin(len(outline.rows))

    def upto(self, count: int) -> Sequence[Row]:
        """The rows of a moment at which the outline had so many."""
        if count >= len(self.rows):
            return self.rows
        start = self._begin(count)
        return Upto(self.rows, start, list(arranged(self._outline.rows[start:count])))

    def place(self, row: Row, rows: Sequence[Row]) -> int | None:
        """Where a row is among those of a moment."""
        count = self._outline.count(row.seq)
        near = range(self._begin(count), len(rows))
        return next((at for at in near if rows[at] is row), None)

    def _begin(self, count: int) -> int:
        """Where the step begins that the last of so many rows is in."""
        rows = self._outline.rows
        return next((at for at in reversed(range(count)) if rows[at].kind == "step"), 0)


def arranged(rows: Iterable[Row]) -> Iterator[Row]:
    """Each answer below its call, within the step; one from an earlier step stays where it is."""
    step: list[Row] = []
    for row in rows:
        if row.kind == "step":
            yield from _ordered(step)
            step = []
        step.append(row)
    yield from _ordered(step)


def _ordered(rows: Sequence[Row]) -> Iterator[Row]:
    answers: dict[int, list[Row]] = {id(row): [] for row in rows if row.kind == "call"}
    for row in rows:
        if row.of is not None and id(row.of) in answers:
            answers[id(row.of)].append(row)
    for row in rows:
        if row.of is None:
            yield row
            yield from answers.get(id(row), ())
        elif id(row.of) not in answers:
            yield row
