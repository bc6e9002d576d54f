"""Two runs as lines: each pair of steps in one row, either step in full, the sums of both."""

from collections.abc import Sequence
from json import dumps

from loopdeck.app.paint.glyphs import status_glyph
from loopdeck.app.paint.lines import (
    EMPTY,
    Ink,
    Line,
    Part,
    columns,
    cut,
    cut_line,
    ink_of,
    prose,
    spread,
    verbatim,
    width_of,
)
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import target
from loopdeck.figures import clock, count, money
from loopdeck.session.comparing import Comparison, Match, Pair
from loopdeck.session.sketch import CallSketch, RunSketch, StepSketch

SIDE_BY_SIDE = 110  # cells from which both runs have a column
SIGNS: dict[Match, tuple[str, Ink]] = {
    Match.SAME: ("=", "muted"),
    Match.SAID: ("~", "waiting"),
    Match.ENDED: ("≈", "waiting"),
    Match.OTHER: ("≠", "fail"),
    Match.LEFT: ("‹", "del"),
    Match.RIGHT: ("›", "add"),
}
_WORDS = 2_000  # characters of a text or an output that are shown
_GOAL = 60  # characters of a goal in the title of a pane
_NAMED = 60  # cells from which there is room to say what the screen is
_TRACK = 16  # cells that the track should have before another key is named
_KEYS = ("← → step", "{ } difference", "s sums", "a b open", "esc leaves")
_HELP = "? help"
_NO_STEP = "no such step in this run"


def head_line(found: Comparison, cells: int) -> Line:
    """What is compared, and where the two part."""
    end = Part("the same in every step", "ok")
    if found.first is not None:
        end = Part(f"they part at step {_number(found.pairs[found.first])}", "waiting")
    return spread(_names(found, cells - len(end.text) - 2), (end,), cells)


