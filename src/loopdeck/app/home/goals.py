"""The box for a new goal: what it begins, what was typed before, the commands it takes."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual.content import Content

from loopdeck.app.background import start
from loopdeck.app.home.hall import Hall
from loopdeck.app.home.shelves import Shelves
from loopdeck.app.keys.completing import Completion
from loopdeck.app.keys.mentioning import Mentions
from loopdeck.app.keys.slash import MARK, Place, Slash, is_slash, message_of, read
from loopdeck.app.look.themed import use_theme
from loopdeck.app.notices import tell
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.offers import Offers
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.wishing import summary
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Host, Opened
from loopdeck.ports.sayings import Forgetful, Sayings
from loopdeck.ports.servers import Resource
from loopdeck.ports.wish import Wish

log = logging.getLogger(__name__)


class Goals:
    """Begins sessions with `host`, as they were last chosen to be."""

    def __init__(
        self, hall: Hall, host: Host, shelves: Shelves, sayings: Sayings | None = None
    ) -> None:
        self._hall = hall
        self._host = host
        self._shelves = shelves
        self._sayings = sayings or Forgetful()
        self._wish: Wish | None = None
        self._chosen = False
        self._resources: Sequence[Resource] = ()
        lists = (Completion(Place.HOME), Mentions(lambda: self._resources))
        self._offers = Offers(hall, lists)

    def remember(self) -> None:
        """Read what was chosen and typed before."""
        self._hall.goal.turn = self._turn
        self._hall.query_one("#slashes", LineView).can_focus = False
        start(self._hall, self._remember, "wish")

    def begin_slash(self, slash: Slash) -> None:
        """Put a command into the box that wants words after it."""
        self._hall.goal.put(f"{MARK}{slash.name} ")
        self._hall.goal.focus()

    def offer(self) -> None:
        """Show the commands that the text may become."""
        self._offers.read(self._hall.goal.value)

    def begin(self, text: str) -> None:
        """Begin a session with the goal that was typed."""
        goal = text.strip()
        if not goal:
            self._hall.notify("Type what the agent should do, then press enter.", markup=False)
            return
        if is_slash(goal):
            self._command(goal)
            return
        wish = self._wish if self._chosen else None
        self.open(lambda: self._begun(message_of(goal), wish), "starting …")

    async def _begun(self, goal: str, wish: Wish | None) -> Opened:
        opened = await self._host.start(goal, wish)
        self._hall.goal.recall.add(goal)
        await self._sayings.keep("goal", goal)
        return opened

    def choose_options(self) -> None:
        """Choose how the next session is to be."""
        from loopdeck.app.panes.wishing import WishScreen  # on first use

        if self._wish is not None:
            self._hall.app.push_screen(WishScreen(self._wish, self._host), self._choose)

    def _choose(self, wish: Wish | None) -> None:
        if wish is not None:
            self._wish, self._chosen = wish, True
            self._show_wish()

    async def _remember(self) -> None:
        self._wish = await self._host.wish()
        self._show_wish()
        earlier = await self._sayings.recent("goal")
        self._hall.goal.recall.put_before(earlier)
        self._resources = await self._host.resources()

    def _show_wish(self) -> None:
        words = summary(self._wish) if self._wish else ""
        self._hall.goal.border_subtitle = Content(sanitize(words, lines=False))

    def _command(self, text: str) -> None:
        """A goal that begins with a slash is a command, or a sentence."""
        typed = read(text, Place.HOME)
        if isinstance(typed, str):
            self._hall.notify(sanitize(typed), severity="warning", markup=False)
            return
        self._hall.goal.value = ""
        match typed.slash.name, typed.rest:
            case "theme", name if name:
                use_theme(self._hall.app, name)
            case "find", words if words:
                self._shelves.begin_to_find()
                self._hall.find.put(words)
            case _:
                start(self._hall, partial(self._hall.run_action, typed.slash.action), "slash")

    def _turn(self, key: str) -> bool:
        """The keys of the list of commands, while there is one."""
        goal = self._hall.goal
        text = self._offers.turn(key, goal.value)
        if text is not None and text != goal.value:
            goal.put(text)
        return text is not None

    def open(self, get: Callable[[], Awaitable[Opened]], word: str) -> None:
        """Show what `get` brings on a deck; the frame of the box says the word until then."""
        self._hall.goal.border_subtitle = Content(word)
        self._hall.run_worker(self._opened(get), group="open", exclusive=True, exit_on_error=False)

    async def _opened(self, get: Callable[[], Awaitable[Opened]]) -> None:
        goal = self._hall.goal
        try:
            opened = await get()
            goal.value = ""
            await self._hall.around.open_session(opened)
        except LoopdeckError as error:
            tell(self._hall, error)
        except Exception as error:
            log.exception("a session could not be opened from home")
            tell(self._hall, error)
        finally:
            self._show_wish()
