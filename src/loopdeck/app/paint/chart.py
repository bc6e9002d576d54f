"""Where the time of a run went, step by step, as bars; tokens and cost over the steps."""

from collections.abc import Sequence

from loopdeck.app.paint.lines import Ink, Line, Part, cut_line, spread, width_of
from loopdeck.figures import count, money, span
from loopdeck.session.spent import StepTime

NONE = "No step has begun at this moment."
Sums = tuple[int, float, bool]
"""Tokens and cost up to a step, and whether that is all: no lower bound."""

_SIDES: tuple[tuple[str, str, Ink], ...] = (  # each has a fill of its own: colour is not needed
    ("█", "model", "word"),
    ("▓", "tools", "ok"),
    ("░", "you", "waiting"),
)
_BARS = "▁▂▃▄▅▆▇█"
_NUMBER = 6
_COLUMN = 9
_PRICE = 10  # "$ unknown" and a blank
_ROOMY, _TIGHT = 100, 70  # cells from which each side, and the tokens, have a column
_OUTLIER = 4  # a step longer than so many ordinary ones does not set the scale
_BEYOND = "»"


def scale_of(steps: Sequence[StepTime]) -> int:
    """The time that fills a bar: the longest, or less where a few are far longer than the rest."""
    spans = sorted(step.busy for step in steps)
    if not spans:
        return 1
    ordinary = spans[len(spans) * 9 // 10 - (len(spans) >= 10)]
    return max(1, ordinary * 3 // 2 if spans[-1] > ordinary * _OUTLIER else spans[-1])


def heading_line(cells: int) -> Line:
    """The names of the columns."""
    tail = tuple(Part(f"{name:>{_size(name)}}", "muted") for name in _columns(cells))
    return spread((Part(f"{'step':<{_NUMBER}}", "muted"), *legend()), tail, cells)


def legend() -> Line:
    """Which fill stands for what."""
    parts: list[Part] = []
    for fill, word, ink in _SIDES:
        parts += [Part(f"{'   ' if parts else ''}{fill} ", ink), Part(word, "muted")]
    return tuple(parts)


def step_line(step: StepTime, sums: Sums, scale: int, cells: int) -> Line:
    """One step; `sums` are those up to it."""
    names = _columns(cells)
    tail = [Part(f"{_value(name, step, sums):>{_size(name)}}", "muted") for name in names]
    room = cells - _NUMBER - width_of(tail) - 1
    parts = (Part(f"{step.step:>{_NUMBER - 2}}  ", "accent"), *bar(step, scale, room))
    gap = cells - width_of(parts) - width_of(tail)
    return cut_line((*parts, Part(" " * max(0, gap)), *tail), cells)


def bar(step: StepTime, scale: int, room: int) -> Line:
    """The time of a step in cells; what is left of them goes to the sides it says most about."""
    room = max(4, room)
    shares = [spent / scale * room for spent in (step.model, step.tool, step.wait)]
    sizes = [int(share) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda at: sizes[at] - shares[at])
    for at in by_rest[: round(sum(shares)) - sum(sizes)]:
        sizes[at] += 1
    parts: list[Part] = []
    used = 0
    for (fill, _, ink), wanted in zip(_SIDES, sizes, strict=True):
        size = min(wanted, room - used)
        if size > 0:
            parts.append(Part(fill * size, ink))
            used += size
    if sum(sizes) > room and parts:
        text, ink = parts[-1]
        parts[-1:] = [Part(text[:-1], ink), Part(_BEYOND, "strong")]
    return tuple(parts) or (Part("▏", "muted"),)


def sum_line(steps: Sequence[StepTime], cells: int) -> Line:
    """Where the time went in all."""
    spans = [(step.model, step.tool, step.wait) for step in steps]
    sums = [sum(side) for side in zip(*spans, strict=True)] or [0, 0, 0]
    total = sum(sums)
    times = [span(spent / 1e6) if spent else "0 s" for spent in sums]
    shares = [f" {round(100 * spent / total)} %" if total else "" for spent in sums]
    whole = [f"{time}{share}" for time, share in zip(times, shares, strict=True)]
    ways = [_sums(words, gap) for words, gap in ((whole, "   "), (whole, " "), (times, "  "))]
    fitting = (way for way in ways if width_of(way) <= cells)
    return next(fitting, cut_line(ways[-1], cells))


def _sums(words: Sequence[str], gap: str) -> Line:
    parts: list[Part] = []
    for (fill, name, ink), text in zip(_SIDES, words, strict=True):
        parts += [Part(f"{gap if parts else ''}{fill} ", ink), Part(f"{name} {text}")]
    return tuple(parts)


def spark_lines(steps: Sequence[StepTime], at: int, cells: int) -> list[Line]:
    """Tokens of each step and cost up to each, over the steps; `at` is the chosen one."""
    if not steps:
        return []
    tokens = [float(step.tokens) for step in steps]
    sums = running_sums(steps)
    costs = [cost for _, cost, _ in sums]
    room = max(8, cells - 34)
    return [
        _spark("tokens a step", tokens, f"at most {count(int(max(tokens)))}", at, room),
        _spark("cost so far", costs, money(costs[-1], known=sums[-1][2]), at, room),
    ]


def running_sums(steps: Sequence[StepTime]) -> list[Sums]:
    """Tokens and cost up to each step."""
    sums: list[Sums] = []
    tokens, cost, known, cut = 0, 0.0, True, False
    for step in steps:
        tokens, cost = tokens + step.tokens, cost + step.cost
        known, cut = known and step.cost_known, cut or step.cut
        sums.append((tokens, cost, known and not (cut and cost)))
    return sums


def _spark(name: str, values: Sequence[float], words: str, at: int, room: int) -> Line:
    size = min(room, len(values))
    top = max(values) or 1.0
    parts: list[Part] = [Part(f"{name:<15}", "muted")]
    for cell in range(size):
        low, high = cell * len(values) // size, (cell + 1) * len(values) // size
        value = max(values[low : max(high, low + 1)])
        glyph = _BARS[min(7, int(value / top * 7.999))] if value else "▁"
        parts.append(Part(glyph, "accent" if low <= at < max(high, low + 1) else "muted"))
    return (*parts, Part(f"  {words}"))


def _columns(cells: int) -> tuple[str, ...]:
    """What stands right of the bars, the most needed last."""
    if cells >= _ROOMY:
        return ("model", "tools", "you", "in all", "tokens", "cost")
    return ("in all", "tokens", "cost") if cells >= _TIGHT else ("in all", "cost")


def _size(name: str) -> int:
    return _PRICE if name == "cost" else _COLUMN


def _value(name: str, step: StepTime, sums: Sums) -> str:
    match name:
        case "model":
            return span(step.model / 1e6)
        case "tools":
            return span(step.tool / 1e6) if step.tool else ""
        case "you":
            return span(step.wait / 1e6) if step.wait else ""
        case "tokens":
            return count(step.tokens, known=not step.cut)
        case "cost":
            return money(sums[1], known=sums[2])
        case _:
            return span(step.busy / 1e6)
