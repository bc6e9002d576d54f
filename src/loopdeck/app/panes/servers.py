"""The MCP servers of a session: how each is doing, and its tools; a key begins one anew."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.paint.lines import Line
from loopdeck.app.paint.servers import (
    NONE,
    heading_line,
    health_lines,
    server_line,
    sum_lines,
    tool_lines,
)
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.overview import Overview, OverviewList
from loopdeck.ports.servers import ServerView, ToolView


class ServerList(OverviewList[ServerView]):
    """One line a server."""

    none = NONE

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One server."""
        return server_line(self.things[at], cells)


class ServersScreen(Overview[None]):
    """Servers can be restarted while they run here: not in a recording, nor in the past."""

    DEFAULT_CSS = """
    ServersScreen #list { height: auto; min-height: 2; max-height: 40vh; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "leave", show=False, id="servers"),
        Binding("r", "restart", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._restart: Callable[[str], None] | None = None
        self._tools: Mapping[str, Sequence[ToolView]] = {}
        self._name: str | None = None  # whose words are shown
        self._whole = False  # whether its tools are shown in place of its health

    def make_list(self) -> CursorList:
        """The servers."""
        return ServerList(self._describe, self.action_open)

    def on_mount(self) -> None:
        """Name the keys; the servers come at once, or as soon as the session is read."""
        self.entitle("MCP servers", "escape closes")
        self.reading()
        self._list.focus()

    @property
    def _list(self) -> ServerList:
        return self.query_one("#list", ServerList)

    def show(
        self,
        views: Sequence[ServerView],
        tools: Mapping[str, Sequence[ToolView]],
        restart: Callable[[str], None] | None = None,
    ) -> None:
        """The servers of a moment, and the tools of each; the cursor stays on its own."""
        self._restart = restart
        of_one = ("enter its tools", *(["r restarts"] if restart is not None else []))
        self.entitle("MCP servers", " · ".join((*(of_one if views else ()), "escape closes")))
        chosen = self._list.thing
        names = [view.name for view in views]
        self._list.things, self._tools = views, tools
        self._list.renew(names.index(chosen.name) if chosen and chosen.name in names else 0)
        self.say(lambda cells: sum_lines(views, cells))
        if not views:
            self._describe()

    def action_open(self) -> None:
        """Show its tools, or how it is doing again."""
        self._whole = not self._whole
        self._describe(home=True)

    def action_restart(self) -> None:
        """Begin the chosen one anew; what it does now is lost."""
        view = self._list.thing
        if self._restart is None:
            self.notify("Nothing can be restarted here: this is what the log knows.", markup=False)
        elif view is not None:
            self._restart(view.name)
            self.notify("It is begun anew.", markup=False, timeout=3)

    def _describe(self, *, home: bool = False) -> None:
        view = self._list.thing
        home, self._name = home or view is None or view.name != self._name, view and view.name
        if view is None:
            self.more.show_lines(lambda _cells: ())
        elif self._whole:
            tools = self._tools.get(view.name, ())
            self.more.show_lines(partial(tool_lines, view, tools), home=home)
        else:
            self.more.show_lines(partial(health_lines, view), home=home)
