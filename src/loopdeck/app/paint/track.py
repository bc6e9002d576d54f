"""The track of the playhead: a session as a line, with a sign for what is under each cell."""

from bisect import bisect_left
from collections.abc import Sequence

from loopdeck.app.paint.lines import Ink, Line, Part
from loopdeck.app.view.scene import Scene

_RANK = {"─": 0, "•": 1, "+": 2, "✗": 3, "◆": 4, "┃": 5, "▼": 6}
_INKS: dict[str, Ink] = {
    "─": "border",
    "•": "muted",
    "+": "add",
    "✗": "fail",
    "◆": "waiting",
    "┃": "waiting",
    "▼": "accent",
    "▲": "accent",
}
LEGEND: tuple[tuple[str, Ink, str], ...] = (
    ("▲", "accent", "the playhead; the mouse drags it"),
    ("•", "muted", "a step begins"),
    ("◆", "waiting", "somebody was asked"),
    ("✗", "fail", "something failed"),
    ("+", "add", "something was changed"),
    ("▼", "accent", "a bookmark or a note"),
    ("┃", "waiting", "what you look for"),
)
"""The signs on the track and what they mean; where two meet, the rarer one is shown."""


def track_parts(scene: Scene, cells: int) -> Line:
    """`├──•──◆──✗─▲──●`: steps, approvals, errors and the playhead on a line."""
    head = max(1, scene.timeline.head)
    inner = cells - 2
    glyphs = ["─"] * inner
    _tick(glyphs, scene.timeline.steps, "•", head)
    _tick(glyphs, scene.timeline.writes, "+", head)
    _tick(glyphs, scene.timeline.errors, "✗", head)
    _tick(glyphs, scene.timeline.approvals, "◆", head)
    _tick(glyphs, scene.find.hits if scene.find else (), "┃", head)
    _tick(glyphs, scene.timeline.jotted, "▼", head)
    end = "●"
    if scene.position is None:
        end = "▲"
    else:
        glyphs[_column(scene.position, head, inner)] = "▲"
    parts = [Part(glyph, _INKS[glyph]) for glyph in glyphs]
    return (Part("├", "border"), *parts, Part(end, "accent" if end == "▲" else "muted"))


def seq_at(column: int, cells: int, head: int) -> int | None:
    """The event under a column of the track; `None` for the end of it."""
    inner = cells - 2
    if column > inner:
        return None
    return max(1, min(head, round((column - 1) * head / max(1, inner - 1))))


def _tick(glyphs: list[str], seqs: Sequence[int], glyph: str, head: int) -> None:
    """Put a glyph in every column that has one of `seqs`; cheap however many there are."""

    inner, rank, at = len(glyphs), _RANK[glyph], 0
    while at < len(seqs):
        column = _column(seqs[at], head, inner)
        if rank > _RANK[glyphs[column]]:
            glyphs[column] = glyph
        at = _beyond(seqs, column, at, head, inner)


def _beyond(seqs: Sequence[int], column: int, at: int, head: int, inner: int) -> int:
    """The first after `at` that is in another column: about where it must be, then exactly."""
    if inner < 2:
        return len(seqs)
    at = bisect_left(seqs, int((column + 0.5) * head / (inner - 1)), at + 1)
    while at < len(seqs) and _column(seqs[at], head, inner) <= column:
        at += 1
    return at


def _column(seq: int, head: int, inner: int) -> int:
    return min(inner - 1, max(0, round(seq * (inner - 1) / head)))
