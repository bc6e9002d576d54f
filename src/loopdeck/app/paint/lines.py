"""Lines of coloured parts: what every pane is painted from, without a widget or a theme."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from rich.cells import cell_len, set_cell_size

Ink = Literal[
    "plain",
    "strong",
    "muted",
    "accent",
    "ok",
    "fail",
    "waiting",
    "unknown",
    "past",
    "chip",
    "border",
    "add",
    "del",
    "code",
    "mark",
    "add-mark",
    "del-mark",
    "word",
    "string",
    "value",
]
INKS: tuple[Ink, ...] = get_args(Ink)


class Part(NamedTuple):
    """A piece of a line in one ink. The text must be safe and hold no line break."""

    text: str
    ink: Ink = "plain"


Line = tuple[Part, ...]
EMPTY: Line = ()
_BY_NAME: dict[str, Ink] = {ink: ink for ink in INKS}


def ink_of(variable: str) -> Ink:
    """The ink that a theme variable such as `loop-ok` stands for."""
    name = variable.removeprefix("$").removeprefix("loop-")
    return _BY_NAME.get(name, "plain")


def width_of(line: Iterable[Part]) -> int:
    """The cells a line takes."""
    return sum(cell_len(part.text) for part in line)


def plain(line: Iterable[Part]) -> str:
    """The words of a line without their inks."""
    return "".join(part.text for part in line)


def cut(text: str, cells: int) -> str:
    """The text in at most so many cells, with an ellipsis where something is missing."""
    if cells <= 0:
        return ""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + "…"


def cut_line(line: Line, cells: int) -> Line:
    """The line in at most so many cells."""
    if width_of(line) <= cells:
        return line
    kept: list[Part] = []
    room = cells
    for part in line:
        size = cell_len(part.text)
        if size >= room:
            kept.append(Part(cut(part.text + " " * (size == room), room), part.ink))
            break
        kept.append(part)
        room -= size
    return tuple(kept)


def spread(left: Line, right: Line, cells: int) -> Line:
    """Both ends of one line: the right one whole, the left one cut where they would touch."""
    size = width_of(right)
    if not right or size + 8 > cells:
        return cut_line(left, cells)
    left = cut_line(left, cells - size - 2)
    gap = cells - size - width_of(left)
    return (*left, Part(" " * gap), *right)


def slice_parts(parts: Iterable[Part], start: int, end: int) -> Iterator[Part]:
    """The characters from `start` up to `end` of parts that stand side by side."""
    place = 0
    for text, ink in parts:
        low, high = max(start, place), min(end, place + len(text))
        if low < high:
            yield Part(text[low - place : high - place], ink)
        place += len(text)


def columns(line: Line, cells: int) -> Line:
    """The line, filled up with blanks to so many cells."""
    line = cut_line(line, cells)
    return (*line, Part(" " * (cells - width_of(line))))


def wrap(text: str, cells: int) -> list[str]:
    """Prose in lines of at most so many cells, broken at blanks where there are some."""
    cells = max(1, cells)
    if len(text) <= cells and text.isascii():
        return [text]
    lines: list[str] = []
    while cell_len(text) > cells:
        head = _head(text, cells)
        blank = head.rfind(" ") if text[len(head) : len(head) + 1] != " " else len(head)
        if blank > 0 and head[:blank].strip():
            head = head[:blank]
        lines.append(head)
        text = text[len(head) :].removeprefix(" ")
    lines.append(text)
    return lines


def chop(text: str, cells: int) -> list[str]:
    """Code in lines of at most so many cells, broken after a blank where one is near the end.

    Nothing is moved and nothing is lost: the lines, joined, are the text.
    """
    cells = max(2, cells)
    if len(text) <= cells and text.isascii():
        return [text]
    lines: list[str] = []
    while cell_len(text) > cells:
        head = _head(text, cells)
        blank = head.rfind(" ") + 1
        if blank > len(head) * 0.6 and head[:blank].strip():
            head = head[:blank]
        lines.append(head)
        text = text[len(head) :]
    lines.append(text)
    return lines


def _head(text: str, cells: int) -> str:
    """As much of the text as fits, and at least one character: wide ones are never split."""
    size = min(len(text), cells)
    while size > 1 and cell_len(text[:size]) > cells:
        size -= 1
    return text[:size]


def prose(text: str, cells: int, ink: Ink = "plain", indent: int = 0) -> list[Line]:
    """Lines of wrapped prose in one ink."""
    pad = " " * indent
    return [
        (Part(pad + piece, ink),)
        for paragraph in text.split("\n")
        for piece in wrap(paragraph, cells - indent)
    ]


def verbatim(text: str, cells: int, ink: Ink = "plain", indent: int = 0) -> list[Line]:
    """Lines of unmoved text in one ink."""
    pad = " " * indent
    return [
        (Part(pad + piece, ink),) for row in text.split("\n") for piece in chop(row, cells - indent)
    ]


def beside(label: str, lines: Sequence[Line], size: int) -> list[Line]:
    """The lines with a label in a column of `size` cells left of the first."""
    head = Part(set_cell_size(cut(label, size - 1), size), "muted")
    pad = Part(" " * size)
    return [(head if at == 0 else pad, *line) for at, line in enumerate(lines)]
