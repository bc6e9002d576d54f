"""The screens with nothing in them yet: what empty panes say, and how they stand at every size."""

from loopdeck.app.paint.lines import Ink, Line, Part, chop, columns, prose, spread

PLAN = "The agent's plan will appear here, with what is done and what is next."
LOOP = "The agent's steps will appear here."
GOAL = "What should the agent do? enter starts it"
RESULT = "Choose a step or a call with ↑ and ↓: its words, diff or output will appear here."
START = "space plays it · → one step on · end shows the end · ? every key"
NO_PLAN = "no plan yet"
TABS = {"plan": "Plan", "loop": "Loop", "result": "Result"}

WIDE, MEDIUM, HIGH = 110, 80, 34  # cells from which a layout of the deck is used
PLAN_CELLS = 28  # the plan's width where there are three columns
LOOP_SHARE, RESULT_SHARE = 6, 5  # how the other two divide what is left of the width
UPPER_SHARE, LOWER_SHARE = 3, 2  # how they divide the height where they stand in one column

TITLE: Line = (Part("Loopdeck", "accent"),)
_SCROLLBAR = 1  # cells that stay free for it


def empty_deck(goal: str, width: int, height: int) -> list[Line]:
    """Every line of the screen. `goal` must be safe to draw, and may be empty."""
    room = height - 2
    top = spread(
        (Part("Loopdeck", "accent"), Part(" ▸ ", "muted"), Part(goal or "…", "strong")),
        (Part("… loading", "ok"),),
        width - 2,
    )
    lines = [columns((Part(" "), *top), width), *_panes(width, room)]
    return [*lines, columns((), width)]


def empty_home(width: int, height: int, typed: str = "") -> list[Line]:
    """Every line of the library before its sessions are known; `typed` is safe to draw."""
    goal = _framed("New goal", GOAL, width, 3, padding=2, frame="muted", title="plain")
    if typed:
        side, end = Part("│", "muted"), chop(typed, width - 5)[-1]
        goal[1] = (side, *columns((Part(" "), Part(end)), width - 2), side)
    sessions = _framed("Sessions", "", width, height - 5)
    return [columns((Part("  "), *TITLE), width), *goal, *sessions, columns((), width)]


def tab_line(tab: str) -> Line:
    """The names of the panes, the one that is shown marked."""
    parts: list[Part] = []
    for name, word in TABS.items():
        parts.append(Part(f"▸{word}", "accent") if name == tab else Part(f" {word}", "muted"))
        parts.append(Part("  "))
    return (*parts, Part(" tab switches", "muted"))


def tab_at(cell: int) -> str | None:
    """The pane whose name stands there, with the sign before it."""
    end = 0
    for tab, word in TABS.items():
        first, end = end, end + len(word) + 3
        if first <= cell < end - 2:
            return tab
    return None


def _panes(width: int, room: int) -> list[Line]:
    if width >= WIDE:
        loop = (width - PLAN_CELLS) * LOOP_SHARE // (LOOP_SHARE + RESULT_SHARE)
        sides = (
            _framed("Plan", PLAN, PLAN_CELLS, room, padding=2),
            _loop(loop, room),
            _framed("Result", RESULT, width - PLAN_CELLS - loop, room),
        )
        return [(*left, *middle, *right) for left, middle, right in zip(*sides, strict=True)]
    if width >= MEDIUM:
        low = room + 2 < HIGH
        plan = (
            [columns((Part(f"  {NO_PLAN}", "muted"),), width)]
            if low
            else _framed("Plan", NO_PLAN, width, 3, padding=2)
        )
        left = room - len(plan)
        upper = left * UPPER_SHARE // (UPPER_SHARE + LOWER_SHARE)
        return [*plan, *_loop(width, upper), *_framed("Result", RESULT, width, left - upper)]
    return [columns((Part(" "), *tab_line("loop")), width), *_loop(width, room - 1)]


def _loop(width: int, height: int) -> list[Line]:
    """The loop has the focus, so its frame is the brighter one."""
    return _framed("Loop", LOOP, width, height, frame="muted", title="plain")


def _framed(
    word: str,
    text: str,
    width: int,
    height: int,
    *,
    padding: int = 1,
    frame: Ink = "border",
    title: Ink = "muted",
) -> list[Line]:
    """A pane with its frame; `padding` is what both sides of the text have in all."""
    inner = width - 2
    said = prose(text, inner - padding - _SCROLLBAR, "muted")
    side = Part("│", frame)
    rows = [(Part(" "), *said[at]) if at < len(said) else () for at in range(height - 2)]
    top = (
        Part("╭─", frame),
        Part(f" {word} ", title),
        Part("─" * (inner - len(word) - 3) + "╮", frame),
    )
    bottom = (Part("╰" + "─" * inner + "╯", frame),)
    return [top, *((side, *columns(row, inner), side) for row in rows), bottom]
