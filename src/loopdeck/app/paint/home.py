"""Home as lines: a line for each session, the heads of the columns, and how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import set_cell_size

from loopdeck.app.keymap import label_of
from loopdeck.app.paint.durations import money
from loopdeck.app.paint.glyphs import session_glyph
from loopdeck.app.paint.lines import EMPTY, Line, Part, columns, cut, ink_of, prose, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.session.summary import Summary

_UNITS = ((31_536_000, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_STATE, _AGE, _STEPS, _COST = 17, 8, 7, 11
_WORKSPACE = 26
_ROOMY = 110  # cells from which there is room for the workspace
_LEAST = 70  # below, the cost goes too


@dataclass(frozen=True, slots=True)
class Entry:
    """A session of the list, and how it is seen now: a word of `Summary.as_seen`."""

    summary: Summary
    state: str


def entry_line(entry: Entry, now: int, cells: int) -> Line:
    """State, age, goal, and as many of the figures as there is room for."""
    summary = entry.summary
    glyph, variable, word = session_glyph(entry.state)
    if entry.state == "waiting" and summary.pending > 1:
        word = f"{summary.pending} wait for you"
    figures = _figures(
        f"{summary.steps:,}",
        money(summary.cost_usd or 0, known=summary.cost_usd is not None),
        _folder(summary.workspace),
        cells,
    )
    ink = ink_of(variable)
    left = (
        Part(f"{glyph} ", ink),
        Part(set_cell_size(word, _STATE - 2), ink),
        Part(f"{age(now - summary.started):>{_AGE - 2}}  ", "muted"),
        Part(sanitize(summary.goal or "no goal", lines=False)),
    )
    return (*columns(left, max(0, cells - width_of(figures))), *figures)


def head_line(cells: int) -> Line:
    """The names of the columns."""
    left = (Part(set_cell_size("state", _STATE)), Part(f"{'age':>{_AGE - 2}}  "), Part("goal"))
    figures = _figures("steps", "cost", "workspace", cells)
    line = (*columns(left, max(0, cells - width_of(figures))), *figures)
    return tuple(Part(part.text, "muted") for part in line)


def age(ns: int) -> str:
    """How long ago, in the largest unit that fits: 12 s, 5 min, 3 h, 2 d."""
    seconds = max(0, ns) // 1_000_000_000
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"


def empty_lines(cells: int) -> list[Line]:
    """What to do when there is no session yet."""
    ways = (
        ("type a goal above", "and press enter: an agent starts that asks before it acts"),
        ("loopdeck demo", "a scripted agent at real work, without a key and without network"),
        ("loopdeck replay demo-pitches", "a recorded session, to step through"),
        (label_of("help"), "every key"),
    )
    lines: list[Line] = [(Part("No sessions yet.", "strong"),), EMPTY]
    size = max(len(way) for way, _ in ways) + 3
    for way, what in ways:
        if cells >= size + max(len(what) for _, what in ways):
            lines.append((Part(f"{way:<{size}}", "accent"), Part(what, "muted")))
        else:
            lines += [(Part(way, "accent"),), *prose(what, cells, "muted", 2)]
    return lines


def key_words(keys: Sequence[tuple[str, str]], cells: int) -> Line:
    """Keys and their words on one line, as many as fit."""
    parts: list[Part] = []
    room = cells
    for key, words in keys:
        size = len(key) + len(words) + 4
        if size > room:
            break
        room -= size
        parts += [Part(key, "accent"), Part(f" {words}   ", "muted")]
    return tuple(parts)


def _figures(steps: str, cost: str, workspace: str, cells: int) -> Line:
    parts = [Part(f"{steps:>{_STEPS}}")]
    if cells >= _LEAST:
        parts.append(Part(f"{cost:>{_COST}}"))
    if cells >= _ROOMY:
        parts.append(Part(f"   {set_cell_size(workspace, _WORKSPACE)}", "muted"))
    return tuple(parts)


def _folder(path: str) -> str:
    text = sanitize(path, lines=False)
    if len(text) <= _WORKSPACE:
        return text
    return cut("…/" + "/".join(text.rsplit("/", 2)[-2:]), _WORKSPACE)
