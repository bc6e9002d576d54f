"""The list of sessions: only the lines that can be seen are read, however many there are."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

from textual.app import App
from textual.binding import BindingType
from textual.events import Key
from textual.message import Message
from textual.timer import Timer

from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.keys.pressing import press
from loopdeck.app.paint.home import Entry, empty_lines, entry_line, head_line, none_lines
from loopdeck.app.paint.lines import EMPTY, Line
from loopdeck.app.panes.cursor import CursorList

TYPING_S = 0.4  # letters closer together than this are words
MARGIN = 60  # lines around the visible ones that are read with them
_FIND, _TAGS = press("find"), "change('tags')"  # no goal begins with their keys


class SessionList(CursorList):
    """Says which session was chosen, and for what; the cursor stays on its session."""

    DEFAULT_CSS = """
    SessionList {
        border: round $loop-border; padding: 0 1;
        border-title-color: $loop-muted; border-subtitle-color: $loop-muted;
    }
    SessionList:focus { border: round $loop-border-focus; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Scope.HOME)]

    @dataclass
    class Chosen(Message):
        """A session was chosen, to be watched or to go on."""

        entry: Entry
        resume: bool

    @dataclass
    class Changing(Message):
        """Something is to be done to a session."""

        entry: Entry
        wish: Literal["name", "tags", "delete"]

    @dataclass
    class Finding(Message):
        """Somebody wants to find a session."""

    @dataclass
    class Typed(Message):
        """Somebody types words here, which are not keys of the list."""

        text: str

    @dataclass
    class Above(Message):
        """The cursor went up from the first line."""

    @dataclass
    class Wanted(Message):
        """Lines came into sight that were not read yet."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ids: Sequence[str] = ()
        self.depths: Mapping[str, int] = {}  # of forks that stand below their parents
        self.narrowed = False
        self.known: dict[str, Entry] = {}  # the lines that were read
        self._now = 0
        self._loaded = False
        self._wants = False
        self._held: Timer | None = None
        self._begun = ""
        self._in_word = False
        self._moving = False
        self._before = 0

    def show(
        self, ids: Sequence[str], entries: Mapping[str, Entry], now: int, *, narrowed: bool = False
    ) -> None:
        """Show these sessions as of now; `entries` are the lines of some of them."""
        chosen = self.ids[self.cursor] if self.cursor < len(self.ids) else None
        same = ids == self.ids
        self.ids, self._now, self._loaded, self.narrowed = ids, now, True, narrowed
        self.known = {**self.known, **entries} if same else dict(entries)
        self._wants = False
        if not same:
            at = ids.index(chosen) if chosen in ids else min(self.cursor, len(ids) - 1)
            self.renew(at)
        elif not ids:
            self.renew(0)
        self.refresh()

    @property
    def window(self) -> Sequence[str]:
        """The sessions that can be seen, and some around them."""
        top = self.scroll_offset.y
        return self.ids[max(0, top - MARGIN) : top + self.rows + MARGIN]

    @property
    def entry(self) -> Entry | None:
        """The session under the cursor."""
        return self.known.get(self.ids[self.cursor]) if self.cursor < len(self.ids) else None

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self.ids)

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return head_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """A session; nothing for the moment until its line was read."""
        entry = self.known.get(self.ids[at])
        if entry is not None:
            return entry_line(entry, self._now, cells, depth=self.depths.get(self.ids[at], 0))
        if not self._wants:
            self._wants = True
            self.post_message(self.Wanted())
        return EMPTY

    def nothing(self, cells: int) -> Sequence[Line]:
        """What to do without any session."""
        if not self._loaded:
            return ()
        return none_lines(cells) if self.narrowed else empty_lines(cells)

    def opened(self) -> None:
        """A double click opens the session."""
        self.action_open_session()

    def left_above(self) -> None:
        """Up from the first line leaves the list."""
        self.post_message(self.Above())

    @property
    def undecided(self) -> bool:
        """True for the moment in which it is open whether a word was begun or a key pressed."""
        return self._held is not None and not self._in_word

    def action_open_session(self) -> None:
        """Watch or replay the session."""
        if self.entry:
            self.post_message(self.Chosen(self.entry, resume=False))

    def action_resume_session(self) -> None:
        """Let its agent go on."""
        if self.entry:
            self.post_message(self.Chosen(self.entry, resume=True))

    def action_change(self, wish: Literal["name", "tags", "delete"]) -> None:
        """Do something to the session."""
        if self.entry:
            self.post_message(self.Changing(self.entry, wish))

    def on_key(self, event: Key) -> None:
        """Who types words means a goal: no letter of them may act, and none may be lost."""
        letter = event.character
        if not event.is_printable or letter is None:
            self._forget()
            return
        active = self.screen.active_bindings.get(event.key)
        action = active.binding.action if active else ""
        if _moves(action) and not self._in_word and (self._moving or not self._begun):
            self._before = self._before if self._moving else self.cursor
            self._hold(letter, lambda: None)  # it moves at once, and goes back for a word
            self._moving = True
            return
        event.stop()
        event.prevent_default()
        if active is None or self._in_word or self._begun:
            self._word(self._begun + letter)
        elif action in (_FIND, _TAGS):
            self._follow()
            if action == _TAGS:
                self.action_change("tags")
            else:
                self.post_message(self.Finding())
        else:
            self._before, node = self.cursor, active.node
            run = cast("App[object]", self.app).run_action
            self._hold(letter, lambda: run(action, node))

    def _word(self, text: str) -> None:
        """It was a word: what its first letter moved goes back."""
        if self._begun:
            self.go(self._before)
        self._follow()
        self.post_message(self.Typed(text))

    def _follow(self) -> None:
        """All letters are words until a box has the focus, or the hand has paused."""
        self._forget()
        self._in_word = True
        self._held = self.set_timer(TYPING_S, self._forget)

    def _hold(self, letter: str, act: Callable[[], Awaitable[object] | None]) -> None:
        """Wait whether more letters follow before the key means what it means."""
        self._forget()
        self._begun = letter

        async def settled() -> None:
            self._forget()
            doing = act()
            if doing is not None:
                await doing

        self._held = self.set_timer(TYPING_S, settled)

    def _forget(self) -> None:
        if self._held is not None:
            self._held.stop()
        self._held, self._begun = None, ""
        self._in_word = self._moving = False


def _moves(action: str) -> bool:
    return action.startswith("move(")
