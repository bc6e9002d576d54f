"""Writing to the agent: what is typed into the message box, and where it goes."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, runtime_checkable

from loopdeck.app.deck.asking import Questions
from loopdeck.app.deck.attaching import Attachments
from loopdeck.app.deck.drafting import Draft
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.queueing import Queue
from loopdeck.app.deck.slashing import Slashes
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.keys.slash import MARK, Slash, is_slash, message_of
from loopdeck.app.panes.message import MessageBox
from loopdeck.ports.sayings import Forgetful, Sayings
from loopdeck.session.commands import Steer

WRITING = "enter: with the next step · ctrl+s: at once · /: commands · escape: leave"
COMMANDING = "a command and what it takes · escape: leave"
Edit = Callable[[str], Awaitable[str]]
"""Lets the human change a text in a program of their own."""


@runtime_checkable
class LendsTerminal(Protocol):
    """An app that can give the terminal to another program for a while."""

    async def lend(self, edit: Edit, text: str) -> str:
        """Let it have the terminal, and take it back whatever happens."""
        ...


class Writer(Part):
    """What enter sends waits for the next step and can be taken back; ctrl+s says it at once."""

    def __init__(
        self,
        stage: Stage,
        questions: Questions,
        queue: Queue,
        draft: Draft,
        slashes: Slashes,
        attachments: Attachments,
    ) -> None:
        super().__init__(stage)
        self._questions = questions
        self._queue = queue
        self._draft = draft
        self._slashes = slashes
        self._attachments = attachments
        self._sayings: Sayings = Forgetful()
        self._edit: Edit | None = None

    def remember(self, sayings: Sayings | None, edit: Edit | None) -> None:
        """Keep what is sent in `sayings`; let the human write in an editor of their own."""
        self._sayings = sayings or self._sayings
        self._edit = edit

    def verbs(self) -> Verbs:
        """The keys that write."""
        return {
            "write": self.write,
            "send": lambda: self.send(steer=False),
            "steer": lambda: self.send(steer=True),
            "edit_message": self.edit,
        }

    def begin(self) -> None:
        """Bring back what was written in earlier sessions."""
        self.start(self._recall, "said")

    @property
    def box(self) -> MessageBox:
        """Where it is typed."""
        return self.stage.messages.box

    def write(self) -> None:
        """Write to the agent, or answer its question in words."""
        if not self._questions.take_words():
            self._open()
        self.stage.drawer.paint()  # which of its keys work now

    def begin_slash(self, slash: Slash) -> None:
        """Open the box with a command that wants words after it."""
        self.stage.messages.open(COMMANDING, "")
        self.box.put(f"{MARK}{slash.name} ")

    def edit(self) -> None:
        """Write the message in the human's own editor."""
        edit, app = self._edit, self.stage.app
        if edit is None or not isinstance(app, LendsTerminal):
            self.say("No editor can be opened from here.")
        else:
            self.start(partial(self._write_in, edit, app), "edit", only=True)

    def send(self, *, steer: bool) -> None:
        """Send what the box holds: a command, or a message for the agent."""
        text = self.box.text.strip()
        if is_slash(text):
            self._command(text)
        elif not text or self.stage.scene.refusal:
            self.write()
        else:
            self.start(partial(self._speak, message_of(text), text, steer=steer), "commands")

    def leave(self) -> None:
        """Close the box; what it holds is a draft."""
        if not self.box.has_class("-open"):
            return
        text = self.stage.messages.close()
        unread = is_slash(text) and self.stage.scene.refusal
        self._draft.hold("" if unread else text)
        self.stage.drawer.paint()  # its keys work again
        if self.stage.focused in (None, self.box):
            self.stage.set_focus(self.stage.loop)

    def _open(self) -> None:
        if why := self.stage.scene.refusal_sentence:
            self.say(why)
            self.stage.messages.open(COMMANDING, self._draft.text or MARK)
        else:
            self.stage.messages.open(WRITING, self._draft.text)

    def _command(self, text: str) -> None:
        """One that cannot be done is told, and is no message: it stays in the box."""
        if self._attachments.begin_with_prompt(text):
            return
        typed = self._slashes.understood(text)
        if typed is not None:
            self._sent_away(text)
            self._slashes.obey(typed)

    async def _speak(self, text: str, typed: str, *, steer: bool) -> None:
        found = await self._attachments.read(text)
        if found is None:
            return  # it stays in the box
        attached = tuple(found) or None
        if steer:
            sent = await self.stage.send(Steer(text=text, attached=attached))
        else:
            sent = await self._queue.add(text, attached)
        if sent:
            if self.box.text.strip() == typed:
                self._sent_away(typed)
            await self._sayings.keep("message", text)

    def _sent_away(self, text: str) -> None:
        """The box has done its work."""
        self.box.recall.add(text)
        if self.box.text.strip() == text:
            self.box.text = ""
            self.leave()

    async def _write_in(self, edit: Edit, app: LendsTerminal) -> None:
        before = self.box.text if self.box.has_class("-open") else self._draft.text
        text = (await app.lend(edit, before)).strip()
        if not self.box.has_class("-open"):
            self.write()
        if self.box.has_class("-open"):
            self.box.put(text)

    async def _recall(self) -> None:
        self.box.recall.put_before(await self._sayings.recent("message"))
