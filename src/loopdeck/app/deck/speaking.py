"""Writing to the agent: the message box, what is queued, and what was written before."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, runtime_checkable

from textual import on

from loopdeck.app.background import start
from loopdeck.app.deck.attaching import Attaching
from loopdeck.app.keys.slash import Typed, is_slash, message_of, read
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.message import MessageBox
from loopdeck.app.sanitize import sanitize
from loopdeck.session.commands import Steer
from loopdeck.session.state import AskView

Edit = Callable[[str], Awaitable[str]]
"""Lets the human change a text in a program of their own."""


@runtime_checkable
class LendsTerminal(Protocol):
    """An app that can give the terminal to another program for a while."""

    async def lend(self, edit: Edit, text: str) -> str:
        """Let it have the terminal, and take it back whatever happens."""
        ...


class Speaking(Attaching):
    """What enter sends waits for the next step and can be taken back; ctrl+s says it at once."""

    def on_mount(self) -> None:
        """Bring back what was written in earlier sessions."""
        start(self, self._remember, "said")

    @property
    def speaks_here(self) -> str:
        """Why nobody would read a message; empty where somebody does."""
        why = self.scene.refusal
        return f"{why[:1].upper()}{why[1:]}"

    def action_write(self) -> None:
        """Write to the agent, or answer its question in words."""
        item = self.drawer.item
        if isinstance(item, AskView) and item.kind != "limit" and self.scene.can_answer:
            self.drawer.open_box("answer")
        elif self.speaks_here:
            self.notify(self.speaks_here, markup=False)
        else:
            hint = "enter: with the next step · ctrl+s: at once · /: commands · escape: leave"
            self.messages.open(hint, self.draft)

    def action_steer(self) -> None:
        """Send what the message box holds at once, interrupting the turn."""
        self._send(steer=True)

    def action_edit_message(self) -> None:
        """Write the message in the human's own editor."""
        if self.edit is None or not isinstance(self.app, LendsTerminal):
            self.notify("No editor can be opened from here.", markup=False)
        else:
            start(self, partial(self._edit_message, self.edit, self.app), "edit", only=True)

    @on(MessageBox.Sent)
    def _sent(self) -> None:
        self._send(steer=False)

    @on(MessageBox.Left)
    def _close_message(self) -> None:
        if not self.messages.box.has_class("-open"):
            return
        self.draft = self.messages.close()
        self.hint()
        self.drawer.paint()  # its keys work again
        if self.focused in (None, self.messages.box):
            self.set_focus(self.query_one(LoopPane))

    def obey(self, typed: Typed) -> None:
        """Do what a slash command says."""
        raise NotImplementedError

    def refuses(self, typed: Typed) -> str:
        """Why a slash command cannot be done as it was typed; empty if it can."""
        raise NotImplementedError

    def _send(self, *, steer: bool) -> None:
        text = self.messages.box.text.strip()
        if is_slash(text):
            self._command(text)
        elif not text or self.speaks_here:
            self.action_write()
        else:
            start(self, partial(self._speak, message_of(text), text, steer=steer), "commands")

    def _command(self, text: str) -> None:
        """One that cannot be done is told, and is no message: it stays in the box."""
        if self.begin_with_prompt(text):
            return
        typed = self.understood(text)
        if typed is not None:
            self._sent_away(text)
            self.obey(typed)

    def understood(self, text: str) -> Typed | None:
        """The command in a text; what stands against it is told instead."""
        typed = read(text)
        why = typed if isinstance(typed, str) else self.refuses(typed)
        if why:
            self.notify(sanitize(why), severity="warning", markup=False)
        return typed if isinstance(typed, Typed) and not why else None

    async def _speak(self, text: str, typed: str, *, steer: bool) -> None:
        found = await self.attached_to(text)
        if found is None:
            return  # it stays in the box
        attached = tuple(found) or None
        if steer:
            sent = await self.send(Steer(text=text, attached=attached))
        else:
            sent = await self.say_later(text, attached)
        if sent:
            if self.messages.box.text.strip() == typed:
                self._sent_away(typed)
            await self.sayings.keep("message", text)

    def _sent_away(self, text: str) -> None:
        """The box has done its work."""
        pane = self.messages
        pane.box.recall.add(text)
        if pane.box.text.strip() == text:
            pane.box.text = ""
            self._close_message()

    async def _edit_message(self, edit: Edit, app: LendsTerminal) -> None:
        box = self.messages.box
        before = box.text if box.has_class("-open") else self.draft
        text = (await app.lend(edit, before)).strip()
        if not box.has_class("-open"):
            self.action_write()
        if box.has_class("-open"):
            box.put(text)

    async def _remember(self) -> None:
        self.messages.box.recall.put_before(await self.sayings.recent("message"))
