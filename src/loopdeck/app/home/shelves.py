"""A screen with the library on it: the list, the search, and what is done to a session."""

from typing import ClassVar, Protocol, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.home.browsing import Browser
from loopdeck.app.home.curating import Curator
from loopdeck.app.notices import tell
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.sessions import SessionList
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Library
from loopdeck.ports.journal import Attic
from loopdeck.ports.search import Finder

REFRESH_S = 2.0
RESTS = 100  # times as long as a reading of the library took, until the next


class Timed(Protocol):
    """What the screen needs of its app."""

    clock: Clock


class Shelves(Screen[None]):
    """Reads the library while it is shown, and narrows it down by what is typed.

    Whoever derives from it puts a `SessionList`, a `HitList`, a `FindBox` and a box `#label` on it.
    """

    DEFAULT_CSS = """
    Shelves {
        #sessions, #hits { height: 1fr; }
        #label { display: none; &.-open { display: block; } }
        &.-inside { #sessions { display: none; } #hits { display: block; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_list", show=False),
        Binding("escape", "back", show=False),
    ]

    def __init__(self, library: Library, finder: Finder | None, attic: Attic | None) -> None:
        super().__init__()
        self.library = library
        self.browser = Browser(library, finder)
        self.curator = Curator(self, library, attic)
        self._reads_on = False
        self._turned = False  # the human chose which list is shown
        self._timer: Timer | None = None
        self._fault = ""

    @property
    def clock(self) -> Clock:
        """The time."""
        return cast("Timed", self.app).clock

    @property
    def sessions(self) -> SessionList:
        """The list of sessions, shown or not."""
        return self.query_one(SessionList)

    @property
    def shown(self) -> SessionList | HitList:
        """The list that is shown."""
        return self.query_one(HitList) if self.has_class("-inside") else self.sessions

    def on_screen_resume(self) -> None:
        """The library may have changed while another screen was on top."""
        self.browser.serve(self.sessions, self.query_one(HitList), self.clock)
        self._reads_on = False
        self.read_soon()

    @on(SessionList.Wanted)
    def fill(self) -> None:
        """Lines came into sight."""
        start(self, self.browser.fill, "fill", only=True)

    @on(SessionList.Changing)
    def change(self, message: SessionList.Changing) -> None:
        """Something is to be done to a session."""
        self.curator.begin(message.entry, message.wish)

    @on(Input.Changed, "#find")
    def narrow(self, event: Input.Changed) -> None:
        """Every letter narrows the list down, and is looked for inside."""
        self.browser.words = event.value
        if not event.value:
            self._turned = False
        self.read_soon()
        start(self, self._look_inside, "find", only=True)

    @on(FindBox.Turned)
    def turn(self) -> None:
        """Show the places inside the sessions, or the sessions."""
        self._turned = True
        self.toggle_class("-inside")

    @on(Input.Submitted, "#find")
    def open_first(self) -> None:
        """Open what the cursor of the list stands on."""
        self.shown.opened()

    @on(Input.Submitted, "#label")
    def keep_label(self, event: Input.Submitted) -> None:
        """A name or tags were typed."""
        self.curator.keep(event.value)

    @on(Box.Left, "#label")
    def leave_label(self) -> None:
        """Nothing is changed."""
        self.curator.leave()

    def action_to_list(self) -> None:
        """Down from a box is the list."""
        self.shown.focus()

    @on(SessionList.Finding)
    def action_find(self) -> None:
        """Open the box that narrows the list down."""
        self.query_one(FindBox).add_class("-open").focus()
        self.add_class("-finding")

    @on(Box.Left, "#find")
    def action_back(self) -> None:
        """Away from the search, or from a box to the list."""
        find = self.query_one(FindBox)
        find.value = ""
        find.remove_class("-open")
        self.remove_class("-inside", "-finding")
        self.sessions.focus()

    def action_archive(self) -> None:
        """Show what was put away."""
        start(self, self.curator.open_attic, "attic", only=True)

    def read_soon(self) -> None:
        """Read the library again, at once."""
        if self.is_current:
            start(self, self._read, "read", only=True)

    async def _look_inside(self) -> None:
        await self.browser.look_inside()
        self._prefer()

    def _prefer(self) -> None:
        """Show the list that has something, until the human says which."""
        if not self._turned:
            self.set_class(self.browser.only_inside, "-inside")

    async def _read(self) -> None:
        begun = self.clock.mono()
        try:
            await self.browser.read()
            self._prefer()
            self._fault = ""
        except LoopdeckError as error:
            if str(error) != self._fault:  # once, not with every reading
                tell(self, error)
            self._fault = str(error)
        if not self._reads_on:  # behind the first lines, which it would slow down
            self._reads_on = True
            self.call_after_refresh(start, self, self.browser.read_on, "index", only=True)
        took = (self.clock.mono() - begun) / 1e9
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(max(REFRESH_S, took * RESTS), self.read_soon)
