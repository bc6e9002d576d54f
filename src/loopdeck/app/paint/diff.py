"""A unified diff as lines with numbers, signs and colours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from loopdeck.app.paint.lines import Ink, Line, Part, chop, slice_parts
from loopdeck.app.paint.words import Span, changed

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$")
_INKS: dict[str, Ink] = {"+": "add", "-": "del", " ": "plain"}
_MARKS: dict[str, Ink] = {"+": "add-mark", "-": "del-mark"}
_PAIRS = 200  # of one diff whose words are compared; the others are shown without marks

DiffStyle = Literal["unified", "sides"]
"""One column with signs, or what was and what will be beside each other."""


class Row(NamedTuple):
    """A row of a diff with the numbers it has in the old and the new file; a heading has none.

    `marks` are the words of it that changed.
    """

    old: int | None
    new: int | None
    sign: str
    body: str
    marks: tuple[Span, ...] = ()

    @property
    def number(self) -> int | None:
        """The number in the file it stands in."""
        return self.old if self.sign == "-" else self.new


@dataclass(slots=True)
class _Count:
    old: int = 0
    new: int = 0

    def take(self, sign: str, body: str) -> Row:
        """The row that comes next, with this sign."""
        old = self.old if sign != "+" else None
        new = self.new if sign != "-" else None
        self.old += sign != "+"
        self.new += sign != "-"
        return Row(old, new, sign, body)


def diff_lines(text: str, cells: int) -> list[Line]:
    """The diff, every line of it; long ones wrapped, never cut."""
    rows = text.rstrip("\n").split("\n")
    size = number_size(rows)
    return [line for row in worded(numbered(rows)) for line in _paint(row, size, cells)]


def number_size(rows: list[str]) -> int:
    """The cells that its numbers need."""
    return max(2, len(str(_last_number(rows))))


def diff_counts(text: str) -> tuple[int, int]:
    """How many lines a diff adds and takes away."""
    added = removed = 0
    for row in numbered(text.split("\n")):
        if row.number is not None:
            added += row.sign == "+"
            removed += row.sign == "-"
    return added, removed


def diff_size(text: str) -> int:
    """How many characters a diff adds and takes away, without its signs and headings."""
    rows = numbered(text.split("\n"))
    bodies = [row.body for row in rows if row.number and row.sign != " "]
    return len("\n".join(bodies))


def is_new_file(text: str) -> bool:
    """True for a diff that begins from nothing."""
    return text.startswith("--- /dev/null") or "\n@@ -0,0 +" in f"\n{text}"


def numbered(rows: list[str]) -> Iterator[Row]:
    """Each row of a diff; those outside a hunk have no number."""
    at = _Count()
    inside = False
    for row in rows:
        hunk = _HUNK.match(row)
        if hunk:
            at = _Count(int(hunk[1]), int(hunk[2]))
            if inside:
                yield Row(None, None, "…", hunk[3].strip())
            inside = True
        elif inside and row[:1] in ("+", "-", " ", ""):
            yield at.take(row[:1] or " ", row[1:])
        elif inside:
            yield Row(None, None, "\\", row.removeprefix("\\ "))
        elif not row.startswith(("--- ", "+++ ")) and row:
            yield Row(None, None, " ", row)


def worded(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, the changed words marked where an old line has its new one."""
    old: list[Row] = []
    new: list[Row] = []
    left = _PAIRS
    for row in rows:
        if row.sign == "+" and old:
            new.append(row)
            continue
        if row.sign != "-" or new:
            yield from _compared(old, new, left)
            left -= min(len(old), len(new), left)
            old, new = [], []
        if row.sign == "-":
            old.append(row)
        else:
            yield row
    yield from _compared(old, new, left)


def _compared(old: Sequence[Row], new: Sequence[Row], most: int) -> Iterator[Row]:
    pairs = min(len(old), len(new), most)
    marks = [changed(old[at].body, new[at].body) for at in range(pairs)]
    for side, rows in enumerate((old, new)):
        for at, row in enumerate(rows):
            yield row._replace(marks=marks[at][side]) if at < pairs else row


def heading(row: Row, size: int, cells: int) -> Iterator[Line]:
    """A row that stands in no file: where a hunk begins, or a remark."""
    sign = "┄" if row.sign == "…" else " "
    for at, piece in enumerate(chop(row.body, cells - size - 3)):
        label = f"{'':>{size}} {sign if at == 0 else ' '}"
        yield (Part(f"{label} {piece}".rstrip(), "muted"),)


def _paint(row: Row, size: int, cells: int) -> Iterator[Line]:
    if row.number is None:
        yield from heading(row, size, cells)
    else:
        yield from numbered_lines(row, row.number, size, cells)


def numbered_lines(row: Row, number: int, size: int, cells: int) -> Iterator[Line]:
    """A row behind one of its numbers and its sign, wrapped."""
    ink = _INKS.get(row.sign, "plain")
    words = tuple(_words(row, ink)) if row.marks else ()
    begin = 0
    for at, piece in enumerate(chop(row.body, cells - size - 3)):
        head = Part(f"{number:>{size}} " if at == 0 else " " * (size + 1), "muted")
        sign = row.sign if at == 0 else " "
        if words:
            inside = slice_parts(words, begin, begin + len(piece))
            yield (head, Part(f"{sign} ", ink), *inside)
        else:
            yield (head, Part(f"{sign} {piece}", ink))
        begin += len(piece)


def _words(row: Row, ink: Ink) -> Iterator[Part]:
    """The body of a row in parts, the ones that changed in the ink for that."""
    at = 0
    for low, high in (*row.marks, (len(row.body), len(row.body))):
        yield Part(row.body[at:low], ink)
        yield Part(row.body[low:high], _MARKS.get(row.sign, ink))
        at = high


def _last_number(rows: list[str]) -> int:
    numbers = [
        int(number) for row in rows if (hunk := _HUNK.match(row)) for number in hunk.groups()[:2]
    ]
    return max(numbers, default=0) + len(rows)
