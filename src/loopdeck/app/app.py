"""The application: themes and screens, and leaving without losing anything.

Its own first frame needs nothing but textual: the deck, the session's types and the journal are
loaded while the curtain, an empty deck, is on the screen already.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.notifications import SeverityLevel
from textual.screen import Screen

from loopdeck.app.curtain import Curtain
from loopdeck.app.first import Deck, First, GoesOn, Guides, Offers
from loopdeck.app.keys.keymap import Scope, bindings, label_of, remap
from loopdeck.app.panes.small import TooSmall
from loopdeck.app.terminal import know_alt_enter
from loopdeck.app.theming import ThemeApp
from loopdeck.errors import LoopdeckError, UsageError

if TYPE_CHECKING:
    from loopdeck.app.suspending import Suspension
    from loopdeck.ports import Clock, Opened

log = logging.getLogger(__name__)

LEAST_WIDTH, LEAST_HEIGHT = 60, 20
_QUIT_AGAIN_NS = 6_000_000_000
_DAMAGE_LASTS_S = 20


class LoopdeckApp(ThemeApp):
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
    CommandPalette > #--container {
        width: 76; max-width: 100%; height: auto; max-height: 80%; margin-top: 2;
        visibility: visible; padding: 0 1;
        border: round $loop-border-focus; background: $surface;
    }
    CommandPalette #--input, CommandPalette #--input.--list-visible {
        border: none; margin: 0 0 1 0;
    }
    CommandPalette CommandInput, CommandPalette CommandInput:focus { border: none; height: 1; }
    CommandPalette #--results { overlay: none; background: $surface; }
    CommandPalette SearchIcon { display: none; }
    CommandPalette CommandList {
        border: none; background: $surface; max-height: 60vh; padding: 0;
        scrollbar-size: 1 1; scrollbar-background: $surface;
    }
    """

    def __init__(
        self,
        begin: Callable[[], Awaitable[First]],
        *,
        clock: "Clock",
        goal: str | None = "",
        themes: Sequence[Path] | None = None,
        theme: str | None = None,
    ) -> None:
        super().__init__(themes=themes, theme=theme)
        self.clock = clock
        self.suspension: Suspension | None = None
        self._begin = begin
        self._goal = goal
        self._first = First()
        self._asked_to_quit: int | None = None
        self._looked_over = False
        self._session: str | None = None
        know_alt_enter()

    def get_default_screen(self) -> Screen[None]:
        """The ground of all screens: the curtain."""
        return Curtain(self._goal)

    def on_mount(self) -> None:
        """Begin once the curtain has been painted."""
        self.call_after_refresh(self.run_worker, self._rise, group="begin", exit_on_error=False)

    async def _rise(self) -> None:
        """Load what comes first and show it. What stands against it ends the app, as `fault`."""
        try:
            self._first = await self._begin()
            self.set_keymap(remap(self._first.keys))
            if not self._first.motion:
                self.animation_level = "none"
        except LoopdeckError as error:
            self._give_up(error)
            return
        except Exception as error:
            log.exception("beginning")
            self._give_up(error)
            return
        if self._first.home is not None:
            await _go_on(self, self._first.home())
        if self._first.opened is not None:
            await self.open_session(self._first.opened)
        if self._first.notice:
            from loopdeck.app.sanitize import sanitize  # behind the first frame

            text = sanitize(self._first.notice)
            self.notify(text, severity="warning", markup=False, timeout=8)
        if self._first.waiting is not None:
            from loopdeck.app.stalled import LOOK_S, Stalled  # behind the first frame

            self.set_interval(LOOK_S, Stalled(self, self._first.waiting).look)

    def _give_up(self, error: Exception) -> None:
        """Leave; whoever ran the app finds out why, and tells it outside of the screen."""
        self.fault = error
        self.exit()

    def go_home(self) -> None:
        """Back to the list of sessions, where there is one and no agent would be stopped."""
        deck = self.screen
        if not isinstance(deck, Deck) or self._first.home is None:
            return
        if deck.agent_works:
            text = "The agent is at work: wait for it, stop it, or leave with ctrl+q."
            self.notify(text, markup=False, timeout=5)
        else:
            self.pop_screen()

    async def open_session(self, opened: "Opened") -> None:
        """Show a session on top of what is there."""
        from loopdeck.app.deck.screen import DeckScreen  # behind the first frame

        self._session = opened.session
        first = self._first
        deck = DeckScreen(
            opened,
            self.clock,
            keys=first.keys,
            sayings=first.sayings,
            edit=first.edit,
            drafts=first.drafts,
            caller=first.caller,
        )
        await self.push_screen(deck)
        self._check_size(self.size.width, self.size.height)
        if opened.work is not None and first.checkup is not None and not self._looked_over:
            self._looked_over = True
            self.run_worker(_look_over(self, first.checkup), group="checkup", exit_on_error=False)

    async def lend(self, edit: Callable[[str], Awaitable[str]], text: str) -> str:
        """Give the terminal to an editor, and take it back whatever happens; agents work on."""
        if self.is_headless:
            return await edit(text)
        self.is_lent = True
        try:
            with self.batch_update(), self.suspend():
                editing = asyncio.ensure_future(edit(text))
                await asyncio.wait({editing})
        except SuspendNotSupported as error:
            raise UsageError("No editor can be opened in this terminal.", "") from error
        finally:
            self.is_lent = False
        return editing.result()

    def on_resize(self, event: Resize) -> None:
        """Below the least size a sentence is better than a broken deck."""
        self._check_size(event.size.width, event.size.height)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """A toast; while something waits on the deck, a line above it that covers nothing."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        if isinstance(self.screen, Deck) and self.screen.notices.take(message, severity, seconds):
            return
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def action_help(self) -> None:
        """Every key there is, beginning with those of the screen."""
        from loopdeck.app.panes.help import HelpScreen  # on first use

        if not isinstance(self.screen, (HelpScreen, Curtain)):
            first = self.screen.help_first() if isinstance(self.screen, Guides) else ()
            self.push_screen(HelpScreen(self._first.keys, first))

    def action_maximise(self) -> None:
        """Let the deck give one pane all the room."""
        if isinstance(self.screen, Deck):
            self.screen.frames.maximise()

    def action_focus_next(self) -> None:
        """The next pane; where only one can be seen, the next is shown."""
        if not (isinstance(self.screen, Deck) and self.screen.frames.switch_tab(1)):
            self.screen.focus_next()

    def action_focus_previous(self) -> None:
        """The pane before."""
        if not (isinstance(self.screen, Deck) and self.screen.frames.switch_tab(-1)):
            self.screen.focus_previous()

    def action_write_again(self) -> None:
        """Try what is being waited for at once: a full disk, a model that failed."""
        if self._first.waiting is not None:
            self._first.waiting.again()
        if isinstance(self.screen, Deck):
            self.screen.questions.ask_model_again()

    def action_help_quit(self) -> None:
        """What ctrl+c does where it copies nothing: textual's own notice speaks in markup."""
        self.notify(f"{label_of('quit', self._first.keys)} leaves.", markup=False, timeout=4)

    async def action_quit(self) -> None:
        """Leave; while an agent works, only when asked twice."""
        now = self.clock.mono()
        sure = self._asked_to_quit is not None and now - self._asked_to_quit < _QUIT_AGAIN_NS
        busy = _busy(self.screen_stack)
        if busy and not sure:
            self._asked_to_quit = now
            text = f"{busy} Once more leaves; the session can be resumed later."
            self.notify(text, severity="warning", markup=False, timeout=6)
            return
        self.exit(self._session)

    def action_suspend_process(self) -> None:
        """Stop the program until a shell lets it go on; its agents take no step meanwhile."""
        if self.suspension is None or not self.suspension.stop():
            text = "Loopdeck cannot be suspended here; ctrl+q leaves."
            self.notify(text, markup=False, timeout=3)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the palette offers."""
        if isinstance(screen, Offers):
            yield from screen.palette()
            return
        yield SystemCommand("Keys", "Every key there is", self.action_help)
        yield SystemCommand("Next theme", "Change the colours", self.action_next_theme)
        yield SystemCommand("Themes", "See each, and keep one", self.action_themes)
        yield SystemCommand("Quit", "Leave Loopdeck", self.action_quit)

    def _check_size(self, width: int, height: int) -> None:
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        shown = isinstance(self.screen, TooSmall)
        if small and not shown:
            self.push_screen(TooSmall())
        elif shown and not small:
            self.pop_screen()


async def _go_on(app: LoopdeckApp, home: Screen[None]) -> None:
    """Show home with what was typed on its curtain."""
    curtain = app.screen
    await app.push_screen(home)
    if isinstance(curtain, Curtain) and curtain.typed and isinstance(home, GoesOn):
        home.begin_with(curtain.typed)


def _busy(screens: Iterable[object]) -> str:
    """What leaving would interrupt, as a sentence; empty for nothing."""
    deck = next((one for one in screens if isinstance(one, Deck) and one.agent_works), None)
    if deck is None:
        return ""
    return "A call waits for you." if deck.call_waits else "The agent is at work."


async def _look_over(
    app: LoopdeckApp, check_up: Callable[[], Awaitable[LoopdeckError | None]]
) -> None:
    """Say what is wrong with the file that an agent writes; its work goes on meanwhile."""
    error = await check_up()
    if error is not None:
        from loopdeck.app.notices import tell  # most files are sound

        tell(app, error, seconds=_DAMAGE_LASTS_S)
