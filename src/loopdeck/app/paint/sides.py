"""A diff with what was on the left and what will be on the right, where there is room for both."""

from collections.abc import Iterator
from itertools import zip_longest

from loopdeck.app.paint.diff import (
    DiffStyle,
    Row,
    diff_counts,
    diff_lines,
    heading,
    number_size,
    numbered,
    numbered_lines,
    worded,
)
from loopdeck.app.paint.lines import EMPTY, Line, Part, columns

SIDES_FROM = 100  # cells below which a side would be too narrow to be read
_BETWEEN = Part(" │ ", "border")


def styled_lines(text: str, cells: int, style: DiffStyle) -> list[Line]:
    """The diff in the style that is wanted, where it can be had at this width."""
    if style == "sides" and not why_no_sides(text, cells):
        return side_lines(text, cells)
    return diff_lines(text, cells)


def why_no_sides(text: str, cells: int) -> str:
    """Why a diff is not shown side by side; empty if it can be."""
    if cells < SIDES_FROM:
        return f"side by side needs {SIDES_FROM} columns, and here are {cells}"
    if not all(diff_counts(text)):
        return "this diff has one side only"
    return ""


def side_lines(text: str, cells: int) -> list[Line]:
    """Every row of the diff, the old ones left and the new ones right; wrapped, never cut."""
    rows = text.rstrip("\n").split("\n")
    size = number_size(rows)
    return [line for left, right in _pairs(rows) for line in _paint(left, right, size, cells)]


def _pairs(rows: list[str]) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows that belong beside each other; a heading stands alone on the left."""
    old: list[Row] = []
    new: list[Row] = []
    for row in worded(numbered(rows)):
        match row.sign:
            case "-" if not new:
                old.append(row)
            case "+":
                new.append(row)
            case "\\" if old or new:
                (new or old).append(row)
            case _:
                yield from zip_longest(old, new)
                old, new = [row] if row.sign == "-" else [], []
                if row.sign != "-":
                    yield row, row if row.number is not None else None
    yield from zip_longest(old, new)


def _paint(left: Row | None, right: Row | None, size: int, cells: int) -> Iterator[Line]:
    if left is not None and left.number is None and left.sign != "\\":
        yield from heading(left, size, cells)
        return
    room = (cells - len(_BETWEEN.text)) // 2
    olds = _side(left, left.old if left else None, size, room)
    news = _side(right, right.new if right else None, size, cells - len(_BETWEEN.text) - room)
    for one, other in zip_longest(olds, news, fillvalue=EMPTY):
        yield (*columns(one, room), _BETWEEN, *other)


def _side(row: Row | None, number: int | None, size: int, cells: int) -> list[Line]:
    if row is None:
        return []
    if number is None:
        return list(heading(row, size, cells))
    return list(numbered_lines(row, number, size, cells))
