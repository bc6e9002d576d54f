"""The box for a new goal: what it begins, what was typed before, the commands it takes."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar, Protocol, cast

from textual import on
from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.home.shelves import Shelves
from loopdeck.app.keys.completing import Completion
from loopdeck.app.keys.keymap import Scope, bindings, label_of
from loopdeck.app.keys.slash import MARK, Place, Slash, is_slash, message_of, read
from loopdeck.app.look.themed import use_theme
from loopdeck.app.notices import tell
from loopdeck.app.paint.speaking import slash_lines
from loopdeck.app.panes.boxes import GoalBox
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.lines import LineView
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.wishing import summary
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Host, Library, Opened
from loopdeck.ports.journal import Attic
from loopdeck.ports.sayings import Forgetful, Sayings
from loopdeck.ports.search import Finder
from loopdeck.ports.wish import Wish

log = logging.getLogger(__name__)

ROWS = 6  # commands that are shown at once


class Stage(Protocol):
    """What home needs of the app it is shown in."""

    clock: Clock

    async def open_session(self, opened: Opened) -> None:
        """Show a session on top."""
        ...


class Goals(Shelves):
    """Begins sessions with `host`. Whoever derives from it has a `GoalBox` and a view `#slashes`.

    `keys` are the user's keys, so that what is said names them.
    """

    DEFAULT_CSS = """
    Goals {
        #slashes { display: none; padding: 0 2; background: $surface; scrollbar-gutter: auto; }
        &.-slashing #slashes { display: block; }
        &.-finding #slashes { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Scope.HOME) if binding.id == "options"
    ]

    def __init__(
        self,
        library: Library,
        host: Host,
        *,
        finder: Finder | None = None,
        attic: Attic | None = None,
        keys: Mapping[str, str] | None = None,
        sayings: Sayings | None = None,
    ) -> None:
        super().__init__(library, finder, attic)
        self.host = host
        self.keys_changed = dict(keys or {})
        self._sayings = sayings or Forgetful()
        self._wish: Wish | None = None
        self._chosen = False
        self._commands = Completion(Place.HOME)

    @property
    def goal(self) -> GoalBox:
        """The box."""
        return self.query_one(GoalBox)

    def label(self, key: str) -> str:
        """What to press for a key of the table."""
        return label_of(key, self.keys_changed)

    def on_mount(self) -> None:
        """Read what was chosen and typed before."""
        self.goal.turn = self._turn
        self.query_one("#slashes", LineView).can_focus = False
        start(self, self._remember, "wish")

    def begin_slash(self, slash: Slash) -> None:
        """Put a command into the box that wants words after it."""
        self.goal.put(f"{MARK}{slash.name} ")
        self.goal.focus()

    @on(Input.Changed, "#goal")
    def offer(self) -> None:
        """Show the commands that the text may become."""
        if self._commands.read(self.goal.value):
            self._show_commands()

    @on(Input.Submitted, "#goal")
    def begin(self, event: Input.Submitted) -> None:
        """Begin a session with the goal that was typed."""
        goal = event.value.strip()
        if not goal:
            self.notify("Type what the agent should do, then press enter.", markup=False)
            return
        if is_slash(goal):
            self._command(goal)
            return
        wish = self._wish if self._chosen else None
        self.open_with(lambda: self._begun(message_of(goal), wish), "starting …")

    async def _begun(self, goal: str, wish: Wish | None) -> Opened:
        opened = await self.host.start(goal, wish)
        self.goal.recall.add(goal)
        await self._sayings.keep("goal", goal)
        return opened

    def action_options(self) -> None:
        """Choose how the next session is to be."""
        from loopdeck.app.panes.wishing import WishScreen  # on first use

        if self._wish is not None:
            cast("App[object]", self.app).push_screen(WishScreen(self._wish), self._choose)

    def _choose(self, wish: Wish | None) -> None:
        if wish is not None:
            self._wish, self._chosen = wish, True
            self._show_wish()

    async def _remember(self) -> None:
        self._wish = await self.host.wish()
        self._show_wish()
        earlier = await self._sayings.recent("goal")
        self.goal.recall.put_before(earlier)

    def _show_wish(self) -> None:
        words = summary(self._wish) if self._wish else ""
        self.goal.border_subtitle = Content(sanitize(words, lines=False))

    def _command(self, text: str) -> None:
        """A goal that begins with a slash is a command, or a sentence."""
        typed = read(text, Place.HOME)
        if isinstance(typed, str):
            self.notify(sanitize(typed), severity="warning", markup=False)
            return
        self.goal.value = ""
        match typed.slash.name, typed.rest:
            case "theme", name if name:
                use_theme(cast("App[object]", self.app), name)
            case "find", words if words:
                self.action_find()
                self.query_one(FindBox).put(words)
            case _:
                start(self, partial(self.run_action, typed.slash.action), "slash")

    def _turn(self, key: str) -> bool:
        """The keys of the list of commands, while there is one."""
        self.offer()  # keys may be faster than the news of what they changed
        text = self._commands.turn(key)
        if text is None:
            return False
        if text == self.goal.value:
            self._show_commands()
        else:
            self.goal.put(text)
        return True

    def _show_commands(self) -> None:
        found = self._commands.found
        self.set_class(bool(found), "-slashing")
        view = self.query_one("#slashes", LineView)
        view.styles.height = min(ROWS, len(found))
        view.show_lines(partial(slash_lines, found, self._commands.chosen, ROWS))

    def open_with(self, get: Callable[[], Awaitable[Opened]], word: str) -> None:
        self.goal.border_subtitle = Content(word)
        self.run_worker(self._opened(get), group="open", exclusive=True, exit_on_error=False)

    async def _opened(self, get: Callable[[], Awaitable[Opened]]) -> None:
        goal = self.goal
        try:
            opened = await get()
            goal.value = ""
            await cast("Stage", self.app).open_session(opened)
        except LoopdeckError as error:
            tell(self, error)
        except Exception as error:
            log.exception("a session could not be opened from home")
            tell(self, error)
        finally:
            self._show_wish()
