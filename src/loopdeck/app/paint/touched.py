"""The files of a session as lines: one a file, and one file's net change with its history."""

from collections.abc import Iterator, Sequence

from loopdeck.app.paint.calls import diff_summary
from loopdeck.app.paint.diff import DiffStyle
from loopdeck.app.paint.lines import EMPTY, Ink, Line, Part, columns, cut, cut_line, prose, width_of
from loopdeck.app.paint.sides import styled_lines
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural
from loopdeck.session.touched import Blind, How, Touch, TouchedFile

NONE = "No file was read or changed up to this moment."
_WORD, _SUM = 12, 16  # cells of what happened, and of the net change
_STEPS = 18
_LONG = 100  # cells of a path, so that what stands behind it is still read with it
_ROOMY = 84  # cells from which the steps have a column
_NAMED = 8  # steps that are named before the rest is counted


def nature(file: TouchedFile) -> tuple[str, str, Ink]:
    """What became of a file in all: a sign, a word, an ink."""
    if file.how is How.READ:
        return "·", "read", "muted"
    if file.how is How.DELETED:
        return ("∅", "came, went", "muted") if file.is_new else ("−", "deleted", "del")
    if not file.changes[-1].sure:
        return "?", "changed?", "unknown"
    return ("+", "new", "add") if file.is_new else ("~", "changed", "plain")


def heading_line(cells: int) -> Line:
    """The names of the columns."""
    size = _path_size(cells)
    parts = [Part(f"{'':2}{'':{_WORD}}", "muted"), Part(f"{'file':<{size}} ", "muted")]
    parts.append(Part(f"{'net change':<{_SUM}}", "muted"))
    if cells >= _ROOMY:
        parts.append(Part("in steps", "muted"))
    return cut_line(tuple(parts), cells)


def file_line(file: TouchedFile, net: str | None, cells: int) -> Line:
    """One file; `net` is the sum of its changes, `None` while it is being read."""
    sign, word, ink = nature(file)
    name = cut_left(sanitize(file.path, lines=False), _path_size(cells))
    parts: list[Part] = [Part(f"{sign} ", ink), Part(f"{word:<{_WORD}}", ink)]
    parts += columns((Part(name, "plain" if file.changes else "muted"),), _path_size(cells) + 1)
    parts.append(Part(f"{'…' if net is None else cut(net, _SUM - 1):<{_SUM}}", "muted"))
    if cells >= _ROOMY:
        parts.append(Part(steps_words(file.changes or file.touches), "muted"))
    return cut_line(tuple(parts), cells)


def net_words(file: TouchedFile, net: str | None) -> str:
    """The sum of a file's changes in a few words; `net` is `None` where the diffs do not fit."""
    if not file.changes:
        return ""
    if file.unrecorded and len(file.unrecorded) == len(file.changes):
        return "not recorded"
    words = "see each" if net is None else diff_summary(net) if net else "none in all"
    words = words.removeprefix("new file · ")
    return f"{words} ?" if file.unrecorded else words


def file_lines(
    file: TouchedFile,
    chosen: Touch,
    diffs: Sequence[str],
    net: str | None,
    cells: int,
    style: DiffStyle = "unified",
) -> list[Line]:
    """Everything the log has on one file: each touch, what is unknown, and the net diff."""
    lines = [*_history(file, chosen, cells), EMPTY]
    for touch in file.unrecorded:
        words = "a command in step {} {} it: what it wrote there is not in the log"
        done = "changed" if touch.sure else "may have changed"
        lines += prose("? " + words.format(touch.step, done), cells, "unknown")
    if net is None:
        words = "The changes do not fit onto each other: something else changed it in between."
        lines += [*prose(f"{words} One by one:", cells, "waiting"), EMPTY]
        for diff in diffs:
            lines += [*styled_lines(sanitize(diff), cells, style), EMPTY]
    elif net:
        lines += [(Part(f"all in all {diff_summary(net)}", "muted"),)]
        lines += styled_lines(sanitize(net), cells, style)
    elif diffs:
        lines += prose("In the end nothing changed: the changes undo each other.", cells, "muted")
    elif not file.changes:
        lines += prose("It was only read.", cells, "muted")
    return lines


def sum_lines(files: Sequence[TouchedFile], blind: Sequence[Blind], cells: int) -> list[Line]:
    """How many files there are, and what nobody can say of the files of a session that ran code."""
    changed = sum(bool(file.changes) for file in files)
    words = [f"{plural(changed, 'file')} changed"] if changed else []
    if changed < len(files):
        words.append(f"{len(files) - changed} only read" if changed else plural(len(files), "file"))
    lines = prose(", ".join(words) + ("" if changed or not files else " read"), cells)
    if blind:
        ran = f"{plural(len(blind), 'command')} ran code ({_numbers([at.step for at in blind])})"
        words = f"? {ran}: which other files they changed is not recorded"
        lines += prose(words, cells, "unknown")
    return lines


def steps_words(touches: Sequence[Touch]) -> str:
    """The steps of some touches."""
    return _numbers([touch.step for touch in touches]).removeprefix("step ").removeprefix("steps ")


def cut_left(text: str, cells: int) -> str:
    """The end of a path, which tells it from others."""
    if width_of((Part(text),)) <= cells:
        return text
    while width_of((Part(text),)) > cells - 1:
        text = text[1:]
    return f"…{text}"


def _numbers(steps: Sequence[int]) -> str:
    named = list(dict.fromkeys(steps))
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    word = "step" if len(named) == 1 else "steps"
    return f"{word} {', '.join(str(step) for step in named[:_NAMED])}{more}"


def _path_size(cells: int) -> int:
    steps = _STEPS if cells >= _ROOMY else 0
    return min(_LONG, max(8, cells - 2 - _WORD - _SUM - 1 - steps))


def _history(file: TouchedFile, chosen: Touch, cells: int) -> Iterator[Line]:
    """The touches in a row that wraps; the chosen one is where enter goes."""
    yield (Part(cut_left(sanitize(file.path, lines=False), cells), "strong"),)
    row: list[Part] = []
    for touch in file.touches:
        mark = "▸" if touch == chosen else " "
        word = f"{touch.how}{'' if touch.sure else '?'}"
        part = Part(f"{mark}{word} in {touch.step}  ", "accent" if touch == chosen else "muted")
        if row and width_of((*row, part)) > cells:
            yield tuple(row)
            row = []
        row.append(part)
    yield tuple(row)
