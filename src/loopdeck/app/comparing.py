"""Two runs on one screen: their steps in pairs, and both sides of the pair at one playhead."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar, Literal, cast

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.events import Click, Resize
from textual.message import Message

from loopdeck.app.background import start
from loopdeck.app.deck.forking import OpensSessions
from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.keys.pressing import Verbs, act, press
from loopdeck.app.pacing import PacedScreen
from loopdeck.app.paint.comparing import (
    SIDE_BY_SIDE,
    bar_line,
    gist_line,
    head_line,
    pair_line,
    run_title,
    step_lines,
    sum_lines,
)
from loopdeck.app.paint.lines import EMPTY, Line, Part
from loopdeck.app.panes.lines import LineList, LineView, OneLine
from loopdeck.ports import Opened
from loopdeck.session.comparing import Comparison, Pair
from loopdeck.session.sketch import StepSketch

Side = Literal["a", "b"]

LOW = 30  # lines under which the sums take the place of the steps
_USED = frozenset({"step_back", "step_on", "start", "live"})
Openers = Mapping[Side, Callable[[int], Awaitable[Opened]]]
"""For each run what shows it on the deck, at an event."""


class PairList(LineList, can_focus=True, inherit_bindings=False):
    """The pairs, one row each; the cursor is the playhead of both runs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", press("step_back"), show=False),
        Binding("down", press("step_on"), show=False),
    ]

    class Pointed(Message):
        """A row was clicked."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, found: Comparison) -> None:
        super().__init__(id="pairs")
        self._found = found
        self._place = 0

    def point(self, place: int) -> None:
        """Put the cursor on a row and keep it in sight."""
        self._place = place
        self.set_count(max(1, len(self._found.pairs)))
        top = self.scroll_offset.y
        if not top <= place < top + self.rows:
            self.scroll_to(y=max(0, place - self.rows // 2), animate=False)
        self.refresh()

    def line_at(self, index: int, cells: int) -> Line:
        """One pair."""
        if index >= len(self._found.pairs):
            return (Part("Neither run has made a step.", "muted"),) if index == 0 else EMPTY
        return pair_line(self._found.pairs[index], cells, first=index == self._found.first)

    def cursor_at(self, index: int) -> bool:
        """The playhead."""
        return index == self._place and bool(self._found.pairs)

    def on_click(self, event: Click) -> None:
        """Go to the row."""
        self.post_message(self.Pointed(self.scroll_offset.y + event.y))


class CompareScreen(PacedScreen[None]):
    """Begins where the two part. Reads only."""

    AUTO_FOCUS = "#pairs"
    DEFAULT_CSS = """
    CompareScreen {
        layout: vertical;
        background: $background;
        #head { dock: top; }
        #rows, #a, #b, #sums {
            border: round $loop-border; border-title-color: $loop-muted; padding: 0 1;
        }
        #rows:focus-within { border: round $loop-border-focus; border-title-color: $foreground; }
        #rows { height: 2fr; }
        #sides { height: 3fr; layout: vertical; }
        #a, #b { height: 1fr; width: 1fr; }
        #a:focus-within, #b:focus-within { border: round $loop-border-focus; }
        #sums { height: auto; max-height: 50%; display: none; }
        #sums LineView { height: auto; }
        &.-sums #sums { display: block; }
        &.-sums.-low #rows { display: none; }
        &.-beside #sides { layout: horizontal; }
        #bar { dock: bottom; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in bindings(Scope.PLAYHEAD) if binding.id in _USED),
        *bindings(Scope.COMPARE),
        Binding("A", "press('open_a')", show=False),
        Binding("B", "press('open_b')", show=False),
        Binding("escape,q", "press('leave')", show=False),
    ]

    def __init__(self, found: Comparison, openers: Openers | None = None) -> None:
        super().__init__()
        self._found = found
        self._openers = openers or {}
        self.place = found.first or 0
        self._verbs: Verbs = {
            "step_back": partial(self.step, -1),
            "step_on": partial(self.step, 1),
            "start": partial(self._go, 0),
            "live": partial(self._go, len(found.pairs) - 1),
            "difference_back": partial(self.to_difference, -1),
            "difference_on": partial(self.to_difference, 1),
            "sums": self.turn_sums,
            "open_a": partial(self.open_side, "a"),
            "open_b": partial(self.open_side, "b"),
            "leave": self.leave,
        }

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield OneLine(id="head")
        yield OneLine(id="gist")
        with Container(id="rows") as rows:
            rows.border_title = Content("Steps")
            yield PairList(self._found)
        with Container(id="sums") as sums:
            sums.border_title = Content("In all")
            yield LineView()
        with Container(id="sides"):
            for side in ("a", "b"):
                with Vertical(id=side):
                    yield LineView(id=f"step-{side}")
        yield OneLine(id="bar")

    def on_mount(self) -> None:
        """Show what stays, then the pair."""
        self.query_one("#head", OneLine).show_line(partial(head_line, self._found))
        self.query_one("#gist", OneLine).show_line(partial(gist_line, self._found))
        for side, run in (("a", self._found.left), ("b", self._found.right)):
            self.query_one(f"#{side}").border_title = Content(run_title(side, run))
            self.query_one(f"#step-{side}", LineView).can_focus = True
        self.query_one("#sums LineView", LineView).show_lines(partial(sum_lines, self._found))
        self._show()

    def on_resize(self, _event: Resize) -> None:
        """Side by side where there is room for both, stacked elsewhere."""
        width, height = self.size
        self.set_class(width >= SIDE_BY_SIDE, "-beside")
        self.set_class(height < LOW, "-low")

    async def action_press(self, key: str) -> None:
        """Do what a key of the table does here."""
        await act(self._verbs[key])

    def step(self, direction: int) -> None:
        """One pair back or on."""
        self._go(self.place + direction)

    def to_difference(self, direction: int) -> None:
        """The difference before or after; stays where there is none."""
        places = self._found.differences
        if direction > 0:
            self._go(next((place for place in places if place > self.place), self.place))
        else:
            before = [place for place in places if place < self.place]
            self._go(before[-1] if before else self.place)

    def turn_sums(self) -> None:
        """Show what differs in all, or hide it."""
        self.toggle_class("-sums")

    def open_side(self, side: Side) -> None:
        """Show one run on the deck, at the end of the step; escape comes back."""
        step = self.shown_step(side)
        if side not in self._openers:
            self.notify("It cannot be opened from here.", markup=False, timeout=3)
        elif step is None:
            self.notify("There is no such step in this run.", markup=False, timeout=3)
        else:
            start(self, partial(self._open, self._openers[side], step.last), "open", only=True)

    def shown_step(self, side: Side) -> StepSketch | None:
        """The step of one run that is shown; `None` where it has none there."""
        pairs = self._found.pairs
        pair = pairs[self.place] if pairs else Pair(None, None)
        return pair.left if side == "a" else pair.right

    async def _open(self, opener: Callable[[int], Awaitable[Opened]], at: int) -> None:
        app = cast("App[object]", self.app)
        if isinstance(app, OpensSessions):
            await app.open_session(await opener(at))

    def help_first(self) -> Sequence[Scope]:
        """Its own keys, then those of the playhead."""
        return (Scope.COMPARE, Scope.PLAYHEAD)

    def leave(self) -> None:
        """Close the sums; where they are closed, the comparison."""
        if self.has_class("-sums"):
            self.turn_sums()
            return
        cast("App[object]", self.app).exit()

    @on(PairList.Pointed)
    def _pointed(self, message: PairList.Pointed) -> None:
        self._go(message.place)

    def _go(self, place: int) -> None:
        self.place = max(0, min(place, len(self._found.pairs) - 1))
        self._show()

    def _show(self) -> None:
        """The pair at the playhead, everywhere."""
        found, place = self._found, self.place
        self.query_one(PairList).point(place)
        self.query_one("#bar", OneLine).show_line(lambda cells: bar_line(found, place, cells))
        if not found.pairs:
            return
        left, right = found.pairs[place].left, found.pairs[place].right
        for side, step, other in (("a", left, right), ("b", right, left)):
            view = self.query_one(f"#step-{side}", LineView)
            view.show_lines(partial(step_lines, step, other), home=True)
