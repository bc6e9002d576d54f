"""Turns typed lines into commands: numbers choose, words go where they were asked for.

The guards are those of the deck: a request must have been there for a moment, a line must come
alone, and nothing is approved whose end was not read.
"""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto

from loopdeck.app.paint.approval import key_of
from loopdeck.app.plain.asking import (
    Choice,
    Question,
    choices,
    explained,
    question,
)
from loopdeck.app.plain.labels import labelled
from loopdeck.app.plain.telling import Teller
from loopdeck.app.view.guard import Guard
from loopdeck.errors import LoopdeckError
from loopdeck.ports import Clock
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Command, GoOn, Interrupt, Pause, Say, SetLevel, Steer, Stop
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.state import Phase, SessionState

SANDBOXED = 4
PROMPT = "Type a number and press enter."
TOO_SOON = "That came before the request could be read: nothing was answered. Type it again."
TOO_MUCH = "Several lines came at once: nothing was answered. Type one number."
NEXT = "the next one that waits"

Out = Callable[[Sequence[str]], None]
Send = Callable[[Command], Awaitable[None]]


class Told(Enum):
    """What a typed line led to."""

    NOTHING = auto()
    SENT = auto()


class Talk:
    """The conversation with one human about one session."""

    def __init__(self, teller: Teller, clock: Clock, out: Out, send: Send) -> None:
        self._teller = teller
        self._clock = clock
        self._out = out
        self._send = send
        self._state = SessionState()
        self._asked: Question | None = None
        self._guard = Guard()
        self._sent: set[str] = set()
        self._passed: set[str] = set()
        self._open: Choice | None = None

    def update(self, state: SessionState) -> None:
        """The session went on: ask about what waits now, unless it is asked about already."""
        self._state = state
        waiting = {key_of(item) for item in (*state.waiting, *state.asks)}
        self._sent &= waiting
        self._passed &= waiting
        if self._asked is not None and key_of(self._asked.item) in waiting - self._sent:
            return
        if self._asked is not None:
            self._asked, self._open = None, None
        self._ask()

    async def typed(self, lines: Sequence[str]) -> None:
        """What the human typed; more than one line at once is a paste or a cat on the keys."""
        if len(lines) != 1:
            self._out([TOO_MUCH] if self._asked else ["Several lines came at once. Type one."])
            return
        line = lines[0].strip()
        now = self._clock.mono()
        self._guard.pressed(now)
        if self._asked is not None and not self._guard.armed(now):
            self._out([TOO_SOON])
            return
        if self._open is not None:
            await self._words(self._open, line)
        elif not line:
            self._again()
        elif line.isdecimal():
            await self._chosen(int(line))
        elif self._asked is not None:
            self._out([PROMPT])
        else:
            await self._deliver(Say(text=line), "The agent reads it with its next step.")

    def _ask(self) -> None:
        items = [
            item
            for item in (*self._state.waiting, *self._state.asks)
            if key_of(item) not in self._sent
        ]
        fresh = [item for item in items if key_of(item) not in self._passed]
        if not fresh and items:  # all were passed over: begin with the first again
            self._passed.clear()
            fresh = items
        if not fresh:
            return
        item = fresh[0]
        number = self._teller.number(item.call_id) if isinstance(item, CallView) else 0
        place = items.index(item) + 1
        self._asked = question(item, number, self._state, place, len(items))
        self._out(["", *self._asked.turn()])
        self._offer()

    def _again(self) -> None:
        """An empty line: say where things stand."""
        if self._asked is None:
            self._out([self._standing(), *_numbered(self._menu()), PROMPT])
        else:
            self._offer()

    def _offer(self) -> None:
        self._out([*_numbered(self._choices()), PROMPT])
        self._guard.restart()
        self._guard.painted(self._clock.mono())

    def _choices(self) -> list[Choice]:
        if self._asked is None:
            return self._menu()
        return choices(self._asked, self._state, more=self._state.pending > 1)

    async def _chosen(self, number: int) -> None:
        offered = self._choices()
        if not 1 <= number <= len(offered):
            self._out([f"There is no choice {number}.", *_numbered(offered), PROMPT])
            return
        choice = offered[number - 1]
        if choice.reads:
            self._read(choice)
        elif choice.prompt:
            self._open = choice
            self._out([f"{choice.prompt}:"])
        else:
            await self._words(choice, "")

    def _read(self, choice: Choice) -> None:
        asked = self._asked
        if asked is None:
            return
        if choice.label == NEXT:
            self._passed.add(key_of(asked.item))
            self._asked = None
            self._ask()
        elif choice.label == "read on":
            self._out(asked.turn())
            self._offer()
        elif isinstance(asked.item, CallView):
            self._out(explained(asked.item, self._state))
            self._offer()

    async def _words(self, choice: Choice, text: str) -> None:
        """Carry a choice out with the words it took."""
        self._open = None
        if choice.prompt and not text:
            self._out(["Nothing was done."])
            self._again()
            return
        made = choice.made(text)
        if isinstance(made, str):
            self._out([made])
            self._again()
            return
        asked = self._asked
        if asked is None:
            await self._deliver(made, "Sent.")
            return
        self._sent.add(key_of(asked.item))
        self._asked = None
        if await self._deliver(made, "") is Told.NOTHING:
            self._sent.discard(key_of(asked.item))
        self._ask()

    async def _deliver(self, command: Command, said: str) -> Told:
        try:
            await self._send(command)
        except LoopdeckError as error:
            self._out([labelled("problem", f"{error} {error.hint}".strip())])
            return Told.NOTHING
        if said:
            self._out([said])
        return Told.SENT

    def _menu(self) -> list[Choice]:
        paused = self._state.phase is Phase.PAUSED
        return [
            Choice("go on", lambda _: GoOn())
            if paused
            else Choice("pause after this step", lambda _: Pause()),
            Choice("stop what it does now, and wait", lambda _: Interrupt()),
            Choice("say something at once", lambda text: Steer(text=text), "What it should hear"),
            Choice("turn the level", self._level, "The level, 1 to 5"),
            Choice("end the run", lambda _: Stop(reason="stopped by its human")),
        ]

    def _level(self, text: str) -> Command | str:
        if text not in {str(level) for level in LEVEL_NAMES}:
            return "A level is a number from 1 to 5."
        if int(text) >= SANDBOXED and not self._state.sandbox:
            return "Levels 4 and 5 are shut: no sandbox works here. `loopdeck doctor` says more."
        return SetLevel(level=int(text))

    def _standing(self) -> str:
        state = self._state
        level = f"level {state.level}, {LEVEL_NAMES[state.level]}"
        return labelled("now", f"{state.status}, step {state.step}, {level}. Or type a message.")


def _numbered(offered: Sequence[Choice]) -> list[str]:
    return [f"{at}. {choice.label}" for at, choice in enumerate(offered, start=1)]
