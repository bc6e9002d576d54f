"""Where the time and the money of a session went, step by step, up to a moment."""

from collections.abc import Sequence
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
from loopdeck.app.paint.lines import Line
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.overview import Overview, OverviewList
from loopdeck.session.spent import StepTime


class StepList(OverviewList[StepTime]):
    """One bar a step."""

    none = NONE
    _sums: Sequence[Sums] = ()
    _scale = 1

    def show(self, steps: Sequence[StepTime], cursor: int) -> None:
        """Other steps, one of them chosen."""
        self.things, self._sums, self._scale = steps, running_sums(steps), scale_of(steps)
        self.renew(cursor)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One step."""
        return step_line(self.things[at], self._sums[at], self._scale, cells)


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
        at_end = self._list.cursor >= self._list.count - 1
        self._list.show(steps, len(steps) - 1 if at_end else self._list.cursor)
        if at_end:  # what can be seen is known only after the layout
            self.call_after_refresh(self._list.action_edge, 1)
        self.say(lambda cells: [sum_line(steps, cells)])

    def action_open(self) -> None:
        """To the end of the chosen step."""
        if self._list.thing is not None:
            self.dismiss(self._list.thing)

    def _mark(self) -> None:
        steps, at = self._list.things, self._list.cursor
        self.more.show_lines(lambda cells: spark_lines(steps, at, cells))
