"""The deck: one screen to watch an agent, answer it, and step through what it did."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType

from loopdeck.app.background import start
from loopdeck.app.deck.overviews import Overviews
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.searching import Searching
from loopdeck.app.deck.slashing import Slashing
from loopdeck.app.deck.stage import PANES
from loopdeck.app.keys.keymap import Scope, bindings
from loopdeck.app.keys.palette import commands
from loopdeck.app.keys.slash import Place
from loopdeck.app.keys.useless import useless
from loopdeck.app.paint.status import awaits_model
from loopdeck.app.panes.level import LevelScreen
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.payload import Payload
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.calls import CallView
from loopdeck.session.commands import (
    Answer,
    Compact,
    GoOn,
    Interrupt,
    Pause,
    Retry,
    SetLevel,
    Stop,
)
from loopdeck.session.state import AskView, Phase

_SCOPES = (Scope.APPROVAL, Scope.LIMIT, Scope.AGENT, Scope.PLAYHEAD, Scope.SEARCH)


@runtime_checkable
class HasHome(Protocol):
    """An app that has a screen below the deck."""

    def go_home(self) -> None:
        """Leave the deck, if nothing is lost by it."""
        ...


class DeckScreen(Searching, Overviews, Slashing):
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

    def present(self, scene: Scene) -> None:
        """A pause that has begun is waited for no more: whoever goes on then, `p` pauses again."""
        if scene.head.phase in (Phase.PAUSED, Phase.ENDED):
            self._pausing = False
        super().present(scene)

    def palette(self) -> Iterable[SystemCommand]:
        """What the palette offers here."""
        scopes = (Scope.EVERYWHERE, *_SCOPES, Scope.MESSAGE)
        without = useless(self.opened, self.scene, self.drawer.item)
        return commands(self, scopes, Place.DECK, self.begin_slash, self.keys_changed, without)

    def help_first(self) -> Sequence[Scope]:
        """What waits comes first, then the past or the agent."""
        item = self.drawer.item if self.scene.can_answer else None
        if item is not None:
            return (Scope.APPROVAL if isinstance(item, CallView) else Scope.LIMIT,)
        past = not self.scene.can_answer
        found = (Scope.SEARCH,) if self.scene.find else ()
        return (Scope.PLAYHEAD, *found) if past else (Scope.AGENT, Scope.MESSAGE, *found)

    @on(LoopPane.Selected)
    def _selected(self, message: LoopPane.Selected) -> None:
        moment = self.query_one(LoopPane).moment
        self.query_one(ResultPane).show(self.scene, message.row, moment)

    def action_write(self) -> None:
        """Write to the agent; a key in a burst, as a paste ends with, opens no box at a request."""
        if self.drawer.item is not None and self.scene.can_answer and not self._alone:
            self._say("too many keys at once: nothing was opened")
            return
        super().action_write()
        self.drawer.paint()  # which of its keys work now

    async def action_pause(self) -> None:
        """Pause after the current step, or go on."""
        paused = self.scene.head.phase is Phase.PAUSED
        if await self.send(GoOn() if paused or self._pausing else Pause()):
            self._pausing = not (paused or self._pausing)
            word = "pauses after this step" if self._pausing else "goes on"
            self.notify(f"The agent {word}.", markup=False, timeout=3)

    async def action_say_pause(self) -> None:
        """Pause, unless it does so already."""
        if not self._pausing and self.scene.head.phase is not Phase.PAUSED:
            await self.action_pause()

    async def action_say_continue(self) -> None:
        """Go on, if it pauses or is about to."""
        if self._pausing or self.scene.head.phase is Phase.PAUSED:
            await self.action_pause()

    async def action_interrupt(self) -> None:
        """Stop what runs now, and wait for what its human has to say."""
        if await self.send(Interrupt()):
            says, goes_on = self.label("write"), self.label("pause")
            words = f"It stops. {says} says something, {goes_on} goes on."
            self.notify(words, markup=False, timeout=6)

    async def action_stop(self) -> None:
        """End the run; it can be resumed."""
        await self.send(Stop(reason="stopped from the deck"))

    def ask_model_again(self) -> None:
        """Wait no longer for a model that failed; where it asks what to do, say that."""
        item = self.drawer.item
        if self.scene.runner.works and awaits_model(self.scene.head):
            start(self, partial(self.send, Retry()), "commands")
        elif isinstance(item, AskView) and item.kind == "model":
            answer = Answer(ask_id=item.ask_id, answer="try again")
            self.attempt(lambda: self.answer_with(item, answer))

    async def action_compact(self) -> None:
        """Tell the agent what happened so far in short, from its next step on."""
        if self.speaks_here:
            self.notify(self.speaks_here, markup=False)
        elif await self.send(Compact()):
            text = "Before its next step the agent sums up what happened so far."
            self.notify(text, markup=False, timeout=5)

    def action_level(self) -> None:
        """Choose how much the agent may do without asking."""
        head = self.scene.head

        def chosen(level: int | None) -> None:
            if level is not None and level != head.level:
                start(self, partial(self.send, SetLevel(level=level)), "commands")

        if self.speaks_here:
            self.notify(self.speaks_here, markup=False)
        else:
            self.app.push_screen(LevelScreen(head.level, head.sandbox, head.sandbox_says), chosen)

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
