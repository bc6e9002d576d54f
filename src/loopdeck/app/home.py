"""Home: a box for a new goal, and below it every session there is."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar, Protocol, cast

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.keymap import Scope, bindings, label_of, table
from loopdeck.app.notices import tell
from loopdeck.app.paint.empty import GOAL
from loopdeck.app.paint.home import Entry, key_words
from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.panes.boxes import Box, GoalBox
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.panes.sessions import SessionList
from loopdeck.app.sanitize import sanitize
from loopdeck.app.shelves import Shelves
from loopdeck.app.slash import Place, is_slash, message_of, read
from loopdeck.app.themed import use_theme
from loopdeck.app.wishing import summary
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Host, Library, Opened
from loopdeck.ports.journal import Attic
from loopdeck.ports.sayings import Forgetful, Sayings
from loopdeck.ports.search import Finder
from loopdeck.ports.wish import Wish

log = logging.getLogger(__name__)

LONGEST_GOAL = 8_000
_FIXED = ("enter", "↓", "tab", "escape")  # keys of the text boxes, which are not ours to move
_KEYS = {
    "goal": (
        ("enter", "start"),
        ("↓", "sessions"),
        ("options", "options"),
        ("find", "find"),
        ("quit", "quit"),
    ),
    "find": (("enter", "open"), ("↓", "choose"), ("tab", "sessions or inside"), ("escape", "back")),
    "label": (("enter", "keep it"), ("escape", "leave it")),
    "hits": (("enter", "replay from there"), ("tab", "sessions"), ("escape", "back")),
    "sessions": (
        ("open_session", "open"),
        ("resume_session", "resume"),
        ("find", "find"),
        ("rename_session", "name"),
        ("tag_session", "tags"),
        ("delete_session", "put away"),
        ("next_pane", "new goal"),
        ("help", "help"),
        ("theme", "theme"),
        ("quit", "quit"),
    ),
}


class Stage(Protocol):
    """What home needs of the app it is shown in."""

    clock: Clock

    async def open_session(self, opened: Opened) -> None:
        """Show a session on top."""
        ...


class HomeScreen(Shelves):
    """Starts a session from a goal; opens or resumes the ones of the library.

    `keys` are the user's keys, so that the line at the bottom shows what to press.
    """

    DEFAULT_CSS = """
    HomeScreen {
        background: $background;
        #title { dock: top; padding: 0 2; }
        #goal {
            border: round $loop-border; background: $background; padding: 0 1;
            border-title-color: $loop-muted; border-subtitle-color: $loop-muted;
            &:focus { border: round $loop-border-focus; background-tint: $background 0%; }
            &>.input--placeholder { color: $loop-muted; }
        }
        &.-finding #goal { display: none; }
        #keys { dock: bottom; padding: 0 2; }
    }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#goal"
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
        self._sayings = sayings or Forgetful()
        self._wish: Wish | None = None
        self._chosen = False
        self._keys = dict(keys or {})
        self._host = host

    def compose(self) -> ComposeResult:
        """Title, goal, sessions, keys."""
        yield OneLine(id="title")
        actions = {
            name: key.action if "." in key.action else f"app.{key.action}"
            for key in table(self._keys)
            if key.id in ("help", "find")
            for name in key.names
        }
        goal = GoalBox(GOAL, actions, id="goal", max_length=LONGEST_GOAL)
        goal.border_title = Content("New goal")
        yield goal
        yield FindBox(id="find")
        sessions, hits = SessionList(id="sessions"), HitList(id="hits")
        sessions.border_title, hits.border_title = (
            Content("Sessions"),
            Content("Inside the sessions"),
        )
        yield sessions
        yield hits
        yield Box("", id="label")
        yield OneLine(id="keys")

    def on_mount(self) -> None:
        """Paint what never changes; the library is read when the screen is shown."""
        self.query_one("#title", OneLine).show_line(_title)
        start(self, self._remember, "wish")
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """The keys at the bottom are those that work where the focus is."""
        words = _KEYS.get((self.focused and self.focused.id) or "", ())
        pressed = [
            (label_of(key, self._keys) if key not in _FIXED else key, word) for key, word in words
        ]
        self.query_one("#keys", OneLine).show_line(lambda cells: key_words(pressed, cells))

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
        self._open(lambda: self._begun(message_of(goal), wish), "starting …")

    async def _begun(self, goal: str, wish: Wish | None) -> Opened:
        opened = await self._host.start(goal, wish)
        self.query_one("#goal", GoalBox).recall.add(goal)
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
        self._wish = await self._host.wish()
        self._show_wish()
        earlier = await self._sayings.recent("goal")
        self.query_one("#goal", GoalBox).recall.put_before(earlier)

    def _show_wish(self) -> None:
        words = summary(self._wish) if self._wish else ""
        self.query_one("#goal").border_subtitle = Content(sanitize(words, lines=False))

    def _command(self, text: str) -> None:
        """A goal that begins with a slash is a command, or a sentence."""
        typed = read(text, Place.HOME)
        if isinstance(typed, str):
            self.notify(sanitize(typed), severity="warning", markup=False)
            return
        self.query_one("#goal", GoalBox).value = ""
        if typed.rest:
            use_theme(cast("App[object]", self.app), typed.rest)
        else:
            start(self, partial(self.run_action, typed.slash.action), "slash")

    @on(SessionList.Chosen)
    def choose(self, message: SessionList.Chosen) -> None:
        """Open a session, or let it go on where that can be."""
        session = message.entry.summary.id
        if not message.resume:
            self._open(lambda: self._host.open(session), "opening …")
            return
        obstacle = _why_not(message.entry, live=self.library.is_live(session))
        if obstacle:
            self.notify(obstacle, markup=False)
        else:
            self._open(lambda: self._host.resume(session), "resuming …")

    @on(HitList.Chosen)
    def choose_hit(self, message: HitList.Chosen) -> None:
        """Replay a session from the place that was found."""
        hit = message.hit
        self._open(lambda: self._host.open(hit.session, hit.seq), "opening …")

    @on(SessionList.Typed)
    @on(HitList.Typed)
    def typed(self, message: SessionList.Typed | HitList.Typed) -> None:
        """Letters that mean nothing on the list are the beginning of a goal, or more to find."""
        is_open = [box for box in self.query(Box) if box.has_class("-open")]
        box = is_open[-1] if is_open else self.query_one("#goal", GoalBox)
        box.focus()
        box.insert(message.text, len(box.value))
        box.cursor_position = len(box.value)

    @on(SessionList.Above)
    @on(HitList.Above)
    def to_box(self) -> None:
        """Up from the list is the box above it."""
        find = self.query_one(FindBox)
        (find if find.is_open else self.query_one("#goal")).focus()

    def _open(self, get: Callable[[], Awaitable[Opened]], word: str) -> None:
        self.query_one("#goal", Input).border_subtitle = Content(word)
        self.run_worker(self._opened(get), group="open", exclusive=True, exit_on_error=False)

    async def _opened(self, get: Callable[[], Awaitable[Opened]]) -> None:
        goal = self.query_one("#goal", Input)
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


def _why_not(entry: Entry, *, live: bool) -> str:
    """Why a session cannot be resumed; empty where it can."""
    if live:
        return "Its agent is at work; enter shows it."
    return "It is done; enter replays it." if entry.state == "done" else ""


def _title(cells: int) -> Line:
    name = (Part("Loopdeck", "strong"),)
    return spread(name, (Part("watch agents · approve · replay", "muted"),), cells)
