"""Home: a box for a new goal, and below it every session there is."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar, Protocol, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from loopdeck.app.keymap import label_of, table
from loopdeck.app.notices import tell
from loopdeck.app.paint.empty import GOAL
from loopdeck.app.paint.home import Entry, key_words
from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.panes.boxes import GoalBox
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.panes.sessions import SessionList
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock, Host, Library, Opened
from loopdeck.session.summary import Summary

log = logging.getLogger(__name__)

REFRESH_S = 2.0
RESTS = 100  # times as long as a reading of the library took, until the next
LONGEST_GOAL = 8_000
_FIXED = ("enter", "↓")  # keys of the text box, which are not ours to move
_BOX_KEYS = (("enter", "start"), ("↓", "sessions"), ("quit", "quit"))
_LIST_KEYS = (
    ("open_session", "open"),
    ("resume_session", "resume"),
    ("next_pane", "new goal"),
    ("help", "help"),
    ("theme", "theme"),
    ("quit", "quit"),
)


class Stage(Protocol):
    """What home needs of the app it is shown in."""

    clock: Clock

    async def open_session(self, opened: Opened) -> None:
        """Show a session on top."""
        ...


class HomeScreen(Screen[None]):
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
        #sessions { height: 1fr; }
        #keys { dock: bottom; padding: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_list", show=False),
        Binding("escape", "to_list", show=False),
    ]
    AUTO_FOCUS: ClassVar[str | None] = "#goal"

    def __init__(
        self, library: Library, host: Host, *, keys: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self._keys = dict(keys or {})
        self._library = library
        self._host = host
        self._timer: Timer | None = None
        self._fault = ""

    def compose(self) -> ComposeResult:
        """Title, goal, sessions, keys."""
        yield OneLine(id="title")
        helps = next(key.names for key in table(self._keys) if key.id == "help")
        goal = GoalBox(GOAL, helps, id="goal", max_length=LONGEST_GOAL)
        goal.border_title = Content("New goal")
        yield goal
        sessions = SessionList(id="sessions")
        sessions.border_title = Content("Sessions")
        yield sessions
        yield OneLine(id="keys")

    def on_mount(self) -> None:
        """Paint what never changes; the library is read when the screen is shown."""
        self.query_one("#title", OneLine).show_line(_title)
        self.on_descendant_focus()

    def on_descendant_focus(self) -> None:
        """The keys at the bottom are those that work where the focus is."""
        words = _BOX_KEYS if isinstance(self.focused, Input) else _LIST_KEYS
        pressed = [
            (label_of(key, self._keys) if key not in _FIXED else key, word) for key, word in words
        ]
        self.query_one("#keys", OneLine).show_line(lambda cells: key_words(pressed, cells))

    def on_screen_resume(self) -> None:
        """The library may have changed while another screen was on top."""
        self._read_soon()

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
        obstacle = _why_not(message.entry, live=self._library.is_live(session))
        if obstacle:
            self.notify(obstacle, markup=False)
        else:
            self._open(lambda: self._host.resume(session), "resuming …")

    @on(SessionList.Typed)
    def typed(self, message: SessionList.Typed) -> None:
        """Letters that mean nothing on the list are the beginning of a goal."""
        goal = self.query_one("#goal", GoalBox)
        goal.focus()
        goal.insert(message.text, len(goal.value))
        goal.cursor_position = len(goal.value)

    @on(SessionList.Above)
    def to_goal(self) -> None:
        """Up from the list is the box."""
        self.query_one("#goal").focus()

    def action_to_list(self) -> None:
        """Down from the box is the list."""
        self.query_one(SessionList).focus()

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

    def _read_soon(self) -> None:
        if self.is_current:
            self.run_worker(self._read(), group="read", exclusive=True)

    async def _read(self) -> None:
        clock = cast("Stage", self.app).clock
        begun = clock.mono()
        try:
            self._show([self._entry(one) for one in await self._library.summaries()])
            self._fault = ""
        except LoopdeckError as error:
            if str(error) != self._fault:  # once, not with every reading
                tell(self, error)
            self._fault = str(error)
        took = (clock.mono() - begun) / 1e9
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(max(REFRESH_S, took * RESTS), self._read_soon)

    def _entry(self, summary: Summary) -> Entry:
        busy = summary.state == "running"
        return Entry(summary, summary.as_seen(live=busy and self._library.is_live(summary.id)))

    def _show(self, entries: list[Entry]) -> None:
        sessions = self.query_one(SessionList)
        sessions.show(entries, cast("Stage", self.app).clock.wall())
        sessions.border_subtitle = Content(f"{len(entries):,}" if entries else "")


def _why_not(entry: Entry, *, live: bool) -> str:
    """Why a session cannot be resumed; empty where it can."""
    if live:
        return "Its agent is at work; enter shows it."
    return "It is done; enter replays it." if entry.state == "done" else ""


def _title(cells: int) -> Line:
    name = (Part("Loopdeck", "strong"),)
    return spread(name, (Part("watch agents · approve · replay", "muted"),), cells)
