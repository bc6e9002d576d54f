"""A table in Markdown as aligned columns; one that is too wide stays as it was written."""

import re
from collections.abc import Sequence

from loopdeck.app.paint.lines import Line, Part, verbatim, width_of

_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_BETWEEN = "  "


def is_row(row: str) -> bool:
    """True for a line that may belong to a table."""
    return _ROW.match(row) is not None


def table_lines(rows: Sequence[str], cells: int) -> list[Line]:
    """Rows that stand below each other; without the line under the heads they are no table."""
    if len(rows) < 2 or not _RULE.match(rows[1]):
        return [line for row in rows for line in verbatim(row, cells)]
    table = [_cells(row) for row in (rows[0], *rows[2:])]
    count = max(len(row) for row in table)
    table = [[*row, *[""] * (count - len(row))] for row in table]
    sizes = [max(_width(row[at]) for row in table) for at in range(count)]
    if sum(sizes) + len(_BETWEEN) * (count - 1) > cells:
        return [line for row in rows for line in verbatim(row, cells)]
    right = [_is_right(cell) for cell in _cells(rows[1])]
    right += [False] * (count - len(right))
    lines = [_line(row, sizes, right) for row in table]
    head = tuple(Part(part.text, "strong") for part in lines[0])
    return [head, (Part("─" * (sum(sizes) + len(_BETWEEN) * (count - 1)), "border"),), *lines[1:]]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().removeprefix("|").removesuffix("|").split("|")]


def _width(text: str) -> int:
    return width_of((Part(text),))


def _is_right(rule: str) -> bool:
    return rule.endswith(":") and not rule.startswith(":")


def _line(row: Sequence[str], sizes: Sequence[int], right: Sequence[bool]) -> Line:
    texts: list[str] = []
    for cell, size, is_right in zip(row, sizes, right, strict=True):
        pad = " " * (size - _width(cell))
        texts.append(pad + cell if is_right else cell + pad)
    return (Part(_BETWEEN.join(texts).rstrip()),)
