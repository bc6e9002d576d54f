"""The playhead bar: the session as a line with ticks, the place on it, and what it cost."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.app.paint.lines import Line, Part, cut, cut_line, width_of
from loopdeck.app.paint.track import track_parts
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Find, Runner, Scene
from loopdeck.figures import count, money, plural, span
from loopdeck.session.timeline import Where

Sums = Literal["all", "cost", "none"]
_BRIEF, _SHORTEST = 2, 3  # how short the words about the place are
_RESTING: tuple[tuple[int, Sums, bool], ...] = (
    (0, "all", True),
    (1, "all", True),
    (1, "all", False),
    (1, "cost", False),
    (1, "none", False),
    (_BRIEF, "none", False),
    (_SHORTEST, "none", False),
)
"""What may stand beside the track, the most first: words, sums, and where the help is."""
_PLAYING: tuple[tuple[int, Sums, bool], ...] = (
    (0, "all", True),
    (0, "all", False),
    (0, "cost", False),
    (0, "none", False),
)
_PAST = Part(" PAST ", "chip")
_HINT: Line = (Part("   ? help", "muted"),)
_PAUSE = 12  # cells for the length of a pause that is cut short
_ROOMY = 100  # cells from which a filter is explained
_TRACK_LEAST = 8
_TRACK_SHARE = 0.3  # of the bar, before anything else has more room
_COST = 7  # cells for a sum of money, so that the track keeps its size
_WORDS = 24  # cells for words that are looked for


@dataclass(frozen=True, slots=True)
class Layout:
    """How the bar is shared out: it is the same at every moment of a session."""

    track: int
    words: int
    short: int = 0
    sums: Sums = "none"
    hint: bool = False


def bar_line(scene: Scene, cells: int, held: int = 0) -> Line:
    """The whole bar; what there is no room for is shorter or left out, the least needed first.

    While the playhead is dragged, its track keeps the size it was `held` at.
    """
    layout = layout_of(scene, cells)
    size = held or layout.track
    words = place_words(scene, scene.timeline.where(scene.position), layout.short)
    words = cut_line(words, cells - size - 2)
    track = (*track_parts(scene, size), Part("  ")) if size else ()
    left = (*track, *words)
    right = _aims(scene, cells, layout.sums) if layout.sums != "none" else ()
    hint = _HINT if layout.hint else ()
    gap = cells - width_of(left) - width_of(right) - width_of(hint)
    if gap < 0:
        return left
    return (*left, Part(" " * gap), *right, *hint)


def layout_of(scene: Scene, cells: int) -> Layout:
    """As much beside the track as leaves it its share of the bar, and all the rest for it."""
    layout = Layout(0, 0, _SHORTEST)
    for short, sums, hint in _PLAYING if scene.playing else _RESTING:
        words = _words_room(scene, short)
        right = width_of(_aims(scene, cells, sums)) + 2 if sums != "none" else 0
        track = cells - words - 2 - right - (width_of(_HINT) if hint else 0)
        if track >= _TRACK_LEAST or not layout.track:
            layout = Layout(track if track >= _TRACK_LEAST else 0, words, short, sums, hint)
        if track >= cells * _TRACK_SHARE:
            break
    return layout


def track_cells(scene: Scene, cells: int) -> int:
    """How much of the bar the track takes; 0 where there is no room for it."""
    return layout_of(scene, cells).track


def _aims(scene: Scene, cells: int, sums: Sums) -> Line:
    """What is looked for and which rows alone count, or else the sums."""
    if scene.playing or not (scene.find or scene.only):
        return sum_words(scene) if sums == "all" else (Part(cost_words(scene)),)
    if scene.find is None:
        explained = sums == "all" and cells >= _ROOMY
        more = ": steps, jumps, search keep to it" if explained else ""
        return (Part("▸ ", "accent"), Part(scene.only, "strong"), Part(more, "muted"))
    explained = scene.only and sums == "all" and cells >= _ROOMY
    only = (Part(f", {scene.only}", "muted"),) if explained else ()
    return (*find_words(scene.find), *only)


def _words_room(scene: Scene, short: int) -> int:
    """The cells that the words about the place may need at any moment."""
    timeline = scene.timeline
    last = timeline.steps[-1] if timeline.steps else 0
    steps = timeline.where(None).steps
    moments = (
        Where(step=steps, steps=steps, behind=0, live=True),
        Where(step=0, steps=steps, behind=1, live=False),
        Where(step=steps, steps=steps, behind=timeline.head - last, live=False),
    )
    widths = [width_of(place_words(scene, where, short)) for where in moments]
    return max(widths) + (0 if scene.playing else len(f"{steps}") - 1)


def place_words(scene: Scene, where: Where, short: int = 0) -> Line:
    """`step 4 of 6  LIVE`, or how far in the past; shorter where it has to be."""
    if scene.playing:
        return _playing_words(scene, where)
    step = (
        f"step {where.step} of {where.steps}" if short < _BRIEF else f"{where.step}/{where.steps}"
    )
    end = end_word(scene)
    if where.live:
        return (Part(f"{step}  "), Part(end, "muted" if end == "END" else "ok"))
    line: list[Part] = [_PAST, Part(f" {step}")]
    if not short:
        ahead = where.steps - where.step
        far = plural(ahead, "step") if ahead else plural(where.behind, "event")
        line.append(Part(f", {'the end' if end == 'END' else 'live'} is {far} ahead", "muted"))
    return (*line, Part(", end returns", "muted")) if short < _SHORTEST else tuple(line)


def end_word(scene: Scene) -> str:
    """What the newest event is: the present, watched or worked on from here, or the end."""
    if not scene.runner.works:
        return "END"
    return "LIVE" if scene.runner is Runner.HERE else "LIVE, watching"


def _playing_words(scene: Scene, where: Where) -> Line:
    """Short, and as wide at every moment, so that nothing moves but the playhead."""
    steps = str(where.steps)
    waits = bool(scene.state.pending)
    gap = f"{'◐' if waits else '‖'} {span(scene.gap_s * 1000)}" if scene.gap_s else ""
    return (
        _PAST,
        Part(f" {where.step:>{len(steps)}}/{steps}  "),
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
    totals = scene.state.totals
    usage = totals.usage
    got = usage.input + usage.cache_read + usage.cache_write
    return (
        Part("in ", "muted"),
        Part(f"{count(got):>5}"),
        Part("  out ", "muted"),
        Part(f"{count(usage.output, known=not totals.cut):>5}"),
        Part(f"  {cost_words(scene)}"),
    )


def cost_words(scene: Scene) -> str:
    """Money up to the moment, in the room that all of it needs, and its limit if there is one."""
    totals, limits, whole = scene.state.totals, scene.state.limits, scene.head.totals
    size = max(_COST, len(money(whole.cost_usd, known=whole.cost_is_all)))
    cost = f"{money(totals.cost_usd, known=totals.cost_is_all):>{size}}"
    return cost if limits.cost_usd is None else f"{cost} of {money(limits.cost_usd)}"
