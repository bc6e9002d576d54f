"""Home: a box for a new goal, and below it every session there is."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Protocol, cast

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from loopdeck.app.keymap import label_of, table
from loopdeck.app.notices import tell
from loopdeck.app.paint.empty import GOAL
from loopdeck.app.paint.home import Entry, key_words
from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.panes.boxes import Box, GoalBox
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.panes.sessions import SessionList
from loopdeck.app.shelves import Shelves
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Host, Library, Opened
from loopdeck.ports.journal import Attic
from loopdeck.ports.search import Finder

log = logging.getLogger(__name__)

LONGEST_GOAL = 8_000
_FIXED = ("enter", "↓", "tab", "escape")  # keys of the text boxes, which are not ours to move
_KEYS = {
    "goal": (("enter", "start"), ("↓", "sessions"), ("find", "find"), ("quit", "quit")),
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

    def __init__(
        self,
        library: Library,
        host: Host,
        *,
        finder: Finder | None = None,
        attic: Attic | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(library, finder, attic)
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
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """The keys at the bottom are those that work where the focus is."""
        words = _KEYS.get((self.focused and self.focused.id) or "", ())
        pressed = [
            (label_of(key, self._keys) if key not in _FIXED else key, word) for key, word in words
        ]
        self.query_one("#keys", OneLine).show_line(lambda cells: key_words(pressed, cells))

    @on(Input.Submitted, "#goal")
    def start(self, event: Input.Submitted) -> None:
        """Begin a session with the goal that was typed."""
        goal = event.value.strip()
        if not goal:
            self.notify("Type what the agent should do, then press enter.", markup=False)
            return
        self._open(lambda: self._host.start(goal), "starting …")

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
            goal.border_subtitle = None


def _why_not(entry: Entry, *, live: bool) -> str:
    """Why a session cannot be resumed; empty where it can."""
    if live:
        return "Its agent is at work; enter shows it."
    return "It is done; enter replays it." if entry.state == "done" else ""


def _title(cells: int) -> Line:
    name = (Part("Loopdeck", "strong"),)
    return spread(name, (Part("watch agents · approve · replay", "muted"),), cells)
