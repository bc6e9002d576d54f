"""The keys that answer what waits, behind every guard there is."""

from collections.abc import Callable
from functools import partial

from textual.timer import Timer
from textual.widgets import Input, TextArea

from loopdeck.app.deck.answered import answered_later
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.deck.viewing import Views
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.keys.slash import message_of
from loopdeck.app.paint.approval import Item, key_of
from loopdeck.app.panes.approval import ApprovalDrawer
from loopdeck.app.view.guard import SETTLE_S
from loopdeck.app.view.scene import Scene
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.confirming import needs_typing, word_to_type
from loopdeck.session.levels import TOOLLESS
from loopdeck.session.state import AskView

_BURST = "too many keys at once: nothing was"


class Answers(Part):
    """Approve, deny, answer. Nothing here runs anything: a command goes to the sink."""

    def __init__(self, stage: Stage, views: Views) -> None:
        super().__init__(stage)
        self._views = views
        self._alone = True
        self._pending: Timer | None = None
        self._looked_up = ""
        self._told_of_deny = ""

    def verbs(self) -> Verbs:
        """The keys that answer a call."""
        return {"approve": self.approve, "deny": self.deny, "deny_why": self.deny_why}

    @property
    def drawer(self) -> ApprovalDrawer:
        """What waits."""
        return self.stage.drawer

    @property
    def pending(self) -> bool:
        """True while an answer is about to be sent."""
        return self._pending is not None

    @property
    def call_waits(self) -> bool:
        """True while the key that denies would deny something."""
        return self.stage.scene.can_answer and isinstance(self.drawer.item, CallView)

    def follow(self, before: Scene) -> None:
        """Where the playhead is in the past, find out how it was answered."""
        item = self.drawer.item
        if item is None or self.stage.scene.at_end:
            self._looked_up = ""
        elif self._looked_up != key_of(item):
            self._looked_up = key_of(item)
            self.start(partial(self._look_up, item), "answered")

    def pressed(self) -> None:
        """Every key that no text box took: notes bursts, and takes back a key that began one."""
        self._alone = self.drawer.guard.pressed(self.stage.clock.mono())
        if self._alone and self.drawer.note:
            self.note("")  # it was about another key
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
            self._alone = False
            self.note(f"{_BURST} answered")

    def opens_nothing(self) -> bool:
        """Whether a key came in a burst, as a paste ends with, while something waits; says so."""
        burst = self.drawer.item is not None and self.stage.scene.can_answer and not self._alone
        if burst:
            self.note(f"{_BURST} opened")
        return burst

    def approve(self) -> None:
        """Approve the call once; calls that need it open the box for the typed word."""
        item = self.drawer.item
        if isinstance(item, CallView):
            self.attempt(lambda: self._approve(item), see_all=True)

    def deny(self) -> None:
        """Deny the call; a key that has just gone from place to place says so first."""
        item, key = self.drawer.item, self.stage.label("deny")
        same = self.stage.scene.find is not None and key == self.stage.label("hit_on")
        if same and self._told_of_deny != self.drawer.guard.key:
            self._told_of_deny = self.drawer.guard.key
            self.note(f"{key} denies while a call waits: press it again if you mean that")
        elif isinstance(item, CallView):
            self.attempt(lambda: self.send(item, Deny(call_id=item.call_id)))

    def deny_why(self) -> None:
        """Deny the call with words for the agent."""
        if isinstance(self.drawer.item, CallView):
            self.attempt(lambda: self.drawer.open_box("reason"))

    def typed(self, box: str, text: str) -> None:
        """A reason, a word or an answer was typed into the drawer."""
        item = self.drawer.item
        if item is None or not self.stage.scene.can_answer:
            return
        match item, box:
            case CallView(), "reason":
                self.send(item, Deny(call_id=item.call_id, reason=text))
            case CallView(), "word" if text == word_to_type(item):
                self.send(item, Approve(call_id=item.call_id, binding=item.binding))
            case CallView(), "word":
                self.drawer.open_box("word")
                self.note("that is another word: nothing was approved")
            case AskView(), "answer" if text:
                word, text = "tell" if "tell" in item.options else "text", message_of(text)
                self.send(item, Answer(ask_id=item.ask_id, answer=word, text=text))
            case _:
                return

    def attempt(self, answer: Callable[[], object], *, see_all: bool = False) -> None:
        """Do it a moment later, if nothing speaks against it until then."""
        reason = self._why_not(see_all=see_all)
        if reason:
            self.note(reason)
            return
        key = self.drawer.guard.key

        def settled() -> None:
            self._pending = None
            if self.drawer.guard.key == key and self.stage.scene.can_answer:
                answer()

        self._pending = self.stage.set_timer(SETTLE_S, settled)

    def send(self, item: Item, command: Command) -> None:
        """Send the answer to what waits; the drawer goes on to the next."""
        self.drawer.boxes.close()
        self.stage.set_focus(self.stage.loop)
        if self._views.whole:
            self._views.show_whole()
        self.drawer.sent(key_of(item))
        self.stage.set_class(self.drawer.item is not None, "-waiting")
        self.start(partial(self._deliver, item, command), "commands")

    def note(self, words: str) -> None:
        """Say it in the drawer, until the next key."""
        self.drawer.note = words
        self.drawer.paint()

    def _why_not(self, *, see_all: bool) -> str:
        guard, scene = self.drawer.guard, self.stage.scene
        if isinstance(self.stage.focused, (Input, TextArea)):
            return "a text box has the keys"
        if not scene.at_end:
            return "this is the past: end returns to now"
        if not scene.runner.works:
            return "nobody works on this session"
        if not self._alone:
            return f"{_BURST} answered"
        armed = guard.armed(self.stage.clock.mono())
        if self.drawer.covered and (see_all or not armed):
            return "a notice covers it: wait until it has gone"
        if not armed:
            return "it has only just appeared: look first"
        return self._why_no_yes() if see_all else ""

    def _why_no_yes(self) -> str:
        level = self.stage.scene.state.level
        if level <= TOOLLESS:
            return f"no tool runs at level {level}: turn it up first, or deny"
        return "" if self.drawer.guard.seen_all else "see its end first: page down, or v"

    def _approve(self, item: CallView) -> None:
        if needs_typing(item):
            word = word_to_type(item)
            self.drawer.open_box("word", f"type {word} here, in full, to approve")
        else:
            self.send(item, Approve(call_id=item.call_id, binding=item.binding))

    async def _deliver(self, item: Item, command: Command) -> None:
        if not await self.stage.send(command):
            self.drawer.not_sent(key_of(item))
            self.stage.set_class(self.drawer.item is not None, "-waiting")

    async def _look_up(self, item: Item) -> None:
        self.drawer.answered = await answered_later(self.stage, item)
        self.drawer.paint()
