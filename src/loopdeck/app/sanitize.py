"""Turns text from outside into text that is safe to draw: what acts or hides becomes visible.

Nothing is dropped, because dropping would hide the attack: an escape shows as `␛`, an invisible
character as `⟨U+202E⟩`. Only text made here may reach a widget.
"""

from typing import NewType

from rich.cells import cell_len, set_cell_size

from loopdeck.visible import HOSTILE_CLASS as HOSTILE_CLASS
from loopdeck.visible import expose
from loopdeck.visible import token as token

Safe = NewType("Safe", str)

TAB = 4  # columns
_ODD_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)


def sanitize(text: str, *, lines: bool = True) -> Safe:
    """The text with everything that acts or hides made visible; `lines=False` makes one line."""
    text = expose(text)
    if "\t" in text:
        text = _expand_tabs(text)
    if not lines:
        text = text.replace("\n", "⏎")
        for space in _ODD_SPACES:
            text = text.replace(space, token(space))
    return Safe(text)


def clip(text: Safe, cells: int) -> Safe:
    """The text in at most so many cells, an ellipsis where something is missing."""
    if cells <= 0:
        return Safe("")
    if cell_len(text) <= cells:
        return text
    return Safe(set_cell_size(text, cells - 1).rstrip(" ") + "…")


def _expand_tabs(text: str) -> str:
    if text.isascii():
        return text.expandtabs(TAB)
    rows = text.split("\n")
    return "\n".join(_expand_row(row) if "\t" in row else row for row in rows)


def _expand_row(row: str) -> str:
    if row.isascii():
        return row.expandtabs(TAB)
    *pieces, last = row.split("\t")
    done = [piece + " " * (TAB - cell_len(piece) % TAB) for piece in pieces]
    return "".join((*done, last))
