"""The application: themes and screens, and leaving without losing anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import Screen

from loopdeck.app.deck import DeckScreen
from loopdeck.app.keymap import Scope, bindings, remap
from loopdeck.app.panes.help import HelpScreen
from loopdeck.app.panes.small import TooSmall
from loopdeck.app.themed import ThemedApp
from loopdeck.ports import Clock, Opened

LEAST_WIDTH, LEAST_HEIGHT = 60, 20
_QUIT_AGAIN_NS = 6_000_000_000


class LoopdeckApp(ThemedApp[str]):
    """Shows a session, or home; gives back the id of the session that was shown last."""

    TITLE = "Loopdeck"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.EVERYWHERE),
        Binding("ctrl+z", "suspend_process", show=False),
    ]
    CSS = """
    ToastRack { dock: top; align: right top; margin: 1 1 0 0; max-height: 40%; }
    Toast { width: 46; max-width: 60%; margin: 0 0 1 0; padding: 0 1; }
    """

    def __init__(
        self,
        *,
        clock: Clock,
        opened: Opened | None = None,
        home: Callable[[], Screen[None]] | None = None,
        themes: Sequence[Path] | None = None,
        theme: str | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(themes=themes, theme=theme)
        self.clock = clock
        self._first = opened
        self._home = home
        self._keys = dict(keys or {})
        self._asked_to_quit: int | None = None
        self._session: str | None = None

    def on_mount(self) -> None:
        """Begin with the session, or at home."""
        self.set_keymap(remap(self._keys))
        if self._home is not None:
            self.push_screen(self._home())
        if self._first is not None:
            self.call_next(self.open_session, self._first)

    def go_home(self) -> None:
        """Back to the list of sessions, where there is one and no agent would be stopped."""
        deck = self.screen
        if not isinstance(deck, DeckScreen) or self._home is None:
            return
        if deck.agent_works:
            text = "The agent is at work: wait for it, stop it, or leave with ctrl+q."
            self.notify(text, markup=False, timeout=5)
        else:
            self.pop_screen()

    async def open_session(self, opened: Opened) -> None:
        """Show a session on top of what is there."""
        self._session = opened.session
        await self.push_screen(DeckScreen(opened, self.clock, keys=self._keys))
        self._check_size(self.size.width, self.size.height)

    def on_resize(self, event: Resize) -> None:
        """Below the least size a sentence is better than a broken deck."""
        self._check_size(event.size.width, event.size.height)

    def action_help(self) -> None:
        """Every key there is."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._keys))

    def action_maximise(self) -> None:
        """Let the deck give one pane all the room."""
        if isinstance(self.screen, DeckScreen):
            self.screen.action_maximise()

    def action_focus_next(self) -> None:
        """The next pane; where only one can be seen, the next is shown."""
        if not (isinstance(self.screen, DeckScreen) and self.screen.switch_tab(1)):
            self.screen.focus_next()

    def action_focus_previous(self) -> None:
        """The pane before."""
        if not (isinstance(self.screen, DeckScreen) and self.screen.switch_tab(-1)):
            self.screen.focus_previous()

    async def action_quit(self) -> None:
        """Leave; while an agent works, only when asked twice."""
        now = self.clock.mono()
        sure = self._asked_to_quit is not None and now - self._asked_to_quit < _QUIT_AGAIN_NS
        if self._works() and not sure:
            self._asked_to_quit = now
            text = "The agent is at work. Once more leaves; the session can be resumed later."
            self.notify(text, severity="warning", markup=False, timeout=6)
            return
        self.exit(self._session)

    def action_suspend_process(self) -> None:
        """Say that this does not stop the program: its agent would stop with it."""
        self.notify("Loopdeck cannot be suspended; ctrl+q leaves.", markup=False, timeout=3)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers."""
        yield SystemCommand("Keys", "Every key there is", self.action_help)
        yield SystemCommand("Next theme", "Change the colours", self.action_next_theme)
        yield SystemCommand("Quit", "Leave Loopdeck", self.action_quit)
        if isinstance(screen, DeckScreen):
            yield SystemCommand("Start", "Go to the first event", screen.action_start)
            yield SystemCommand("End", "Go to the newest event", screen.action_live)
            yield SystemCommand("Go to", "A step, a time or an event", screen.action_go_to)
            yield SystemCommand("Play", "Play on from here, or halt", screen.action_play)
            yield SystemCommand("Level", "How much it may do without asking", screen.action_level)
            yield SystemCommand("Write", "Write to the agent", screen.action_write)

    def _works(self) -> bool:
        return any(isinstance(one, DeckScreen) and one.agent_works for one in self.screen_stack)

    def _check_size(self, width: int, height: int) -> None:
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        shown = isinstance(self.screen, TooSmall)
        if small and not shown:
            self.push_screen(TooSmall())
        elif shown and not small:
            self.pop_screen()
