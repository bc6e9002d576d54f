"""The Markdown that agents and pages write, as lines: headings, lists, tables, fences, emphasis."""

import re
from collections.abc import Iterator

from loopdeck.app.paint.lines import EMPTY, Ink, Line, Part, chop, plain, slice_parts, wrap
from loopdeck.app.paint.tables import is_row, table_lines

_HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_QUOTE = re.compile(r"^\s*>\s?(.*)$")
_RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,})\s*$")
_INLINE = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*|__[^_]+__)")


def markdown_lines(text: str, cells: int) -> list[Line]:
    """The text in lines. Links stay as they are written: nothing becomes clickable."""
    return list(_blocks(text.split("\n"), cells))


def _blocks(rows: list[str], cells: int) -> Iterator[Line]:
    fenced = False
    paragraph: list[str] = []
    table: list[str] = []
    for row in rows:
        if is_row(row) and not fenced and not paragraph:
            table.append(row)
            continue
        yield from table_lines(table, cells)
        table = []
        special = _is_special(row)
        if paragraph and (special or fenced):
            yield from _flow(" ".join(paragraph), cells)
            paragraph = []
        if _FENCE.match(row):
            fenced = not fenced
        elif fenced:
            yield from ((Part("  "), Part(piece, "code")) for piece in chop(row, cells - 2))
        elif special:
            yield from _special(row, cells)
        else:
            paragraph.append(row.strip())
    yield from table_lines(table, cells)
    if paragraph:
        yield from _flow(" ".join(paragraph), cells)


def _is_special(row: str) -> bool:
    """True for a line that is no part of a paragraph."""
    kinds = (_FENCE, _HEADING, _ITEM, _QUOTE, _RULE)
    return not row.strip() or any(kind.match(row) for kind in kinds)


def _special(row: str, cells: int) -> Iterator[Line]:
    heading, item, quote = _HEADING.match(row), _ITEM.match(row), _QUOTE.match(row)
    if _RULE.match(row):
        yield (Part("─" * min(cells, 24), "border"),)
    elif quote:
        yield from ((Part("▏ ", "muted"), *line) for line in _flow(quote[1], cells - 2))
    elif heading:
        yield from ((Part(piece, "strong"),) for piece in wrap(heading[1], cells))
    elif item:
        indent = min(len(item[1]), 8)
        sign = "•" if item[2] in "-*+" else item[2]
        head = f"{' ' * indent}{sign} "
        for at, line in enumerate(_flow(item[3], cells - len(head))):
            yield (Part(head if at == 0 else " " * len(head), "muted"), *line)
    else:
        yield EMPTY


def _flow(text: str, cells: int) -> Iterator[Line]:
    """Wrapped prose; emphasis may run over a line break."""
    pieces = [Part(_plain(bit), ink) for bit, ink in _inline(text)]
    whole = plain(pieces)
    at = 0
    for row in wrap(whole, cells):
        start = whole.find(row, at)
        at = start + len(row)
        yield tuple(slice_parts(pieces, start, at))


def _inline(text: str) -> Iterator[tuple[str, Ink]]:
    for bit in _INLINE.split(text):
        if bit.startswith(("**", "__")) and len(bit) > 4:
            yield bit, "strong"
        elif bit.startswith("`") and len(bit) > 2:
            yield bit, "code"
        elif bit:
            yield bit, "plain"


def _plain(bit: str) -> str:
    if len(bit) > 4 and bit[:2] == bit[-2:] and bit[:2] in ("**", "__"):
        return bit[2:-2]
    return bit[1:-1] if len(bit) > 2 and bit[0] == bit[-1] == "`" else bit
