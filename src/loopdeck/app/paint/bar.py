"""The playhead bar: the session as a line with ticks, the place on it, and what it cost."""

from bisect import bisect_right
from collections.abc import Sequence

from loopdeck.app.paint.durations import count, money, plural, span
from loopdeck.app.paint.lines import Ink, Line, Part, cut, cut_line, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.app.scene import Find, Scene
from loopdeck.session.timeline import Where

_GAPS = 6
_PAUSE = 12  # cells for the length of a pause that is cut short
_ROOMY = 100  # cells from which there is room for the sums while it plays
_TRACK_LEAST, _TRACK_GOOD, _TRACK_ROOMY, _TRACK_MOST = 8, 12, 24, 96
_COST = 6  # cells for a sum of money, so that the track keeps its size
_WORDS = 24  # cells for words that are looked for
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


def bar_line(scene: Scene, cells: int, held: int = 0) -> Line:
    """The whole bar; what there is no room for is left out, the least needed first.

    While the playhead is dragged, its track keeps the size it was `held` at.
    """
    words, sums, hint = _ends(scene, cells)
    size = held or track_cells(scene, cells)
    if held:
        words, hint = cut_line(words, cells - held - 2), ()
        sums = sums if width_of(words) + width_of(sums) + held + _GAPS <= cells else ()
    track = (*track_parts(scene, size), Part("  ")) if size else ()
    left = (*track, *words)
    gap = cells - width_of(left) - width_of(sums) - width_of(hint)
    return (*left, Part(" " * max(0, gap)), *sums, *hint)


def _aims(scene: Scene, cells: int) -> Line:
    """What is looked for and which rows alone count, or else the sums."""
    if scene.playing or not (scene.find or scene.only):
        return sum_words(scene)
    if scene.find is None:
        more = ": steps, jumps and search keep to it" if cells >= _ROOMY else ""
        return (Part("▸ ", "accent"), Part(scene.only, "strong"), Part(more, "muted"))
    only = (Part(f", {scene.only}", "muted"),) if scene.only and cells >= _ROOMY else ()
    return (*find_words(scene.find), *only)


def track_cells(scene: Scene, cells: int) -> int:
    """How much of the bar the track takes; 0 where there is no room for it."""
    room = cells - sum(width_of(part) for part in _ends(scene, cells)) - _GAPS
    return min(room, _TRACK_MOST) if room >= _TRACK_LEAST else 0


def _ends(scene: Scene, cells: int) -> tuple[Line, Line, Line]:
    words = place_words(scene, scene.timeline.where(scene.position))
    sums = _aims(scene, cells)
    if (scene.find or scene.only) and cells < _ROOMY and not scene.playing:
        words = words[: 2 if scene.position is not None else 1]
    hint: Line = (Part("   ? help", "muted"),)
    room = cells - width_of(words) - width_of(sums) - _GAPS
    if room - width_of(hint) >= _TRACK_ROOMY:
        return words, sums, hint
    narrow = bool(scene.playing) and cells < _ROOMY
    return (words, sums, ()) if room >= _TRACK_GOOD and not narrow else (words, (), ())


def place_words(scene: Scene, where: Where) -> Line:
    """`step 4 of 6  LIVE`, or how far in the past."""
    if scene.playing:
        return _playing_words(scene, where)
    step = f"step {where.step} of {where.steps}"
    if where.live:
        end = end_word(scene)
        return (Part(f"{step}  "), Part(end, "muted" if end == "END" else "ok"))
    ahead = where.steps - where.step
    far = plural(ahead, "step") if ahead else plural(where.behind, "event")
    most = len(f"{where.steps}{where.steps}, {where.steps} events")
    pad = " " * (most - len(f"{where.step}{where.steps}, {far}"))  # the track keeps its size
    return (
        Part("PAST ", "past"),
        Part(step),
        Part(f", {'the end' if end_word(scene) == 'END' else 'live'} is {far} ahead", "muted"),
        Part(f", end returns{pad}", "muted"),
    )


def end_word(scene: Scene) -> str:
    """What the newest event is: the present, watched or worked on from here, or the end."""
    if scene.accepts:
        return "END" if scene.head.ended_ts else "LIVE"
    return "END" if scene.is_over else "LIVE, watching"


def _playing_words(scene: Scene, where: Where) -> Line:
    """Short, and as wide at every moment, so that nothing moves but the playhead."""
    steps = str(where.steps)
    waits = bool(scene.state.pending)
    gap = f"{'◐' if waits else '‖'} {span(scene.gap_s * 1000)}" if scene.gap_s else ""
    return (
        Part("PAST ", "past"),
        Part(f"{where.step:>{len(steps)}}/{steps}  "),
        Part(f"{f'▶ {scene.playing:g}×':<6}", "accent"),
        Part(f"{gap:<{_PAUSE}}", "waiting" if waits else "muted"),
    )


def find_words(find: Find) -> Line:
    """`┃ “owl” 3 of 17`: what is looked for, and at which of its places this is."""
    words = cut(sanitize(find.words, lines=False), _WORDS)
    count = f"{len(find.hits):,}{'' if find.whole else ' …'}"
    if not find.hits:
        place = "is nowhere in it" if find.whole else "…"
    else:
        place = f"{find.place:>{len(str(len(find.hits)))}} of {count}"
    return (Part("┃ ", "waiting"), Part(f"“{words}” "), Part(place, "strong"))


def sum_words(scene: Scene) -> Line:
    """Tokens in and out, and money, of its limit if there is one."""
    totals, limits = scene.state.totals, scene.state.limits
    usage = totals.usage
    got = usage.input + usage.cache_read + usage.cache_write
    cost = f"{money(totals.cost_usd, known=totals.cost_known):<{_COST}}"
    if limits.cost_usd is not None:
        cost += f" of {money(limits.cost_usd)}"
    return (
        Part("in ", "muted"),
        Part(f"{count(got):>5}"),
        Part("  out ", "muted"),
        Part(f"{count(usage.output):>5}"),
        Part(f"   {cost}"),
    )


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

    def column_of(seq: int) -> int:
        return _column(seq, head, len(glyphs))

    at = 0
    while at < len(seqs):
        column = column_of(seqs[at])
        if _RANK[glyph] > _RANK[glyphs[column]]:
            glyphs[column] = glyph
        at = bisect_right(seqs, column, at, key=column_of)


def _column(seq: int, head: int, inner: int) -> int:
    return min(inner - 1, max(0, round(seq * (inner - 1) / head)))
