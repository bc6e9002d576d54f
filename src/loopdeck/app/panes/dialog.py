"""A framed screen over the deck, whose deciding key is guarded like every answer."""

from collections.abc import Callable
from typing import TypeVar

from textual.content import Content
from textual.events import Event, Key
from textual.screen import ModalScreen
from textual.timer import Timer

from loopdeck.app.paint.lines import Line, Part
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.view.guard import SETTLE_S, Guard
from loopdeck.ports import Clock

R = TypeVar("R")


class Dialog(ModalScreen[R]):
    """Nothing is decided before it was looked at, nor by keys that came in a burst."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        #frame {
            width: 100; max-width: 100%; height: auto; max-height: 100%;
            border: round $loop-border-focus; background: $surface; padding: 0 1;
            border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $loop-muted;
        }
        LineList { background: $surface; scrollbar-background: $surface; }
    }
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.guard = Guard()
        self.clock = clock
        self._alone = True
        self._heard: Event | None = None
        self._pending: Timer | None = None

    @property
    def deciding(self) -> bool:
        """True while a decision is about to be taken."""
        return self._pending is not None

    def say(self, note: str) -> None:
        """Tell the human why nothing happened."""
        raise NotImplementedError

    def on_screen_resume(self) -> None:
        """It is on the screen: the time to look begins."""
        self.guard.restart()
        self.call_after_refresh(self._painted)

    def on_key(self, event: Key) -> None:
        """Note every key, also the ones that a text box took and told of."""
        self.noted(event)

    def noted(self, event: Event) -> None:
        """A key was pressed; one that follows a deciding key at once takes it back."""
        if event is self._heard:
            return
        self._heard = event
        self._alone = self.guard.pressed(self.clock.mono())
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
            self._alone = False
            self.say("too many keys at once: nothing was decided")
        elif self._alone:
            self.say("")

    def decide(self, act: Callable[[], None]) -> None:
        """Do it a moment later, if nothing speaks against it until then."""
        if not self._alone:
            self.say("too many keys at once: nothing was decided")
        elif not self.guard.armed(self.clock.mono()):
            self.say("it has only just appeared: look first")
        else:

            def settled() -> None:
                self._pending = None
                act()

            self._pending = self.set_timer(SETTLE_S, settled)

    def entitle(self, title: str, keys: str) -> None:
        """Say in the frame what this is and which keys work."""
        frame = self.query_one("#frame")
        frame.border_title = Content(title)
        frame.border_subtitle = Content(keys)

    def _painted(self) -> None:
        self.guard.painted(self.clock.mono())


class NotedDialog(Dialog[R]):
    """A dialog with a line, `#note`, that says what stands against a decision."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.note = ""

    def say(self, note: str) -> None:
        """Say it in that line."""
        self.note = note
        self.show_note()

    def show_note(self) -> None:
        """Paint the line."""
        self.query_one("#note", OneLine).show_line(self.note_line)

    def note_line(self, cells: int) -> Line:
        """What stands there at a width."""
        return (Part(self.note, "waiting"),) if self.note else ()
