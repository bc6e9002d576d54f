"""Random valid sessions: a walk over everything a harness may write, one legal move at a time.

The walk is decided by a seed and cut at a length, so that shrinking finds the shortest beginning
of a session that shows a fault.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, TypeVar

from hypothesis import strategies as st

from loopdeck.session.calls import CallStatus
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    CallUnknown,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    NoteAdded,
    PlanRevised,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.values import (
    CallBlock,
    Category,
    Decision,
    Grant,
    JsonObject,
    Limits,
    PlanItem,
    Rule,
    TextBlock,
    Usage,
)
from tests.support.records import START

T = TypeVar("T")
Move = Callable[[], None]
_TEXTS = ["", "so", "a line\n", "naïve ✓", "[/] \x1b[2J"]
_OBJECTS: list[JsonObject] = [{}, {"command": "ls"}, {"path": "a", "range": [1, None]}]
_STREAMS: list[Literal["text", "thinking"]] = ["text", "thinking"]
_ANSWERS: list[Literal["approved", "denied", "expired"]] = ["approved", "denied", "expired"]
_VOICES: list[Literal["human", "rule", "limit"]] = ["human", "rule", "limit"]
_PAUSES: list[Literal["human", "waiting", "signal", "model"]] = ["human", "waiting", "signal"]
_OUTCOMES: list[Literal["done", "failed", "stopped", "limit"]] = ["done", "failed", "stopped"]
_INTERLUDES: list[Event] = [
    HumanMessage(text="try the second shelf"),
    HumanSteered(text="stop that"),
    LevelChanged(level=4, by="human"),
    ModelChanged(model="gemini:other"),
    PlanRevised(items=(PlanItem(text="look", state="done"), PlanItem(text="tidy", state="doing"))),
    LimitWarned(limit="steps", used=8, allowed=10),
    LimitHit(limit="steps", used=10, allowed=10),
    LoopSuspected(tool="shell", count=3),
    ContextCompacted(upto=1, summary="began"),
    RuleGranted(grant=Grant(grant_id="g1", rule=Rule(decide="allow", match="shell(ls)"), calls=2)),
    RuleRevoked(grant_id="g1"),
    SandboxChecked(backend="bubblewrap", passed=True),
    ServerChecked(server="notes", says="It ended."),
]


def sessions(max_moves: int = 90) -> st.SearchStrategy[list[Record]]:
    """The records of sessions that obey every rule."""
    return st.builds(walk, seed=st.integers(0, 2**32), moves=st.integers(0, max_moves))


def walk(seed: int, moves: int) -> list[Record]:
    """The first records of the session that grows from a seed."""
    walker = Walk(Random(seed))
    for _ in range(moves):
        walker.pick(walker.moves())()
    return walker.records


class Walk:
    """Writes a session move by move, keeping only what decides which moves are legal next."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.records: list[Record] = []
        self._now = START
        self._mono = self.random.randint(0, 10**9)
        self._mode = "idle"  # idle | thinking | checking | paused | ended
        self._step = self._attempt = self._tries = self._named = 0
        self._calls: dict[str, CallStatus] = {}
        self._allowed: set[str] = set()
        self._asks: list[str] = []
        self._services: list[str] = []
        check = self.pick([None, "make check"])
        level = random.randint(1, 5)
        self.write(
            SessionStarted(
                goal="tidy", model="scripted:test", level=level, workspace="/shed", check=check
            )
        )

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return self.random.choice(options)

    def write(self, event: Event) -> None:
        """Add the event, a while later."""
        passed = self.random.randint(0, 5_000) * 1_000
        self._now += passed
        self._mono += passed
        self.records.append(Record("s1", len(self.records) + 1, self._now, self._mono, event))

    def moves(self) -> list[Move]:
        """What may happen next."""
        if self._mode in ("paused", "ended"):
            return [self._annotate, self._resume]
        moves: list[Move] = [self._aside]
        moves += [lambda ask=ask: self._answer_ask(ask) for ask in self._asks]
        moves += [self._end_service] * len(self._services)
        if self._mode == "thinking":
            return [*moves, *[self._chunk, self._reply] * 4, self._fail]
        if self._mode == "checking":
            return [*moves, self._finish_check]
        calls = [lambda name=name: self._move_call(name) for name in self._calls]
        going_on = [self._request] * 3
        return [*moves, *calls * 4, *going_on, self._finish_up]

    def _request(self) -> None:
        self._step += 1
        self._attempt = 1
        self._mode = "thinking"
        self.write(ModelRequested(step=self._step, model="scripted:test"))

    def _chunk(self) -> None:
        stream = self.pick(_STREAMS)
        self.write(ModelChunk(kind=stream, text=self.pick(_TEXTS)))

    def _fail(self) -> None:
        again = self.pick([True, False])
        wait = 1.0 if again else None
        self.write(ModelFailed(step=self._step, attempt=self._attempt, error="lost", wait_s=wait))
        if not again:
            self._mode = "idle"
            return
        self._attempt += 1
        self.write(ModelRequested(step=self._step, attempt=self._attempt, model="scripted:test"))

    def _reply(self) -> None:
        names = [f"c{self._named + n}" for n in range(self.random.randint(0, 3))]
        self._named += len(names)
        blocks = (TextBlock(text="so"), *(CallBlock(call_id=name) for name in names))
        cost = self.pick([None, 0.01])
        usage = Usage(input=self.random.randint(0, 999), output=7)
        stop = "tool_use" if names else "end_turn"
        self.write(
            ModelReplied(step=self._step, blocks=blocks, stop=stop, usage=usage, cost_usd=cost)
        )
        for name in names:
            args = self.pick(_OBJECTS)
            self.write(CallProposed(call_id=name, step=self._step, tool="shell", args=args))
            self._calls[name] = CallStatus.PROPOSED
        self._mode = "idle"

    def _move_call(self, name: str) -> None:
        match self._calls[name]:
            case CallStatus.WAITING:
                self._answer(name)
            case CallStatus.APPROVED:
                self.pick([self._start, self._start, self._ask_for])(name)
            case CallStatus.RUNNING:
                self.pick([self._say, self._finish, self._lose])(name)
            case CallStatus.UNKNOWN:
                self._settle(CallFinished(call_id=name, ok=True, output="done", by="human"))
            case _ if name in self._allowed:
                self._start(name)
            case _:
                self.pick([self._judge, self._judge, self._refuse])(name)

    def _judge(self, name: str) -> None:
        verdict = self.pick([*Decision])
        category = self.pick([*Category])
        self.write(
            CallJudged(call_id=name, verdict=verdict, category=category, level=3, rule="level 3")
        )
        if verdict is Decision.ALLOW:
            self._allowed.add(name)
        elif verdict is Decision.DENY:
            self._settle(CallAnswered(call_id=name, answer="denied", by="rule", reason="floor"))
        else:
            self._ask_for(name)

    def _refuse(self, name: str) -> None:
        self._settle(CallFinished(call_id=name, ok=False, output="no such tool", by="harness"))

    def _ask_for(self, name: str) -> None:
        again = "it changed" if self._calls[name] is CallStatus.APPROVED else ""
        self.write(CallAsked(call_id=name, binding=self.pick(_TEXTS), again=again))
        self._calls[name] = CallStatus.WAITING

    def _answer(self, name: str) -> None:
        answer = self.pick(_ANSWERS)
        voice = self.pick(_VOICES)
        args = self.pick([None, *_OBJECTS]) if answer == "approved" else None
        event = CallAnswered(call_id=name, answer=answer, by=voice, args=args)
        if answer == "approved":
            self.write(event)
            self._calls[name] = CallStatus.APPROVED
        else:
            self._settle(event)

    def _start(self, name: str) -> None:
        self.write(CallStarted(call_id=name))
        self._calls[name] = CallStatus.RUNNING

    def _say(self, name: str) -> None:
        self.write(CallOutput(call_id=name, text=self.pick(_TEXTS)))

    def _finish(self, name: str) -> None:
        ok = self.pick([True, False])
        left = self.pick([None, f"of-{name}"]) if ok else None
        text, code = self.pick(_TEXTS), None if left else 1 - ok
        self._settle(CallFinished(call_id=name, ok=ok, output=text, exit_code=code, service=left))
        self._services += [left] if left else []

    def _end_service(self) -> None:
        name = self._services.pop()
        self.write(ServiceEnded(service=name, why="itself", exit_code=1, output="no port"))

    def _lose(self, name: str) -> None:
        self.write(CallUnknown(call_id=name, reason="power cut"))
        self._calls[name] = CallStatus.UNKNOWN

    def _settle(self, event: CallAnswered | CallFinished) -> None:
        self.write(event)
        del self._calls[event.call_id]

    def _aside(self) -> None:
        self.pick([self._annotate, self._interlude, self._interlude, self._pause, self._ask])()

    def _finish_up(self) -> None:
        self.pick([self._start_check, self._start_check, self._end])()

    def _annotate(self) -> None:
        at = self.random.randint(1, len(self.records))
        self.write(self.pick([NoteAdded(at=at, text="!"), BookmarkAdded(at=at)]))

    def _interlude(self) -> None:
        self.write(self.pick(_INTERLUDES))

    def _ask(self) -> None:
        self._named += 1
        self._asks.append(f"a{self._named}")
        self.write(HumanCalled(ask_id=self._asks[-1], kind="question", text="which?"))

    def _answer_ask(self, ask: str) -> None:
        limits = self.pick([None, Limits(steps=99)])
        self.write(HumanAnswered(ask_id=ask, answer="raise", limits=limits))
        self._asks.remove(ask)

    def _pause(self) -> None:
        self.write(SessionPaused(reason=self.pick(_PAUSES)))
        self._mode = "paused"

    def _resume(self) -> None:
        new = self.pick([True, False])
        if new:
            self._mono = self.random.randint(0, 10**9)
        self.write(SessionResumed(new_process=new))
        self._mode = "idle"
        if new:
            for name in [name for name, now in self._calls.items() if now is CallStatus.RUNNING]:
                self._lose(name)

    def _start_check(self) -> None:
        self._tries += 1
        self.write(CheckStarted(attempt=self._tries, command="make check"))
        self._mode = "checking"

    def _finish_check(self) -> None:
        ok = self.pick([True, False])
        self.write(CheckFinished(attempt=self._tries, ok=ok, exit_code=1 - ok, output="3 passed"))
        self._mode = "idle"

    def _end(self) -> None:
        while self._services:
            self._end_service()
        self.write(SessionEnded(outcome=self.pick(_OUTCOMES)))
        self._asks.clear()
        self._mode = "ended"
