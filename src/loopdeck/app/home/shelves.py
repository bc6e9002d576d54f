"""The library on home: the two lists kept up with it, and the box that narrows them down."""

from textual.timer import Timer

from loopdeck.app.background import start
from loopdeck.app.home.browsing import Browser
from loopdeck.app.home.hall import Hall
from loopdeck.app.notices import tell
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Library
from loopdeck.ports.search import Finder

REFRESH_S = 2.0
RESTS = 100  # times as long as a reading of the library took, until the next


class Shelves:
    """Reads the library while home is shown, and narrows it down by what is typed."""

    def __init__(self, hall: Hall, library: Library, finder: Finder | None) -> None:
        self._hall = hall
        self._browser = Browser(library, finder)
        self._reads_on = False
        self._turned = False  # the human chose which list is shown
        self._timer: Timer | None = None
        self._fault = ""

    def resume(self) -> None:
        """The library may have changed while another screen was on top."""
        self._browser.serve(self._hall.sessions, self._hall.hits, self._hall.clock)
        self._reads_on = False
        self.read_soon()

    def read_soon(self) -> None:
        """Read the library again, at once."""
        if self._hall.is_current:
            start(self._hall, self._read, "read", only=True)

    def fill(self) -> None:
        """Lines came into sight."""
        start(self._hall, self._browser.fill, "fill", only=True)

    def begin_to_find(self) -> None:
        """Open the box that narrows the list down."""
        self._hall.find.add_class("-open").focus()
        self._hall.add_class("-finding")

    def narrow(self, words: str) -> None:
        """Every letter narrows the list down, and is looked for inside."""
        self._browser.words = words
        if not words:
            self._turned = False
        self.read_soon()
        start(self._hall, self._look_inside, "find", only=True)

    def turn(self) -> None:
        """Show the places inside the sessions, or the sessions."""
        self._turned = True
        self._hall.toggle_class("-inside")

    def back(self) -> None:
        """Away from the search, or from a box to the list."""
        find = self._hall.find
        find.value = ""
        find.remove_class("-open")
        self._hall.remove_class("-inside", "-finding")
        self._hall.sessions.focus()

    async def _look_inside(self) -> None:
        await self._browser.look_inside()
        self._prefer()

    def _prefer(self) -> None:
        """Show the list that has something, until the human says which."""
        if not self._turned:
            self._hall.set_class(self._browser.only_inside, "-inside")

    async def _read(self) -> None:
        hall = self._hall
        begun = hall.clock.mono()
        try:
            await self._browser.read()
            self._prefer()
            self._fault = ""
        except LoopdeckError as error:
            if str(error) != self._fault:  # once, not with every reading
                tell(hall, error)
            self._fault = str(error)
        if not self._reads_on:  # behind the first lines, which it would slow down
            self._reads_on = True
            hall.call_after_refresh(start, hall, self._browser.read_on, "index", only=True)
        took = (hall.clock.mono() - begun) / 1e9
        if self._timer is not None:
            self._timer.stop()
        self._timer = hall.set_timer(max(REFRESH_S, took * RESTS), self.read_soon)
