"""Several changes of one file as the one change they amount to, from their diffs alone.

A diff shows only the lines around a change. So the old file is known in part: lines that no diff
shows are carried along unseen. Where two diffs do not fit together, somebody else changed the
file in between; then there is no net change to tell, and `net_diff` says so with `None`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_CONTEXT = 3
_NO_END = "\\"
_MOST_LINES = 200_000  # of one file; what is longer is told change by change


class _Misfit(Exception):
    """The diffs are not of one file that nobody else touched."""


@dataclass(frozen=True, slots=True)
class _Old:
    """A line of the old file, by its place."""

    at: int


_Line = _Old | str


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the net diff; a text of `None` is a line that nobody has seen."""

    mark: str
    text: str | None


@dataclass(slots=True)
class _File:
    """The file as far as it is known; behind `lines` the old file goes on at `rest`."""

    lines: list[_Line] = field(default_factory=list[_Line])
    rest: int = 0
    known: dict[int, str] = field(default_factory=dict[int, str])

    def reach(self, count: int) -> None:
        """Make sure that so many lines stand one by one."""
        if count > _MOST_LINES:
            raise _Misfit
        while len(self.lines) < count:
            self.lines.append(_Old(self.rest))
            self.rest += 1

    def expect(self, at: int, text: str) -> None:
        """The line there has to be this one."""
        line = self.lines[at]
        if isinstance(line, _Old):
            if self.known.setdefault(line.at, text) != text:
                raise _Misfit
        elif line != text:
            raise _Misfit


def net_diff(diffs: Iterable[str]) -> str | None:
    """One unified diff for several of one file, in order; empty when they undo each other."""
    file, name, began, exists = _File(), "", "", True
    try:
        for diff in diffs:
            rows = diff.split("\n")
            if len(rows) < 2 or not (rows[0].startswith("--- ") and rows[1].startswith("+++ ")):
                return None
            began = began or rows[0]
            exists = rows[1] != "+++ /dev/null"
            name = rows[1].removeprefix("+++ b/") if exists else rows[0].removeprefix("--- a/")
            _apply(file, rows[2:])
    except _Misfit:
        return None
    created = began == "--- /dev/null"
    if created and not exists:
        return ""
    body = "\n".join(_hunks(file))
    head = f"{began or f'--- a/{name}'}\n+++ {f'b/{name}' if exists else '/dev/null'}\n"
    return f"{head}{body}\n" if body or created or not exists else ""


def _apply(file: _File, rows: list[str]) -> None:
    at = -1
    for row in _joined(rows):
        hunk = _HUNK.match(row)
        if hunk:
            start, count = int(hunk[3]), int(hunk[4] if hunk[4] is not None else 1)
            at = start - 1 if count else start
            file.reach(at)
        elif at < 0 or row[:1] not in (" ", "-", "+"):
            raise _Misfit  # a note in the place of content
        elif row[0] == "+":
            file.lines.insert(at, row[1:])
            at += 1
        else:
            file.reach(at + 1)
            file.expect(at, row[1:])
            if row[0] == "-":
                del file.lines[at]
            else:
                at += 1


def _joined(rows: list[str]) -> Iterator[str]:
    """The lines of a diff; one without a line end at its end carries that with it."""
    for at, row in enumerate(rows):
        following = rows[at + 1] if at + 1 < len(rows) else ""
        if row.startswith(_NO_END) or (not row and at == len(rows) - 1):
            continue
        yield f"{row}\n" if following.startswith(_NO_END) else row


def _hunks(file: _File) -> Iterator[str]:
    """What changed, with what is known around it."""
    rows = list(_rows(file))
    changed = [at for at, row in enumerate(rows) if row.mark != " "]
    near = {at + gap for at in changed for gap in range(-_CONTEXT, _CONTEXT + 1)}
    old = new = 1
    hunk: list[_Row] = []
    begin = (1, 1)
    for at, row in enumerate([*rows, _Row(" ", None)]):
        if at in near and row.text is not None:
            begin = begin if hunk else (old, new)
            hunk.append(row)
        elif hunk:
            yield from _written(hunk, *begin)
            hunk = []
        old += row.mark != "+"
        new += row.mark != "-"


def _rows(file: _File) -> Iterator[_Row]:
    """Every line of the old file and the new, a change's old lines before its new ones."""
    gone: list[str] = []
    fresh: list[str] = []
    at = 0
    for line in [*file.lines, _Old(file.rest)]:
        if isinstance(line, str):
            fresh.append(line)
            continue
        gone += (file.known.get(old, "") for old in range(at, line.at))
        at = line.at + 1
        if gone or fresh:
            yield from _change(gone, fresh)
            gone, fresh = [], []
        yield _Row(" ", file.known.get(line.at))


def _change(gone: list[str], fresh: list[str]) -> Iterator[_Row]:
    """The rows of one change; lines that came back as they were are none."""
    head = 0
    while head < min(len(gone), len(fresh)) and gone[head] == fresh[head]:
        head += 1
    tail = 0
    while tail < min(len(gone), len(fresh)) - head and gone[-1 - tail] == fresh[-1 - tail]:
        tail += 1
    yield from (_Row(" ", text) for text in gone[:head])
    yield from (_Row("-", text) for text in gone[head : len(gone) - tail])
    yield from (_Row("+", text) for text in fresh[head : len(fresh) - tail])
    yield from (_Row(" ", text) for text in gone[len(gone) - tail :])


def _written(hunk: list[_Row], old: int, new: int) -> Iterator[str]:
    if all(row.mark == " " for row in hunk):
        return  # the context of a change that lies behind something unseen
    olds = sum(row.mark != "+" for row in hunk)
    news = sum(row.mark != "-" for row in hunk)
    yield f"@@ -{_range(old, olds)} +{_range(new, news)} @@"
    for row in hunk:
        text = row.text or ""
        if text.endswith("\n"):
            yield f"{row.mark}{text[:-1]}\n{_NO_END} No newline at end of file"
        else:
            yield row.mark + text


def _range(start: int, count: int) -> str:
    begin = start if count else start - 1
    return f"{begin}" if count == 1 else f"{begin},{count}"
