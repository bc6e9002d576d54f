"""A unified diff as lines with numbers, signs and colours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loopdeck.app.paint.lines import Ink, Line, Part, chop

_HUNK = re.compile(r"^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$")
_INKS: dict[str, Ink] = {"+": "add", "-": "del", " ": "plain"}


@dataclass(slots=True)
class _Count:
    old: int = 0
    new: int = 0

    def take(self, sign: str) -> int:
        """The number that a line with this sign has, in the file it stands in."""
        number = self.old if sign == "-" else self.new
        self.old += sign != "+"
        self.new += sign != "-"
        return number


def diff_lines(text: str, cells: int) -> list[Line]:
    """The diff, every line of it; long ones wrapped, never cut."""
    rows = text.rstrip("\n").split("\n")
    size = max(2, len(str(_last_number(rows))))
    return [line for row in _numbered(rows) for line in _paint(*row, size, cells)]


def diff_counts(text: str) -> tuple[int, int]:
    """How many lines a diff adds and takes away."""
    added = removed = 0
    for number, sign, _ in _numbered(text.split("\n")):
        if number is not None:
            added += sign == "+"
            removed += sign == "-"
    return added, removed


def diff_size(text: str) -> int:
    """How many characters a diff adds and takes away, without its signs and headings."""
    bodies = [body for number, sign, body in _numbered(text.split("\n")) if number and sign != " "]
    return len("\n".join(bodies))


def is_new_file(text: str) -> bool:
    """True for a diff that begins from nothing."""
    return text.startswith("--- /dev/null") or "\n@@ -0,0 +" in f"\n{text}"


def _numbered(rows: list[str]) -> Iterator[tuple[int | None, str, str]]:
    """Each row as (number, sign, body); rows outside a hunk have no number."""
    at = _Count()
    inside = False
    for row in rows:
        hunk = _HUNK.match(row)
        if hunk:
            at = _Count(int(hunk[1]), int(hunk[2]))
            if inside:
                yield None, "…", hunk[3].strip()
            inside = True
        elif inside and row[:1] in ("+", "-", " ", ""):
            yield at.take(row[:1] or " "), row[:1] or " ", row[1:]
        elif inside:
            yield None, "\\", row.removeprefix("\\ ")
        elif not row.startswith(("--- ", "+++ ")) and row:
            yield None, " ", row


def _paint(number: int | None, sign: str, body: str, size: int, cells: int) -> Iterator[Line]:
    if number is None:
        label = f"{'':>{size}} " + ("┄" if sign == "…" else " ")
        yield (Part(f"{label} {body}".rstrip(), "muted"),)
        return
    ink = _INKS.get(sign, "plain")
    for at, piece in enumerate(chop(body, cells - size - 3)):
        head = f"{number:>{size}} " if at == 0 else " " * (size + 1)
        yield (Part(head, "muted"), Part(f"{sign if at == 0 else ' '} {piece}", ink))


def _last_number(rows: list[str]) -> int:
    numbers = [
        int(number) for row in rows if (hunk := _HUNK.match(row)) for number in hunk.groups()[:2]
    ]
    return max(numbers, default=0) + len(rows)
