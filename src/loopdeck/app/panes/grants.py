"""Every standing permission on one screen over the deck, and a key that takes one back."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loopdeck.app.background import start
from loopdeck.app.paint.grants import grant_line, heading_line, origin_lines
from loopdeck.app.paint.lines import Line, prose
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.dialog import Dialog
from loopdeck.app.panes.lines import LineView
from loopdeck.ports import Clock
from loopdeck.session.standing import GrantView

Origin = Callable[[GrantView], Awaitable[str]]
_NONE = "No standing permissions. s gives one, while a call waits."


class GrantList(CursorList):
    """One line a permission, however many there are."""

    DEFAULT_CSS = """
    GrantList { height: auto; max-height: 24; min-height: 2; }
    """

    def __init__(self, chosen: Callable[[], None]) -> None:
        super().__init__()
        self.views: Sequence[GrantView] = ()
        self._chosen = chosen
        self._now = 0

    @property
    def view(self) -> GrantView | None:
        """The permission under the cursor."""
        return self.views[self.cursor] if self.cursor < len(self.views) else None

    def show(self, views: Sequence[GrantView], now: int) -> None:
        """Show the permissions as of now; the cursor stays on its own."""
        held = self.view.grant.grant_id if self.view else ""
        self.views, self._now = views, now
        ids = [view.grant.grant_id for view in views]
        self.renew(ids.index(held) if held in ids else min(self.cursor, len(ids) - 1))

    @property
    def count(self) -> int:
        """How many permissions there are."""
        return len(self.views)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One permission."""
        return grant_line(self.views[at], self._now, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """What to do without any."""
        return prose(_NONE, cells, "muted")

    def moved(self) -> None:
        """The whole of the chosen one is shown below."""
        self._chosen()


class GrantsScreen(Dialog[GrantView | None]):
    """Gives back the permission whose call is to be shown. `revoke` is `None` where none can be."""

    DEFAULT_CSS = """
    GrantsScreen {
        #frame { width: 130; }
        LineView { height: auto; max-height: 8; margin: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("G", "dismiss", show=False, id="grants"),
        Binding("enter", "show_call", show=False),
        Binding("delete,backspace", "revoke", show=False),
    ]

    def __init__(
        self,
        clock: Clock,
        origin: Origin,
        revoke: Callable[[str], None] | None,
        at: int | None = None,
    ) -> None:
        """`at` is the moment they are looked at (UTC ns), where that is not now."""
        super().__init__(clock)
        self._at = at
        self._origin = origin
        self._revoke = revoke
        self._views: Sequence[GrantView] = ()
        self._described: GrantView | None = None

    def compose(self) -> ComposeResult:
        """The list, and the whole of the chosen one below it."""
        with Vertical(id="frame"):
            yield GrantList(self._describe)
            yield LineView()

    def on_mount(self) -> None:
        """Show what was there when it was opened; its clocks go on."""
        keys = "enter its call · delete takes it back · escape closes"
        self.entitle("Standing permissions", keys if self._revoke else "enter its call · escape")
        self.show(self._views)
        self.query_one(GrantList).focus()
        self.set_interval(1.0, lambda: self.show(self._views))

    def show(self, views: Sequence[GrantView]) -> None:
        """The permissions of a moment."""
        self._views = views
        revoke = "delete takes it back · " if self._revoke else ""
        keys = f"enter its call · {revoke}" if views else ""
        for one in self.query(GrantList):  # there is none before it is on the screen
            one.show(views, self.clock.wall() if self._at is None else self._at)
            self.entitle("Standing permissions", f"{keys}escape closes")
            self.query_one(LineView).display = bool(views)

    def say(self, note: str) -> None:
        """Nothing here needs to be guarded: taking back is always safe."""

    def action_show_call(self) -> None:
        """Close, and show the call it was given with."""
        view = self.query_one(GrantList).view
        if view is not None:
            self.dismiss(view)

    def action_revoke(self) -> None:
        """Take the chosen one back, at once."""
        view = self.query_one(GrantList).view
        if view is None:
            return
        if self._revoke is None:
            self.notify("Nothing can be taken back here: nobody works on it.", markup=False)
            return
        self._revoke(view.grant.grant_id)

    def _describe(self) -> None:
        view = self.query_one(GrantList).view
        if view is self._described:
            return
        self._described = view
        if view is None:
            self.query_one(LineView).show_lines(lambda _cells: ())
        else:
            start(self, partial(self._describe_origin, view), "origin", only=True)

    async def _describe_origin(self, view: GrantView) -> None:
        words = await self._origin(view)
        self.query_one(LineView).show_lines(partial(origin_lines, view, words))
