"""The keys that answer what waits, behind every guard there is."""

from collections.abc import Callable
from functools import partial

from textual import on
from textual.events import Key
from textual.timer import Timer
from textual.widgets import Input, TextArea

from loopdeck.app.background import start
from loopdeck.app.deck.guard import SETTLE_S
from loopdeck.app.deck.history import answer_words
from loopdeck.app.deck.scene import Scene
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.slash import is_slash, message_of
from loopdeck.app.paint.approval import Answered, Item, key_of
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.payload import Payload
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.confirming import needs_typing, word_to_type
from loopdeck.session.state import AskView
from loopdeck.session.telling import WITHDRAWN


class Answering(Stage):
    """Approve, deny, answer. Nothing here runs anything: a command goes to the sink."""

    _alone = True
    _pending: Timer | None = None
    _looked_up = ""

    @property
    def deciding(self) -> bool:
        """True while an answer is about to be sent."""
        return self._pending is not None

    def present(self, scene: Scene) -> None:
        """Where the playhead is in the past, find out how it was answered."""
        super().present(scene)
        item = self.drawer.item
        if item is None or scene.at_end:
            self._looked_up = ""
        elif self._looked_up != key_of(item):
            self._looked_up = key_of(item)
            start(self, partial(self._look_up, item), "answered")

    def on_key(self, _event: Key) -> None:
        """Every key that no text box took: notes bursts, and takes back a key that began one."""
        self._alone = self.drawer.guard.pressed(self.clock.mono())
        if self._alone and self.drawer.note:
            self._say("")  # it was about another key
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
            self._alone = False
            self._say("too many keys at once: nothing was answered")

    def action_approve(self) -> None:
        """Approve the call once; calls that need it open the box for the typed word."""
        item = self.drawer.item
        if isinstance(item, CallView):
            self.attempt(lambda: self._approve(item), see_all=True)

    def action_deny(self) -> None:
        """Deny the call."""
        item = self.drawer.item
        if isinstance(item, CallView):
            self.attempt(lambda: self.answer_with(item, Deny(call_id=item.call_id)))

    def action_deny_why(self) -> None:
        """Deny the call with words for the agent."""
        if isinstance(self.drawer.item, CallView):
            self.attempt(lambda: self.drawer.open_box("reason"))

    def action_waiting(self, direction: int) -> None:
        """Turn to the next or the previous thing that waits."""
        self.drawer.switch(direction)
        self.attend()

    def action_full_view(self) -> None:
        """Give the request the whole screen, or take it back; else all of a result."""
        if self.drawer.item is None:
            self.query_one(ResultPane).page()
            return
        whole = not self.has_class("-whole")
        self.set_class(whole, "-whole")
        self.drawer.set_class(whole, "-whole")
        self.drawer.paint()
        self.set_focus(self.query_one(Payload) if whole else self.query_one(LoopPane))

    @on(Input.Submitted, "#reason,#word,#answer")
    def _submitted(self, event: Input.Submitted) -> None:
        item, text = self.drawer.item, event.value.strip()
        if item is None or not self.scene.can_answer:
            return
        match item, event.input.id:
            case CallView(), "reason":
                self.answer_with(item, Deny(call_id=item.call_id, reason=text))
            case CallView(), "word" if text == word_to_type(item):
                self.answer_with(item, Approve(call_id=item.call_id, binding=item.binding))
            case CallView(), "word":
                self._say("that is another word: nothing was approved")
                event.input.value = ""
            case AskView(), "answer" if is_slash(text):
                self.command_for_answer(text)
            case AskView(), "answer" if text:
                word, text = "tell" if "tell" in item.options else "text", message_of(text)
                self.answer_with(item, Answer(ask_id=item.ask_id, answer=word, text=text))
            case _:
                return

    def command_for_answer(self, text: str) -> None:
        """Do a slash command that was typed where a question wants its answer."""
        raise NotImplementedError

    @on(Input.Changed, "#word")
    def _typing(self, event: Input.Changed) -> None:
        self._say("" if event.value else self.drawer.note)

    @on(Box.Left, "#reason,#word,#answer")
    def leave_box(self) -> None:
        """Close the box; its words are given up."""
        self.drawer.close_boxes()
        self._say("")
        self.set_focus(self.query_one(LoopPane))

    def attempt(self, act: Callable[[], None], *, see_all: bool = False) -> None:
        """Do it a moment later, if nothing speaks against it until then."""
        reason = self._why_not(see_all=see_all)
        if reason:
            self._say(reason)
            return
        key = self.drawer.guard.key

        def settled() -> None:
            self._pending = None
            if self.drawer.guard.key == key and self.scene.can_answer:
                act()

        self._pending = self.set_timer(SETTLE_S, settled)

    def _why_not(self, *, see_all: bool) -> str:
        guard = self.drawer.guard
        if isinstance(self.focused, (Input, TextArea)):
            return "a text box has the keys"
        if not self.scene.at_end:
            return "this is the past: end returns to now"
        if not self.scene.runner.works:
            return "nobody works on this session"
        if not self._alone:
            return "too many keys at once: nothing was answered"
        armed = guard.armed(self.clock.mono())
        if self.drawer.covered and (see_all or not armed):
            return "a notice covers it: wait until it has gone"
        if not armed:
            return "it has only just appeared: look first"
        if see_all and not guard.seen_all:
            return "see it to its end first: page down, or v"
        return ""

    def _approve(self, item: CallView) -> None:
        if needs_typing(item):
            word = word_to_type(item)
            self.drawer.open_box("word", f"type {word} here, in full, to approve")
        else:
            self.answer_with(item, Approve(call_id=item.call_id, binding=item.binding))

    def answer_with(self, item: Item, command: Command) -> None:
        self.drawer.close_boxes()
        self.set_focus(self.query_one(LoopPane))
        if self.has_class("-whole"):
            self.action_full_view()
        self.drawer.sent(key_of(item))
        self.set_class(self.drawer.item is not None, "-waiting")
        start(self, partial(self._deliver, item, command), "commands")

    async def _deliver(self, item: Item, command: Command) -> None:
        if not await self.send(command):
            self.drawer.not_sent(key_of(item))
            self.set_class(self.drawer.item is not None, "-waiting")

    async def _look_up(self, item: Item) -> None:
        self.drawer.answered = await answered_later(self, item)
        self.drawer.paint()

    def _say(self, note: str) -> None:
        self.drawer.note = note
        self.drawer.paint()


async def answered_later(stage: Stage, item: Item) -> Answered | None:
    """How something that waited in the past was answered, and after how long."""
    if isinstance(item, CallView):
        call = await stage.history.call(item.call_id, None)
        if call is None or call.answered is None or item.asked is None:
            return None
        who = "you" if call.answered_by == "human" else f"a {call.answered_by}"
        reason = f": “{call.answer_reason}”" if call.answer_reason else ""
        waited = call.waited_ns / 1e6
        return Answered(f"{call.answer} by {who}{reason}", waited)
    return await _answered_ask(stage, item)


async def _answered_ask(stage: Stage, ask: AskView) -> Answered | None:
    for row in stage.feed.outline.rows:
        if row.kind == "ask" and row.ref == ask.ask_id:
            mark = row.last("human_answered", stage.feed.timeline.head)
            found = await stage.opened.journal.pick(
                stage.opened.session, [mark.seq] if mark else []
            )
            for record in found.values():
                words = answer_words(record.event)
                text = getattr(record.event, "text", "") or words
                said = words if words == WITHDRAWN else f"you answered “{text}”"
                return Answered(said, (record.ts - ask.at[0]) / 1e6)
    return None
