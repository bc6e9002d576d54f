"""The deck: one screen to watch an agent, answer it, and step through what it did."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.widgets import Input

from loopdeck.app.background import start
from loopdeck.app.forking import Forking
from loopdeck.app.keymap import Scope, bindings
from loopdeck.app.overviews import Overviews
from loopdeck.app.panes.approval import Payload
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.level import LevelScreen
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.app.permitting import Permitting
from loopdeck.app.searching import Searching
from loopdeck.app.stage import PANES
from loopdeck.session.commands import GoOn, Interrupt, Pause, Say, SetLevel, Steer, Stop
from loopdeck.session.state import AskView, Phase

_SCOPES = (Scope.APPROVAL, Scope.LIMIT, Scope.AGENT, Scope.PLAYHEAD, Scope.SEARCH)


@runtime_checkable
class HasHome(Protocol):
    """An app that has a screen below the deck."""

    def go_home(self) -> None:
        """Leave the deck, if nothing is lost by it."""
        ...


class DeckScreen(Searching, Permitting, Overviews, Forking):
    """Everything about one session on one screen; a recording is the same without an agent."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for scope in _SCOPES for binding in bindings(scope)),
        *bindings(Scope.MESSAGE)[1:],
        *(Binding(str(number), f"choose({number})", show=False) for number in range(1, 10)),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("escape", "back", show=False),
    ]

    @property
    def agent_works(self) -> bool:
        """True while leaving would interrupt an agent that this process runs."""
        return self.agent is not None and not self.agent.is_finished

    def palette(self) -> Iterable[SystemCommand]:
        """What the palette offers here."""
        yield SystemCommand("Start", "Go to the first event", self.action_start)
        yield SystemCommand("End", "Go to the newest event", self.action_live)
        yield SystemCommand("Go to", "A step, a time or an event", self.action_go_to)
        yield SystemCommand("Search", "Find words in this session", self.action_search)
        yield SystemCommand("Bookmark", "Mark this moment", self.action_bookmark)
        yield SystemCommand("Note", "Write something down about this moment", self.action_note)
        yield SystemCommand("Play", "Play on from here, or halt", self.action_play)
        yield SystemCommand("Fork", "Another session from this moment", self.action_fork)
        yield SystemCommand("Files", "What it read, wrote and deleted", self.action_files)
        yield SystemCommand("Chart", "Where time and money went", self.action_chart)
        yield SystemCommand("Level", "How much it may do without asking", self.action_level)
        yield SystemCommand("Permissions", "What stands, and take it back", self.action_grants)
        yield SystemCommand("Rules", "What there is to say of the rules", self.action_notices)
        yield SystemCommand("Explain", "Everything behind the verdict", self.action_explain)
        yield SystemCommand("Write", "Write to the agent", self.action_write)

    @on(LoopPane.Selected)
    def _selected(self, message: LoopPane.Selected) -> None:
        moment = self.query_one(LoopPane).moment
        self.query_one(ResultPane).show(self.scene, message.row, moment)

    def action_write(self) -> None:
        """Write to the agent, or answer its question in words."""
        item = self.drawer.item
        if isinstance(item, AskView) and item.kind != "limit" and self.scene.can_answer:
            self.drawer.open_box("answer")
            self.drawer.paint()
            return
        if self.is_over or not self.opened.sink.accepts:
            text = (
                self.over_words if self.is_over else "Only watched from here: messages go nowhere."
            )
            self.notify(f"{text[0].upper()}{text[1:]}", markup=False)
            return
        box = self.query_one("#message", Box)
        box.add_class("-open")
        box.can_focus = True
        box.placeholder = "enter: with the next step · ctrl+s: at once · escape: leave"
        if not box.value:
            box.value = self.draft
            box.cursor_position = len(self.draft)
        box.focus()

    @on(Input.Submitted, "#message")
    async def _say_it(self, event: Input.Submitted) -> None:
        await self._speak(steer=False)

    async def action_steer(self) -> None:
        """Send what the message box holds at once, interrupting the turn."""
        await self._speak(steer=True)

    @on(Box.Left, "#message")
    def _close_message(self) -> None:
        box = self.query_one("#message", Box)
        self.draft = box.value.strip()
        box.value = ""
        box.remove_class("-open")
        box.can_focus = False
        self.hint()
        self.set_focus(self.query_one(LoopPane))

    async def action_pause(self) -> None:
        """Pause after the current step, or go on."""
        paused = self.scene.head.phase is Phase.PAUSED
        if await self.send(GoOn() if paused or self._pausing else Pause()):
            self._pausing = not (paused or self._pausing)
            word = "pauses after this step" if self._pausing else "goes on"
            self.notify(f"The agent {word}.", markup=False, timeout=3)

    async def action_interrupt(self) -> None:
        """Stop what runs now; the model goes on from there."""
        await self.send(Interrupt())

    async def action_stop(self) -> None:
        """End the run; it can be resumed."""
        await self.send(Stop(reason="stopped from the deck"))

    def action_level(self) -> None:
        """Choose how much the agent may do without asking."""
        head = self.scene.head

        def chosen(level: int | None) -> None:
            if level is not None and level != head.level:
                start(self, partial(self.send, SetLevel(level=level)), "commands")

        if self.opened.sink.accepts:
            self.app.push_screen(LevelScreen(head.level, head.sandbox, head.sandbox_says), chosen)
        else:
            self.notify("The level of a recording cannot be turned.", markup=False)

    def action_page(self, direction: int) -> None:
        """A page of what waits, until it was seen to its end; else a page of the loop."""
        payload = self.query_one(Payload)
        if self.drawer.item is None or (self.drawer.guard.seen_all and not payload.scroll_offset.y):
            self.query_one(LoopPane).action_page(direction)
        elif direction > 0:
            payload.scroll_page_down(animate=False)
        else:
            payload.scroll_page_up(animate=False)

    def action_maximise(self) -> None:
        """Give the focused pane the room of all, or take it back."""
        focused = self.focused.id if self.focused else None
        self.tab = focused if focused in PANES else self.tab
        self.maximised = not self.maximised
        self.lay_out()

    def action_back(self) -> None:
        """Undo what covers the deck: a notice, the whole view, a maximised pane."""
        if self.put_away() or self.end_search():
            return
        if self.has_class("-whole"):
            self.action_full_view()
        elif self.maximised:
            self.action_maximise()
        elif self.unfilter():
            return
        elif isinstance(self.app, HasHome):
            self.app.go_home()

    def switch_tab(self, direction: int) -> bool:
        """Show the next pane where only one can be seen; false where all can be seen."""
        if not self.has_class("-only") or (self.drawer.item and self.has_class("-narrow")):
            return False
        self.tab = PANES[(PANES.index(self.tab) + direction) % len(PANES)]
        self.lay_out()
        self.set_focus(self.query_one(f"#{self.tab}"))
        return True

    _pausing = False

    async def _speak(self, *, steer: bool) -> None:
        box = self.query_one("#message", Box)
        text = box.value.strip()
        if not text or self.is_over:
            self.action_write()
            return
        if await self.send(Steer(text=text) if steer else Say(text=text)):
            box.value = ""
            self._close_message()
