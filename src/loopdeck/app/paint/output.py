"""What a tool said, shown as what it is: numbered lines, JSON, a diff, a page, bytes, or words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loopdeck.app.paint.blobs import binary_name, without_blobs
from loopdeck.app.paint.diff import DiffStyle
from loopdeck.app.paint.lines import (
    EMPTY,
    Ink,
    Line,
    Part,
    chop,
    plain,
    prose,
    slice_parts,
    verbatim,
)
from loopdeck.app.paint.markup import markdown_lines
from loopdeck.app.paint.sides import styled_lines
from loopdeck.app.paint.tints import Tint, language_of, uncoloured
from loopdeck.app.paint.tree import Twig, parsed, twigs
from loopdeck.app.sanitize import Safe, sanitize
from loopdeck.session.calls import CallStatus, CallView

_NUMBERED = re.compile(r"^ *(\d{1,7})\t(.*)$")
_DIFF = re.compile(r"(?:diff --git .*\n(?:.*\n){0,6}?)?--- .*\n\+\+\+ .*\n@@ -")
_FILES = re.compile(r"^(?=diff --git )", re.MULTILINE)
_PRINTS = re.compile(r"(?:cat|head|tail|sed -n)\s+[^|;&<>`$]*?([^\s'\"|;&<>`$]+)['\"]?\s*")
PAGES = frozenset({"web_fetch"})  # tools that answer in Markdown


@dataclass(frozen=True, slots=True)
class Manner:
    """How a result is shown: the style of diffs, colours, and which branches are folded over."""

    style: DiffStyle = "unified"
    tint: Tint = uncoloured
    flipped: frozenset[str] = frozenset()


PLAIN = Manner()


class Page(list[Line]):
    """Lines, and the twigs that some of them are, by number."""

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        super().__init__(lines)
        self.twigs: dict[int, Twig] = {}

    def under(self, head: Sequence[Line]) -> "Page":
        """The same below other lines."""
        page = Page((*head, *self))
        page.twigs = {at + len(head): twig for at, twig in self.twigs.items()}
        return page

    def grow(self, found: Iterator[Twig]) -> None:
        """Add the lines of a tree."""
        for twig in found:
            self.twigs[len(self)] = twig
            self.append(twig.line)


def add_output(page: Page, call: CallView, text: str, cells: int, manner: Manner) -> None:
    """Put what a call said on its page."""
    value = parsed(text) if call.status is CallStatus.DONE else None
    if value is not None:
        page.grow(twigs(value, cells, manner.flipped))
    else:
        page += _words(call, text, cells, manner)


def _words(call: CallView, text: str, cells: int, manner: Manner) -> Sequence[Line]:
    name = binary_name(text)
    if name:
        return prose(f"⟦{name}⟧ · v shows it as it is", cells, "muted")
    if call.tool in PAGES and call.status is CallStatus.DONE:
        return markdown_lines(sanitize(without_blobs(text)).strip(), cells)
    if _DIFF.match(text):
        return list(_diffs(text, cells, manner.style))
    failed = call.status is CallStatus.FAILED and call.exit_code is None
    if failed:  # these are our words about the file, not the file
        return output_lines(text, cells, "fail")
    return output_lines(text, cells, "plain", manner.tint, _file_of(call))


def _diffs(text: str, cells: int, style: DiffStyle) -> Iterator[Line]:
    """The diffs of several files, each under its name."""
    for at, part in enumerate(filter(None, _FILES.split(sanitize(text)))):
        if at:
            yield EMPTY
        head, _, rest = part.partition("\n")
        if head.startswith("diff --git "):
            yield from verbatim(head.removeprefix("diff --git "), cells, "strong")
            part = rest
        yield from styled_lines(part, cells, style)


def _file_of(call: CallView) -> str:
    """The file whose text the call shows, where it shows one."""
    path, command = call.args.get("path"), call.args.get("command")
    if call.tool == "read_file" and isinstance(path, str):
        return path
    if isinstance(command, str) and len(command) < 1_000:
        found = _PRINTS.fullmatch(command.strip())
        return found[1] if found else ""
    return ""


def output_lines(
    text: str, cells: int, ink: Ink = "plain", tint: Tint = uncoloured, name: str = ""
) -> list[Line]:
    """What a tool said; lines that it numbered stand beside a column of their numbers."""
    rows = without_blobs(text).rstrip("\n").split("\n")
    numbered = [_NUMBERED.match(row) for row in rows]
    size = max((len(found[1]) for found in numbered if found), default=0)
    bodies = [found[2] if found else row for row, found in zip(rows, numbered, strict=True)]
    lines: list[Line] = []
    for found, body in zip(numbered, _bodies(bodies, ink, tint, name), strict=True):
        if found is None:
            lines += wrapped(body, cells)
        else:
            head, pad = Part(f"{found[1]:>{size}}  ", "muted"), Part(" " * (size + 2))
            pieces = wrapped(body, cells - size - 2)
            lines += [(head if at == 0 else pad, *piece) for at, piece in enumerate(pieces)]
    return lines


def _bodies(rows: Sequence[str], ink: Ink, tint: Tint, name: str) -> Sequence[Line]:
    """The rows made safe, and in colour where there are colours."""
    text = sanitize("\n".join(rows))
    language = language_of(name, text)
    coloured = tint(text, language) if language else None
    return coloured or [(Part(row, ink),) for row in text.split("\n")]


def wrapped(line: Line, cells: int) -> Iterator[Line]:
    """A coloured line in lines of so many cells; nothing is moved and nothing is lost."""
    at = 0
    for piece in chop(plain(line), cells):
        yield tuple(slice_parts(line, at, at + len(piece)))
        at += len(piece)


def code_block(text: Safe, language: str, cells: int, tint: Tint) -> list[Line]:
    """A safe text in a language, wrapped."""
    found = tint(text, language)
    if found is None:
        return verbatim(text, cells)
    return [line for row in found for line in wrapped(row, cells)]
