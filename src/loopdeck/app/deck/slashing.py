"""What the slash commands do on the deck."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from loopdeck.app.deck.answering import Answers
from loopdeck.app.deck.forking import OpensSessions
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.permitting import Permissions
from loopdeck.app.deck.places import Places
from loopdeck.app.deck.stage import Stage
from loopdeck.app.deck.steering import Steering
from loopdeck.app.deck.useless import useless
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.keys.slash import Typed, read
from loopdeck.app.look.themed import use_theme
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.wishing import LIMITS
from loopdeck.ports import Opened
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, SetLevel, SetModel, Steer
from loopdeck.session.confirming import needs_typing
from loopdeck.session.state import AskView, Phase
from loopdeck.session.values import Limits


class Slashes(Part):
    """Each command is what a key does, or takes words that a key cannot."""

    def __init__(
        self,
        stage: Stage,
        steering: Steering,
        answers: Answers,
        permissions: Permissions,
        places: Places,
    ) -> None:
        super().__init__(stage)
        self._steering = steering
        self._answers = answers
        self._permissions = permissions
        self._places = places
        self._more: Mapping[str, Callable[[str], object]] = {}

    def pass_on(
        self,
        search: Callable[[str], object],
        note: Callable[[str], object],
        bookmark: Callable[[str], object],
    ) -> None:
        """Give the words of these commands to those whose keys would ask for them."""
        self._more = {"search": search, "note": note, "bookmark": bookmark}

    def begin(self) -> None:
        """Let the box offer no command that could do nothing."""
        self.stage.messages.leave_out(self.without)

    def without(self) -> frozenset[str]:
        """The keys and commands that could do nothing at this moment."""
        return useless(self.stage.opened, self.stage.scene, self.stage.drawer.item)

    def verbs(self) -> Verbs:
        """What no key of the table does."""
        return {"resume": self.resume}

    def understood(self, text: str) -> Typed | None:
        """The command in a text; what stands against it is told instead."""
        typed = read(text)
        why = typed if isinstance(typed, str) else self._refuses(typed)
        if why:
            self.say(sanitize(why), severity="warning")
        return typed if isinstance(typed, Typed) and not why else None

    def obey(self, typed: Typed) -> None:
        """Do it."""
        if not typed.rest:
            self.start(partial(self.stage.run_action, typed.slash.action), "slash")
            return
        does: dict[str, Callable[[str], object]] = {
            "level": lambda text: self._steering.command(SetLevel(level=int(text))),
            "model": lambda name: self._steering.command(SetModel(model=name)),
            "steer": lambda text: self._steering.command(Steer(text=text)),
            "limit": self._limit,
            "allow": self._allow,
            "goto": lambda text: self.start(partial(self._places.go, text), "goto"),
            "export": self._export,
            "theme": partial(use_theme, self.stage.app),
            **self._more,
        }
        does[typed.slash.name](typed.rest)

    def resume(self) -> None:
        """Go on with a session that stopped, on a deck of its own."""
        head, resume = self.stage.scene.head, self.stage.means.resume
        if self.stage.agent_works:
            self.say("Its agent is at work.", seconds=6)
        elif head.phase is Phase.ENDED and head.outcome == "done":
            words = "It is done: there is nothing to go on with. It can be forked."
            self.say(words, seconds=6)
        elif resume is None:
            self.say("This cannot be resumed from here.", seconds=6)
        else:
            self.start(partial(self._resume, resume), "resume", only=True)

    async def _resume(self, resume: Callable[[], Awaitable[Opened]]) -> None:
        app = self.stage.app
        if isinstance(app, OpensSessions):
            await app.open_session(await resume())

    def _refuses(self, typed: Typed) -> str:
        """Why it cannot be done now, as far as that is known beforehand."""
        match typed.slash.name if typed.rest else "":
            case "level":
                return self._no_level(typed.rest)
            case "model" | "steer":
                return self.stage.scene.refusal_sentence
            case "limit":
                return self._no_limit(typed.rest)
            case "allow":
                return self._no_rule()
            case "export" if self.stage.means.export is None:
                return "This cannot be exported from here: loopdeck sessions export."
            case _:
                return ""

    def _no_level(self, text: str) -> str:
        if text not in ("1", "2", "3", "4", "5"):
            return "A level is a number from 1 to 5."
        return self.stage.scene.refusal_sentence

    def _no_limit(self, text: str) -> str:
        ask = self.stage.drawer.item
        asks = isinstance(ask, AskView) and ask.kind == "limit"
        if not asks or not self.stage.scene.can_answer:
            return "No limit asks now. One is set with the goal, and changed once it asks."
        if _limits(text) is None:
            return "Write /limit and steps, tokens, cost or minutes, and a number above 0."
        return ""

    def _limit(self, text: str) -> None:
        ask, changed = self.stage.drawer.item, _limits(text)
        if not isinstance(ask, AskView) or changed is None:
            return
        now = self.stage.scene.head.limits
        limits = now.model_copy(update=changed.model_dump(exclude_none=True))
        self._answers.send(ask, Answer(ask_id=ask.ask_id, answer="raise", limits=limits))

    def _no_rule(self) -> str:
        call = self.stage.drawer.item
        if not isinstance(call, CallView):
            return "Nothing waits. A rule is given with the approval of a call it covers."
        if needs_typing(call):
            return "What destroys or is not understood is approved one by one."
        return ""

    def _allow(self, rule: str) -> None:
        call = self.stage.drawer.item
        if isinstance(call, CallView):
            self._answers.attempt(lambda: self._permissions.climb(call, rule), see_all=True)

    def _export(self, form: str) -> None:
        export = self.stage.means.export
        if export is not None:
            self.start(partial(self._write, export, form), "export")

    async def _write(self, export: Callable[[str], Awaitable[str]], form: str) -> None:
        self.say(await export(form), seconds=6)


def _limits(text: str) -> Limits | None:
    """The one limit that is written there: what it limits, and a number."""
    name, _, number = text.partition(" ")
    try:
        return Limits.model_validate_strings({LIMITS[name]: number.strip()})
    except (KeyError, ValueError):
        return None
