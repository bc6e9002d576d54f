"""Home's ground: the boxes and the lists, and what the parts of home may use of them."""

from collections.abc import Mapping
from typing import ClassVar, Protocol, cast

from textual.app import App, ComposeResult
from textual.content import Content
from textual.events import Key

from loopdeck.app.keys.keymap import label_of, table
from loopdeck.app.pacing import PacedScreen
from loopdeck.app.paint.empty import GOAL
from loopdeck.app.panes.boxes import Box, GoalBox
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.panes.sessions import SessionList
from loopdeck.ports import Clock, Opened

LONGEST_GOAL = 8_000


class Surroundings(Protocol):
    """What home needs of the app it is shown in."""

    clock: Clock

    async def open_session(self, opened: Opened) -> None:
        """Show a session on top."""
        ...


class Hall(PacedScreen[None]):
    """From top to bottom: the title, a box for a goal, one to find in, one of two lists, the keys.

    `keys` are the user's keys, so that what is said names them.
    """

    AUTO_FOCUS: ClassVar[str | None] = "#goal"
    DEFAULT_CSS = """
    Hall {
        background: $background;
        #title { dock: top; padding: 0 2; }
        #goal {
            border: round $loop-border; background: $background; padding: 0 1;
            border-title-color: $loop-muted; border-subtitle-color: $loop-muted;
            &:focus { border: round $loop-border-focus; background-tint: $background 0%; }
            &>.input--placeholder { color: $loop-muted; }
        }
        #slashes { display: none; padding: 0 2; background: $surface; scrollbar-gutter: auto; }
        &.-slashing #slashes { display: block; }
        &.-finding #goal, &.-finding #slashes { display: none; }
        #sessions, #hits { height: 1fr; }
        &.-inside { #sessions { display: none; } #hits { display: block; } }
        #label { display: none; &.-open { display: block; } }
        #keys { dock: bottom; padding: 0 2; }
    }
    """

    def __init__(self, keys: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.keys_changed = dict(keys or {})

    def compose(self) -> ComposeResult:
        """Title, goal, sessions, keys."""
        yield OneLine(id="title")
        actions = {
            name: key.action
            for key in table(self.keys_changed)
            if key.id in ("help", "find")
            for name in key.names
            if name != "slash"  # begins a command
        }
        goal = GoalBox(GOAL, actions, id="goal", max_length=LONGEST_GOAL)
        goal.border_title = Content("New goal")
        yield goal
        yield LineView(id="slashes")
        yield FindBox(id="find")
        sessions, hits = SessionList(id="sessions"), HitList(id="hits")
        sessions.border_title = Content("Sessions")
        hits.border_title = Content("Inside the sessions")
        yield sessions
        yield hits
        yield Box("", id="label")
        yield OneLine(id="keys")

    @property
    def around(self) -> Surroundings:
        """The app."""
        return cast("Surroundings", self.app)

    @property
    def app(self) -> App[object]:
        """The app; textual leaves open what it returns, and nothing here cares."""
        return super().app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.around.clock

    @property
    def goal(self) -> GoalBox:
        """The box for a new goal."""
        return self.query_one(GoalBox)

    @property
    def find(self) -> FindBox:
        """The box that narrows the lists down."""
        return self.query_one(FindBox)

    @property
    def sessions(self) -> SessionList:
        """The list of sessions, shown or not."""
        return self.query_one(SessionList)

    @property
    def hits(self) -> HitList:
        """The places inside the sessions, shown or not."""
        return self.query_one(HitList)

    @property
    def shown(self) -> SessionList | HitList:
        """The list that is shown."""
        return self.hits if self.has_class("-inside") else self.sessions

    def label(self, key: str) -> str:
        """What to press for a key of the table."""
        return label_of(key, self.keys_changed)

    def begin_with(self, text: str) -> None:
        """The goal begins with what was typed while home was being loaded."""
        self.goal.put((text + self.goal.value)[:LONGEST_GOAL])

    def on_key(self, event: Key) -> None:
        """A letter that came before the box had the focus belongs into it all the same."""
        if event.is_printable and event.character and self.focused in (None, self.goal):
            event.stop()
            self.goal.put((self.goal.value + event.character)[:LONGEST_GOAL])

    def to_list(self) -> None:
        """Down from a box is the list."""
        self.shown.focus()
