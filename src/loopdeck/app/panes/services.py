"""The services of a session: what stays running beside the calls; a key stops one."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.paint.lines import Line, prose
from loopdeck.app.paint.services import (
    NONE,
    ended_lines,
    heading_line,
    printed_lines,
    service_line,
    sum_lines,
)
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.overview import Overview, OverviewList
from loopdeck.app.sanitize import sanitize
from loopdeck.session.services import ServiceView


class ServiceList(OverviewList[ServiceView]):
    """One line a service."""

    now = 0
    ends: Sequence[tuple[int, str]] = ()

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """What ran before; how there may be one, where there was none."""
        return ended_lines(self.ends, cells) or prose(NONE, cells, "muted")

    def row(self, at: int, cells: int) -> Line:
        """One service."""
        return service_line(self.things[at], self.now, cells)


class ServicesScreen(Overview[ServiceView | None]):
    """Gives back the one whose call is to be shown. Without `stop` none can be: not in the past."""

    DEFAULT_CSS = """
    ServicesScreen #list { height: auto; min-height: 2; max-height: 40vh; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "leave", show=False, id="services"),
        Binding("delete,backspace", "stop", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._stop: Callable[[str], None] | None = None
        self._steps: Mapping[str, int] = {}
        self._name = ""
        self._slid = ""  # the one that came under the cursor because another ended

    def make_list(self) -> CursorList:
        """The services."""
        return ServiceList(self._describe, self.action_open)

    def on_mount(self) -> None:
        """Name the keys; the services come at once."""
        self.entitle("Services", "escape closes")
        self._list.focus()

    @property
    def _list(self) -> ServiceList:
        return self.query_one("#list", ServiceList)

    def over(self, ends: Sequence[tuple[int, str]]) -> None:
        """What ended, the newest last, each with its step: shown where nothing runs."""
        self._list.ends = ends

    def show(
        self,
        views: Sequence[ServiceView],
        steps: Mapping[str, int],
        now: int,
        stop: Callable[[str], None] | None,
    ) -> None:
        """The services of a moment (UTC ns), and the step of each; the cursor stays on its own."""
        self._stop, self._steps = stop, steps
        keys = ("enter its call", *(["delete stops it"] if stop is not None else []))
        self.entitle("Services", " · ".join((*(keys if views else ()), "escape closes")))
        chosen, names = self._list.thing, [view.name for view in views]
        if chosen and chosen.name not in names:
            self._slid = names[0] if names else ""
        self._list.things, self._list.now = views, now
        self._list.renew(names.index(chosen.name) if chosen and chosen.name in names else 0)
        self.say(partial(sum_lines, views))
        self._describe()

    def action_open(self) -> None:
        """Close, and show the call that started it."""
        if self._list.thing is not None:
            self.dismiss(self._list.thing)

    def action_stop(self) -> None:
        """Stop the chosen one, with all that it started."""
        view = self._list.thing
        if self._stop is None:
            self.notify("Nothing can be stopped here: nobody works on it.", markup=False)
        elif view is not None and view.name == self._slid:
            self._slid = ""
            self.notify(f"The next one is {sanitize(view.name)}: once more stops it.", markup=False)
        elif view is not None:
            self._stop(view.name)
            self.notify("It is being stopped.", markup=False, timeout=3)

    def _describe(self) -> None:
        view = self._list.thing
        if view is None or view.name != self._slid:
            self._slid = ""
        home, self._name = view is None or view.name != self._name, view.name if view else ""
        if view is None:
            self.more.show_lines(lambda _cells: ())
        else:
            step = self._steps.get(view.name, 0)
            self.more.show_lines(partial(printed_lines, view, step), home=home)
