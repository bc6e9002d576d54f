"""What the slash commands do on the deck."""

from collections.abc import Awaitable, Callable
from functools import partial

from loopdeck.app.background import start
from loopdeck.app.deck.forking import Forking, OpensSessions
from loopdeck.app.deck.permitting import Permitting
from loopdeck.app.deck.speaking import Speaking
from loopdeck.app.home.wishing import LIMITS
from loopdeck.app.keys.slash import MARK, Slash, Typed
from loopdeck.app.look.themed import use_theme
from loopdeck.ports import Opened
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, SetLevel, SetModel, Steer
from loopdeck.session.confirming import needs_typing
from loopdeck.session.state import AskView, Phase
from loopdeck.session.values import Limits


class Slashing(Forking, Speaking, Permitting):
    """Each command is what a key does, or takes words that a key cannot."""

    def command_for_answer(self, text: str) -> None:
        """Do it in place of an answer; the question waits on."""
        typed = self.understood(text)
        if typed is not None:
            self.leave_box()
            self.obey(typed)

    def refuses(self, typed: Typed) -> str:
        """Why it cannot be done now, as far as that is known beforehand."""
        match typed.slash.name if typed.rest else "":
            case "level":
                return self._no_level(typed.rest)
            case "model" | "steer":
                return self.speaks_here
            case "limit":
                return self._no_limit(typed.rest)
            case "allow":
                return self._no_rule()
            case "export" if self.services.export is None:
                return "This cannot be exported from here: loopdeck sessions export."
            case _:
                return ""

    def obey(self, typed: Typed) -> None:
        """Do it."""
        if not typed.rest:
            start(self, partial(self.run_action, typed.slash.action), "slash")
            return
        does: dict[str, Callable[[str], None]] = {
            "level": self._level,
            "model": self._model,
            "steer": self._steer,
            "limit": self._limit,
            "allow": self._allow,
            "goto": self._go_there,
            "export": self._export,
            "theme": partial(use_theme, self.app),
        }
        does[typed.slash.name](typed.rest)

    def begin_slash(self, slash: Slash) -> None:
        """Open the message box with a command that wants words after it."""
        self.messages.open("a command and what it takes · escape: leave", "")
        self.messages.box.put(f"{MARK}{slash.name} ")

    def action_resume(self) -> None:
        """Go on with a session that stopped, on a deck of its own."""
        head = self.scene.head
        if self.agent is not None and not self.agent.is_finished:
            self._tell("Its agent is at work.")
        elif head.phase is Phase.ENDED and head.outcome == "done":
            self._tell("It is done: there is nothing to go on with. It can be forked.")
        elif self.services.resume is None:
            self._tell("This cannot be resumed from here.")
        else:
            start(self, partial(self._resume, self.services.resume), "resume", only=True)

    async def _resume(self, resume: Callable[[], Awaitable[Opened]]) -> None:
        if isinstance(self.app, OpensSessions):
            await self.app.open_session(await resume())

    def _no_level(self, text: str) -> str:
        if text not in ("1", "2", "3", "4", "5"):
            return "A level is a number from 1 to 5."
        return self.speaks_here

    def _level(self, text: str) -> None:
        start(self, partial(self.send, SetLevel(level=int(text))), "commands")

    def _model(self, name: str) -> None:
        start(self, partial(self.send, SetModel(model=name)), "commands")

    def _steer(self, text: str) -> None:
        start(self, partial(self.send, Steer(text=text)), "commands")

    def _no_limit(self, text: str) -> str:
        ask = self.drawer.item
        if not isinstance(ask, AskView) or ask.kind != "limit" or not self.scene.can_answer:
            return "No limit asks now. One is set with the goal, and changed once it asks."
        if _limits(text) is None:
            return "Write /limit and steps, tokens, cost or minutes, and a number above 0."
        return ""

    def _limit(self, text: str) -> None:
        ask, changed = self.drawer.item, _limits(text)
        if not isinstance(ask, AskView) or changed is None:
            return
        limits = self.scene.head.limits.model_copy(update=changed.model_dump(exclude_none=True))
        self.answer_with(ask, Answer(ask_id=ask.ask_id, answer="raise", limits=limits))

    def _no_rule(self) -> str:
        call = self.drawer.item
        if not isinstance(call, CallView):
            return "Nothing waits. A rule is given with the approval of a call it covers."
        return "What destroys or is not understood is approved one by one." * needs_typing(call)

    def _allow(self, rule: str) -> None:
        call = self.drawer.item
        if isinstance(call, CallView):
            self.attempt(lambda: self.climb(call, rule), see_all=True)

    def _go_there(self, text: str) -> None:
        async def go() -> None:
            place = await self._place(text)
            if place is None:
                self._tell("Type a step (12), a time since the start (4:20) or an event (#120).")
            else:
                self._move(place if place < self.feed.timeline.head else None)

        start(self, go, "goto")

    def _export(self, form: str) -> None:
        if self.services.export is not None:
            start(self, partial(self._write, self.services.export, form), "export")

    async def _write(self, export: Callable[[str], Awaitable[str]], form: str) -> None:
        self._tell(await export(form))

    def _tell(self, sentence: str) -> None:
        self.notify(sentence, markup=False, timeout=6)


def _limits(text: str) -> Limits | None:
    """The one limit that is written there: what it limits, and a number."""
    name, _, number = text.partition(" ")
    try:
        return Limits.model_validate_strings({LIMITS[name]: number.strip()})
    except (KeyError, ValueError):
        return None
