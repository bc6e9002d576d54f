"""Home: a box for a new goal, and below it every session there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.widgets import Input

from loopdeck.app.home.curating import Curator
from loopdeck.app.home.goals import Goals
from loopdeck.app.home.hall import Hall
from loopdeck.app.home.shelves import Shelves
from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.keys.palette import commands
from loopdeck.app.keys.pressing import Verbs, act
from loopdeck.app.keys.slash import MARK, Place
from loopdeck.app.paint.home import Entry, key_words
from loopdeck.app.paint.lines import Line, Part, spread
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.finding import FindBox
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.panes.sessions import SessionList
from loopdeck.ports import Host, Library, Opened
from loopdeck.ports.journal import Attic
from loopdeck.ports.sayings import Sayings
from loopdeck.ports.search import Finder

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
        ("help", "help"),
        ("rename_session", "name"),
        ("tag_session", "tags"),
        ("delete_session", "put away"),
        ("archive", "archive"),
        ("next_pane", "new goal"),
        ("theme", "theme"),
        ("quit", "quit"),
    ),
}


class HomeScreen(Hall):
    """Starts a session from a goal; opens or resumes the ones of the library."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for binding in bindings(Scope.HOME) if binding.id == "options"),
        Binding("down", "press('to_list')", show=False),
        Binding("escape", "press('back')", show=False),
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
        super().__init__(keys)
        self.library = library
        self.host = host
        self.shelves = Shelves(self, library, finder)
        self.curator = Curator(self, library, attic, self.shelves.read_soon)
        self.goals = Goals(self, host, self.shelves, sayings)
        self._verbs: Verbs = {
            "find": self.shelves.begin_to_find,
            "archive": self.curator.archive,
            "options": self.goals.choose_options,
            "to_list": self.to_list,
            "back": self.shelves.back,
        }

    def on_mount(self) -> None:
        """Paint what never changes; the library is read when the screen is shown."""
        self.query_one("#title", OneLine).show_line(_title)
        self.on_descendant_focus()
        self.goals.remember()

    def on_screen_resume(self) -> None:
        """Home is on top again."""
        self.shelves.resume()

    async def action_press(self, key: str) -> None:
        """Do what a key of the table does here."""
        await act(self._verbs[key])

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
        yield from commands(
            self.sessions, scopes, Place.HOME, self.goals.begin_slash, self.keys_changed
        )

    def help_first(self) -> Sequence[Scope]:
        """Its own keys."""
        return (Scope.HOME,)

    @on(SessionList.Chosen)
    def choose(self, message: SessionList.Chosen) -> None:
        """Open a session, or let it go on where that can be."""
        session = message.entry.summary.id
        if not message.resume:
            self.goals.open(lambda: self.host.open(session), "opening …")
            return
        obstacle = _why_not(message.entry, live=self.library.is_live(session))
        if obstacle:
            self.notify(obstacle, markup=False)
        else:
            self.goals.open(lambda: self.host.resume(session), "resuming …")

    @on(HitList.Chosen)
    def choose_hit(self, message: HitList.Chosen) -> None:
        """Replay a session from the place that was found."""
        hit, words = message.hit, self.find.value.replace('"', " ")

        async def found() -> Opened:
            return replace(await self.host.open(hit.session, hit.seq), sought=words)

        self.goals.open(found, "opening …")

    @on(SessionList.Typed)
    @on(HitList.Typed)
    def typed(self, message: SessionList.Typed | HitList.Typed) -> None:
        """Letters that mean nothing on the list are the beginning of a goal, or more to find."""
        is_open = [box for box in self.query(Box) if box.has_class("-open")]
        box = is_open[-1] if is_open else self.goal
        box.focus()
        box.insert(message.text, len(box.value))
        box.cursor_position = len(box.value)

    @on(SessionList.Above)
    @on(HitList.Above)
    def to_box(self) -> None:
        """Up from the list is the box above it."""
        (self.find if self.find.is_open else self.goal).focus()

    @on(SessionList.Changing)
    def change(self, message: SessionList.Changing) -> None:
        """Something is to be done to a session."""
        self.curator.begin(message.entry, message.wish)

    @on(SessionList.Wanted)
    def _fill(self) -> None:
        self.shelves.fill()

    @on(SessionList.Finding)
    def _find(self) -> None:
        self.shelves.begin_to_find()

    @on(FindBox.Turned)
    def _turn(self) -> None:
        self.shelves.turn()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        match event.input.id:
            case "find":
                self.shelves.narrow(event.value)
            case "goal":
                self.goals.offer()
            case _:
                return

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        match event.input.id:
            case "find":
                self.shown.opened()
            case "goal":
                self.goals.begin(event.value)
            case _:
                self.curator.keep(event.value)

    @on(Box.Left)
    def _left(self, message: Box.Left) -> None:
        if message.box is self.find:
            self.shelves.back()
        else:
            self.curator.leave()


def _why_not(entry: Entry, *, live: bool) -> str:
    """Why a session cannot be resumed; empty where it can."""
    if live:
        return "Its agent is at work; enter shows it."
    return "It is done; enter replays it." if entry.state == "done" else ""


def _title(cells: int) -> Line:
    name = (Part("Loopdeck", "strong"),)
    return spread(name, (Part("watch agents · approve · replay", "muted"),), cells)
