"""Home: a box for a new goal, and below it every session there is."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.content import Content

from loopdeck.app.home.goals import Goals
from loopdeck.app.keys.keymap import Scope, table
from loopdeck.app.keys.palette import commands
from loopdeck.app.keys.slash import MARK, Place
from loopdeck.app.paint.empty import GOAL
from loopdeck.app.paint.home import Entry, key_words
from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.panes.boxes import Box, GoalBox
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.lines import LineView, OneLine
from loopdeck.app.panes.sessions import SessionList

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
        ("archive", "archive"),
        ("next_pane", "new goal"),
        ("help", "help"),
        ("theme", "theme"),
        ("quit", "quit"),
    ),
}


class HomeScreen(Goals):
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

    def compose(self) -> ComposeResult:
        """Title, goal, sessions, keys."""
        yield OneLine(id="title")
        actions = {
            name: key.action if "." in key.action else f"app.{key.action}"
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
        at = (self.focused and self.focused.id) or ""
        pressed = [(self._pressed(key, at), word) for key, word in _KEYS.get(at, ())]
        self.query_one("#keys", OneLine).show_line(lambda cells: key_words(pressed, cells))

    def _pressed(self, key: str, at: str) -> str:
        """What to press: a slash begins a command in the box, and finds on the list."""
        if key in _FIXED:
            return key
        names = self.label(key).split()
        typed = [name for name in names if (name == MARK) is (at != "goal")] or names
        return " ".join(typed)

    def palette(self) -> Iterable[SystemCommand]:
        """What the palette offers here; what is done to a session is done to the chosen one."""
        scopes = (Scope.EVERYWHERE, Scope.HOME)
        yield from commands(self.sessions, scopes, Place.HOME, self.begin_slash, self.keys_changed)

    def help_first(self) -> Sequence[Scope]:
        """Its own keys."""
        return (Scope.HOME,)

    @on(SessionList.Chosen)
    def choose(self, message: SessionList.Chosen) -> None:
        """Open a session, or let it go on where that can be."""
        session = message.entry.summary.id
        if not message.resume:
            self.open_with(lambda: self.host.open(session), "opening …")
            return
        obstacle = _why_not(message.entry, live=self.library.is_live(session))
        if obstacle:
            self.notify(obstacle, markup=False)
        else:
            self.open_with(lambda: self.host.resume(session), "resuming …")

    @on(HitList.Chosen)
    def choose_hit(self, message: HitList.Chosen) -> None:
        """Replay a session from the place that was found."""
        hit = message.hit
        self.open_with(lambda: self.host.open(hit.session, hit.seq), "opening …")

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


def _why_not(entry: Entry, *, live: bool) -> str:
    """Why a session cannot be resumed; empty where it can."""
    if live:
        return "Its agent is at work; enter shows it."
    return "It is done; enter replays it." if entry.state == "done" else ""


def _title(cells: int) -> Line:
    name = (Part("Loopdeck", "strong"),)
    return spread(name, (Part("watch agents · approve · replay", "muted"),), cells)