def _names(found: Comparison, cells: int) -> Line:
    """Both ids with their goals; a goal that both have is said once."""
    left, right = (_brief(run.goal) for run in (found.left, found.right))
    one, other = (sanitize(run.session, lines=False) for run in (found.left, found.right))
    head: Line = (Part("Compare", "accent"), Part(" ▸ ", "muted")) if cells >= _NAMED else ()
    ids: Line = (Part(f"A {one}", "strong"), Part("  "), Part(f"B {other}", "strong"))
    room = cells - width_of((*head, *ids)) - 3
    if left == right:
        return (*head, *ids, Part(f"  {cut(left, room)}", "muted"))
    size = min(len(left), max(room // 2, room - len(right)))
    first = Part(f" {cut(left, size)}", "muted") if size > 0 else Part("")
    return (*head, ids[0], first, *ids[1:], Part(f" {cut(right, room - size)}", "muted"))


def run_title(side: str, run: RunSketch) -> str:
    """The name of one run's pane: which it is, its id and its goal."""
    goal = cut(_brief(run.goal), _GOAL)
    return " · ".join(filter(None, (side.upper(), sanitize(run.session, lines=False), goal)))


def gist_line(found: Comparison, cells: int) -> Line:
    """What differs in all, in one line; as many things as there is room for."""
    left, right = found.left, found.right
    things = (
        ("calls", *(str(sum(run.tools.values())) for run in (left, right))),
        ("files", *_changed(found)),
        ("cost", _cost(left), _cost(right)),
        ("at work", clock(left.worked_ns), clock(right.worked_ns)),
    )
    line: Line = ()
    for name, one, other in things:
        same = one == other
        words = (Part(f"{one} ="),) if same else (Part(one), Part(" ≠ ", "waiting"), Part(other))
        more: Line = (Part(f"{'   ' if line else ''}{name} ", "muted"), *words)
        if width_of((*line, *more)) > cells:
            break
        line = (*line, *more)
    return line


def pair_line(pair: Pair, cells: int, *, first: bool = False) -> Line:
    """One pair: both runs in columns where there is room, else the one sign and the left step."""
    sign, ink = SIGNS[pair.match]
    mark: Line = (Part(f" {sign} ", ink), Part("▸" if first else " ", "waiting"))
    if cells >= SIDE_BY_SIDE - 4:
        half = (cells - 4) // 2
        left = columns(_step_line(pair.left, half - 1, pair.right), half)
        return cut_line((*left, *mark, *_step_line(pair.right, cells - half - 4, pair.left)), cells)
    if pair.match is Match.SAME:
        return (*mark, *_step_line(pair.left, cells - 4))
    half = (cells - 7) // 2
    left = columns(_step_line(pair.left, half, pair.right), half)
    right = _step_line(pair.right, cells - 7 - half, pair.left)
    return cut_line((*mark, *left, Part(" │ ", "border"), *right), cells)


def step_lines(step: StepSketch | None, other: StepSketch | None, cells: int) -> list[Line]:
    """A step in full; what the other run has not is marked."""
    if step is None:
        return [(Part(_NO_STEP, "muted"),)]
    cost = money(step.cost_usd or 0, known=step.cost_is_all)
    spent = f"{clock(step.ns)}  {count(step.tokens, known=not step.cut)} tokens  {cost}"
    lines = [spread((Part(f"step {step.step}", "strong"),), (Part(spent, "muted"),), cells)]
    lines += [*prose(_brief(step.said), cells), EMPTY]
    for call in step.calls:
        lines += _call_lines(call, other, cells)
    return lines


def sum_lines(found: Comparison, cells: int) -> list[Line]:
    """What differs in all: one line a thing, both runs beside each other."""
    left, right = found.left, found.right
    tokens, more = (count(run.tokens, known=not run.cut) for run in (left, right))
    rows = [
        ("outcome", left.outcome, right.outcome),
        ("steps", str(len(left.steps)), str(len(right.steps))),
        ("calls", _calls(left, right), _calls(right, left)),
        ("asked you", str(left.asked), str(right.asked)),
        ("tokens", tokens, more),
        ("cost", _cost(left), _cost(right)),
        ("at work", clock(left.worked_ns), clock(right.worked_ns)),
        ("waited", clock(left.waited_ns), clock(right.waited_ns)),
        ("files", _files(left, found.only_left), _files(right, found.only_right)),
    ]
    if left.goal != right.goal:
        rows.insert(0, ("goal", left.goal, right.goal))
    if left.model != right.model:
        rows.insert(0, ("model", left.model, right.model))
    half = max(8, (cells - 12) // 2)
    return [_sum_line(*row, half, cells) for row in rows]


def bar_line(found: Comparison, place: int, cells: int) -> Line:
    """Where the playhead is among the pairs, and as many keys as there is room for."""
    number = len(found.differences)
    words = f" pair {place + 1} of {len(found.pairs)}" if found.pairs else " no steps"
    told = f"{number} differ" if number else "no difference"
    tail: Line = (Part(words), Part(f"  {told}", "waiting" if number else "ok"))
    keys = _HELP
    for more in _KEYS:
        if width_of(tail) + len(more) + len(keys) + _TRACK > cells:
            break
        keys = f"{keys.removesuffix(_HELP)}{more}   {_HELP}"
    room = max(0, cells - width_of(tail) - len(keys) - 6)
    return spread((*_track(found, place, room), *tail), (Part(keys, "muted"),), cells)


def _track(found: Comparison, place: int, room: int) -> Line:
    total = len(found.pairs)
    if not total or room < 8:
        return EMPTY
    parts: list[Part] = []
    size = min(room, total)
    for cell in range(size):
        start, end = cell * total // size, (cell + 1) * total // size
        if start <= place < end:
            parts.append(Part("▲", "accent"))
            continue
        odd = [pair for pair in found.pairs[start:end] if pair.match is not Match.SAME]
        parts.append(Part(*SIGNS[odd[0].match]) if odd else Part("─", "muted"))
    return tuple(parts)


def _step_line(step: StepSketch | None, cells: int, other: StepSketch | None = None) -> Line:
    """The calls of a step; what the other run has not comes first, where it is seen."""
    if step is None:
        return (Part("·", "muted"),)
    number = Part(f"{step.step:>3}  ", "muted")
    if not step.calls:
        return cut_line((number, Part(_brief(step.said) or "(no words)")), cells)
    told: list[Part] = [number]
    known = other.signature if other is not None else step.signature
    for call in sorted(step.calls, key=lambda call: call.intent in known):
        glyph, variable, _ = status_glyph(call.status)
        told += [Part(f"{glyph} ", ink_of(variable)), Part(_tool(call)), Part("  ")]
    return cut_line(tuple(told), cells)


def _call_lines(call: CallSketch, other: StepSketch | None, cells: int) -> list[Line]:
    glyph, variable, word = status_glyph(call.status)
    twins = [twin for twin in other.calls if twin.intent == call.intent] if other else []
    same = any((twin.status, twin.output) == (call.status, call.output) for twin in twins)
    odd = "" if same else "another result" if twins else "only here"
    note: Line = (Part(odd, "waiting"),) if odd else ()
    head = (
        Part(f"{glyph} ", ink_of(variable)),
        Part(_tool(call), "strong"),
        Part(f"  {word}", "muted"),
    )
    lines = [spread(head, note, cells)]
    for name, value in call.args.items():
        text = value if isinstance(value, str) else dumps(value, ensure_ascii=False)
        lines += verbatim(sanitize(f"{name}: {text[:_WORDS]}"), cells, "code", 2)
    if call.output:
        lines += verbatim(sanitize(call.output[:_WORDS].rstrip()), cells, "muted", 2)
    return [*lines, EMPTY]


def _sum_line(name: str, left: str, right: str, half: int, cells: int) -> Line:
    same = left == right
    ink: Ink = "muted" if same else "plain"
    first = columns(cut_line((Part(sanitize(left, lines=False), ink),), half - 1), half)
    second = Part(sanitize(right, lines=False), ink)
    sign = Part("  " if same else "≠ ", "waiting")
    return cut_line((Part(f"{name:<10}", "muted"), sign, *first, second), cells)


def _tool(call: CallSketch) -> str:
    return f"{sanitize(call.tool, lines=False)} {target(call.args)}".rstrip()


def _brief(text: str) -> str:
    return sanitize(" ".join(text[:_WORDS].split()), lines=False)


def _number(pair: Pair) -> str:
    left, right = pair.left, pair.right
    if left is None or right is None:
        return f"{left.step} of A" if left else f"{right.step} of B" if right else ""
    return str(left.step) if left.step == right.step else f"{left.step} of A, {right.step} of B"


def _calls(run: RunSketch, other: RunSketch) -> str:
    """How many, and of which tools another number than in the other run."""
    names = sorted(run.tools.keys() | other.tools.keys())
    odd = [
        f"{name} {run.tools[name]}"
        for name in names
        if name in run.tools and run.tools[name] != other.tools.get(name, 0)
    ]
    return ": ".join(filter(None, (str(sum(run.tools.values())), ", ".join(odd))))


def _cost(run: RunSketch) -> str:
    return "unknown" if run.cost_usd is None else money(run.cost_usd, known=run.cost_is_all)


def _changed(found: Comparison) -> tuple[str, str]:
    """How many files each run changed, and how many of them the other did not."""
    sides = ((found.left, found.only_left), (found.right, found.only_right))
    if not (found.only_left or found.only_right):
        return str(len(found.left.files)), str(len(found.right.files))
    one, other = (f"{len(run.files)} ({len(alone)} only here)" for run, alone in sides)
    return one, other


def _files(run: RunSketch, alone: Sequence[str]) -> str:
    if not alone:
        return f"{len(run.files)} changed"
    return f"{len(run.files)} changed, only here: {', '.join(alone)}"
