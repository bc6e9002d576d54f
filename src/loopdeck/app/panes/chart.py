"""Where the time and the money of a session went, step by step, up to a moment."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.paint.chart import (
    NONE,
    Sums,
    heading_line,
    running_sums,
    scale_of,
    spark_lines,
    step_line,
    sum_line,
)
from loopdeck.app.paint.lines import Line, prose
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.overview import Overview
from loopdeck.session.spent import StepTime


class StepList(CursorList):
    """One bar a step."""

    def __init__(self, chosen: Callable[[], None], opened: Callable[[], None]) -> None:
        super().__init__(id="list")
        self.steps: Sequence[StepTime] = ()
        self._sums: Sequence[Sums] = ()
        self._scale = 1
        self._chosen = chosen
        self._opened = opened

    def show(self, steps: Sequence[StepTime], cursor: int) -> None:
        """Other steps, one of them chosen."""
        self.steps, self._sums, self._scale = steps, running_sums(steps), scale_of(steps)
        self.renew(cursor)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One step."""
        return step_line(self.steps[at], self._sums[at], self._scale, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """Before the first step."""
        return prose(NONE, cells, "muted")

    def moved(self) -> None:
        """The chosen one is marked below."""
        self._chosen()

    def opened(self) -> None:
        """A double click goes where enter goes."""
        self._opened()


class ChartScreen(Overview[StepTime | None]):
    """Gives back the step to go to."""

    DEFAULT_CSS = """
    ChartScreen #more { height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "leave", show=False, id="chart")]

    ticks = True

    def make_list(self) -> CursorList:
        """The steps."""
        return StepList(self._mark, self.action_open)

    def on_mount(self) -> None:
        """Name the keys; the bars come as soon as the session is read."""
        self.entitle("Time and cost", "enter goes to the step · escape closes")
        self.reading()
        self._list.focus()

    @property
    def _list(self) -> StepList:
        return self.query_one("#list", StepList)

    def show(self, steps: Sequence[StepTime]) -> None:
        """The steps of a moment; the last one is chosen until another is."""
        at_end = self._list.cursor >= len(self._list.steps) - 1
        self._list.show(steps, len(steps) - 1 if at_end else self._list.cursor)
        if at_end:  # what can be seen is known only after the layout
            self.call_after_refresh(self._list.action_edge, 1)
        self.say(lambda cells: [sum_line(steps, cells)])

    def action_open(self) -> None:
        """To the end of the chosen step."""
        steps = self._list.steps
        if self._list.cursor < len(steps):
            self.dismiss(steps[self._list.cursor])

    def _mark(self) -> None:
        steps, at = self._list.steps, self._list.cursor
        self.more.show_lines(lambda cells: spark_lines(steps, at, cells))
