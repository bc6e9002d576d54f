"""Home as lines: a line for each session, the heads of the columns, and how to begin."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from loopdeck.app.keys.keymap import label_of
from loopdeck.app.paint.glyphs import session_glyph
from loopdeck.app.paint.lines import (
    EMPTY,
    Line,
    Part,
    columns,
    cut,
    cut_line,
    ink_of,
    prose,
    width_of,
)
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import age, money
from loopdeck.ports.journal import PutAway
from loopdeck.session.summary import Seen, Summary

_STATE, _AGE, _STEPS, _COST = 18, 8, 7, 11
_WORKSPACE = 26
_MODEL = 18
_ROOMY = 110  # cells from which there is room for the workspace
_VAST = 150  # and for the model
_DEEPEST = 6  # forks of forks beyond stand in no more
_LEAST = 70  # below, the cost goes too


@dataclass(frozen=True, slots=True)
class Entry:
    """A session of the list, and how it is seen now: a word of `Summary.as_seen`."""

    summary: Summary
    state: Seen


def entry_line(entry: Entry, now: int, cells: int, *, depth: int = 0) -> Line:
    """State, age, goal, and as many of the figures as there is room for.

    A fork `depth` below its eldest parent in the list stands in by as much.
    """
    summary = entry.summary
    glyph, variable, word = session_glyph(entry.state)
    if entry.state == "waiting" and summary.pending > 1:
        word = f"{summary.pending} wait for you"
    figures = _figures(
        f"{summary.steps:,}",
        money(summary.cost_usd or 0, known=summary.cost_is_all),
        _folder(summary.workspace),
        sanitize(summary.model, lines=False),
        cells,
    )
    title = sanitize(summary.title or "no goal", lines=False)
    branch = _branch(summary, depth)
    tags = sanitize("".join(f" #{tag}" for tag in summary.label.tags), lines=False)
    room = cells - width_of(figures) - _STATE - _AGE - cell_len(branch)
    size = max(room // 2, room - cell_len(tags))  # a goal may be cut for its tags, by half
    ink = ink_of(variable)
    left = (
        Part(f"{glyph} ", ink),
        Part(set_cell_size(word, _STATE - 2), ink),
        Part(f"{age(now - summary.started):>{_AGE - 2}}  ", "muted"),
        Part(branch, "muted"),
        Part(cut(title, size)),
        Part(tags, "accent"),
    )
    return (*columns(left, max(0, cells - width_of(figures))), *figures)


def head_line(cells: int) -> Line:
    """The names of the columns."""
    left = (Part(set_cell_size("state", _STATE)), Part(f"{'age':>{_AGE - 2}}  "), Part("goal"))
    figures = _figures("steps", "cost", "workspace", "model", cells)
    line = (*columns(left, max(0, cells - width_of(figures))), *figures)
    return tuple(Part(part.text, "muted") for part in line)


def empty_lines(cells: int) -> list[Line]:
    """What to do when there is no session yet."""
    ways = (
        ("type a goal above", "and press enter: an agent starts, at the level that stands there"),
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


def none_lines(cells: int) -> list[Line]:
    """What to do when no session has the words that were typed."""
    words = "Goals, names, #tags, states, models and folders are compared. tab looks inside."
    return [(Part("No session has these words.", "strong"),), *prose(words, cells, "muted")]


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


def attic_heading(cells: int) -> Line:
    """The names of the columns of the archive."""
    return cut_line((Part(f"{'age':>{_AGE - 2}}  goal", "muted"),), cells)


def attic_line(kept: PutAway, now: int, cells: int) -> Line:
    """A session that was put away: how old it is, what it was about, its tags."""
    title = sanitize(kept.label.name or kept.goal or "no goal", lines=False)
    tags = sanitize("".join(f" #{tag}" for tag in kept.label.tags), lines=False)
    when = Part(f"{age(now - kept.started):>{_AGE - 2}}  ", "muted")
    return cut_line((when, Part(cut(title, cells - _AGE)), Part(tags, "accent")), cells)


def _branch(summary: Summary, depth: int) -> str:
    """What says that a session is a fork: of the line above, or of one that is not listed."""
    if depth:
        return "  " * (min(depth, _DEEPEST) - 1) + "└ "
    return "fork: " if summary.parent else ""


def _figures(steps: str, cost: str, workspace: str, model: str, cells: int) -> Line:
    parts = [Part(f"{steps:>{_STEPS}}")]
    if cells >= _LEAST:
        parts.append(Part(f"{cost:>{_COST}}"))
    if cells >= _ROOMY:
        parts.append(Part(f"   {set_cell_size(workspace, _WORKSPACE)}", "muted"))
    if cells >= _VAST:
        parts.append(Part(f"  {set_cell_size(cut(model, _MODEL), _MODEL)}", "muted"))
    return tuple(parts)


def _folder(path: str) -> str:
    text = sanitize(path, lines=False)
    if len(text) <= _WORKSPACE:
        return text
    two, one = (f"…/{'/'.join(text.rsplit('/', kept)[-kept:])}" for kept in (2, 1))
    return two if len(two) <= _WORKSPACE else cut(one, _WORKSPACE)
