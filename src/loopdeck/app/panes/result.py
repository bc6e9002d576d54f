"""What the selected row led to: the whole thought, or the call with its diff and output."""

from collections.abc import Sequence
from functools import partial
from typing import cast

from textual.app import App

from loopdeck.app.background import start
from loopdeck.app.look.colours import Colours
from loopdeck.app.paint.calls import call_lines
from loopdeck.app.paint.diff import DiffStyle
from loopdeck.app.paint.empty import RESULT as NOTHING
from loopdeck.app.paint.lines import Line, prose
from loopdeck.app.paint.moments import Moment
from loopdeck.app.paint.output import Manner
from loopdeck.app.paint.rows import open_end
from loopdeck.app.paint.sides import why_no_sides
from loopdeck.app.paint.thoughts import event_lines, marked_lines
from loopdeck.app.panes.folding import FoldingView
from loopdeck.app.panes.following import Following
from loopdeck.app.view.history import History
from loopdeck.app.view.scene import Scene
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.events import Event
from loopdeck.session.outline import Row

JOTS = ("bookmark", "note")
"""Rows that are marks themselves."""


class ResultPane(FoldingView):
    """Shows one row of the loop as it stood at the playhead."""

    DEFAULT_CSS = """
    ResultPane {
        border: round $loop-border;
        border-title-color: $loop-muted;
        padding: 0 0 0 1;
        &:focus { border: round $loop-border-focus; border-title-color: $foreground; }
    }
    """
    BORDER_TITLE = "Result"

    def __init__(self, history: History, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._history = history
        self._row: Row | None = None
        self._marks = 0
        self._live: CallView | None = None
        self._over = ""
        self._following = Following()
        self._call: CallView | None = None
        self._style: DiffStyle = "unified"
        self._colours = Colours()
        self._jots: tuple[tuple[int, str], ...] = ()
        self._said: list[tuple[str, str]] = []

    def on_mount(self) -> None:
        """Say what will appear here."""
        self.show_lines(_nothing)

    def show(self, scene: Scene, row: Row | None, moment: Moment) -> None:
        """Show a row at a moment; read again only when something about it is new."""
        if row is None:
            self._row, self._marks, self._live, self._call = None, 0, None, None
            self._following.forget()
            self._jots, self._said = (), []
            self.show_lines(_nothing)
            return
        row = row.of or row  # an answer is shown with its call
        self._show_jots(scene, row)
        other = row is not self._row
        marks = len(row.upto(scene.seq))
        live = scene.state.call(row.ref) if row.kind == "call" and row.ref else None
        over = _over(row, moment)
        if not other and (marks, live, over) == (self._marks, self._live, self._over):
            return
        self._row, self._marks, self._live, self._over = row, marks, live, over
        if other:
            self.unfold_all()
        home = self._turn_to(live, at_end=scene.at_end, other=other)
        if live is not None:
            self._show_call(live, home=home)
            return
        start(self, partial(self._read, row, scene.seq, home=home), "result", only=True)

    def _turn_to(self, live: CallView | None, *, at_end: bool, other: bool) -> bool:
        """Whether to go to the first line; of a call at work the last ones stay in sight."""
        speaks = live is not None and live.status is CallStatus.RUNNING and live.live_output != ""
        at, last = self.scroll_target_y, self.max_scroll_y
        return self._following.turn(speaks=speaks and at_end, other=other, at=at, last=last)

    def _show_jots(self, scene: Scene, row: Row) -> None:
        """What its human marked this moment with stands above it, whenever that was."""
        timeline = scene.timeline
        jots = timeline.jots(scene.outline.reach(row)) if row.kind not in JOTS else []
        named = tuple((seq, timeline.names[seq]) for seq in jots)
        if named != self._jots:
            self._jots, self._said = named, []
            start(self, self._read_jots, "jots", only=True)

    async def _read_jots(self) -> None:
        jots = self._jots
        await self._history.load([seq for seq, _ in jots])
        facts = [(name, self._history.fact(seq)) for seq, name in jots]
        self._said = [(name, fact.text if fact else "") for name, fact in facts]
        self._make()

    async def _read(self, row: Row, seq: int, *, home: bool) -> None:
        if row.kind == "call" and row.ref:
            call = await self._history.call(row.ref, seq)
            if call is not None:
                self._show_call(call, home=home)
            return
        marks = row.upto(seq)
        events = [event for mark in marks if (event := await self._history.event(mark.seq))]
        size = sum(_event_size(event) for event in events)
        self._call = None

        def build(cells: int) -> Sequence[Line]:
            return [*marked_lines(self._said, cells), *event_lines(row, events, cells)]

        self.show_lines(build, size=size, home=home)

    def made(self) -> None:
        """What has no colours yet gets them; the lines stay, but for those of a call at work."""
        last = self._following.made(self.scroll_target_y, self.max_scroll_y)
        if last is not None:
            self.scroll_to(y=last, animate=False, immediate=True, force=True)
        if self._colours.wanted:
            start(self, self._colour, "colours", only=True)

    async def _colour(self) -> None:
        await self._colours.make()
        self._make()

    def page(self) -> None:
        """Show all that the call said, where it is a call that said something."""
        from loopdeck.app.panes.pager import PagerScreen  # on first use

        call = self._call
        if call is None or not (call.output or call.live_output or call.full_output):
            self.notify("There is no output here.", markup=False, timeout=3)
        else:
            cast("App[object]", self.app).push_screen(PagerScreen(call))

    def turn_diff(self) -> str:
        """Show the diff in the other style; say why where that cannot be."""
        if self._call is None or not self._call.diff:
            return "there is no diff here"
        why = why_no_sides(self._call.diff, self.cells)
        if self._style == "unified" and why:
            return why
        self._style = "sides" if self._style == "unified" else "unified"
        self._make()
        return ""

    def _show_call(self, call: CallView, *, home: bool) -> None:
        self._call, over = call, self._over

        def build(cells: int) -> Sequence[Line]:
            manner = Manner(self._style, self._colours.tint, self.flipped)
            page = call_lines(call, cells, over=over, manner=manner)
            return page.under(list(marked_lines(self._said, cells)))

        self._colours.wanted.clear()
        self.show_lines(build, size=_size(call), home=home)


def _over(row: Row, moment: Moment) -> str:
    """What became of an open call when the run stopped."""
    stopped = moment.stopped(row) if row.kind == "call" else None
    return "" if stopped is None else open_end(row.status(moment.seq), ended=stopped)


def _nothing(cells: int) -> list[Line]:
    return prose(NOTHING, cells, "muted")


def _size(call: CallView) -> int:
    return len(call.output) + len(call.diff) + sum(len(str(value)) for value in call.args.values())


def _event_size(event: Event) -> int:
    return len(event.model_dump_json())
