"""A whole run in memory that dies at a chosen moment, as a process does: nothing after it happens.

The moments are named: `before call_started` and `after call_started` are about the commit of an
event, `the tool begins`, `the tool has acted`, `the model is asked`, `the model speaks` about what
is outside of the log.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence

from loopdeck.harness.ending import Ending
from loopdeck.harness.setting import OnUnknown
from loopdeck.journal.memory import MemoryJournal
from loopdeck.models.history import message_of
from loopdeck.ports import Action, Delta, ModelRequest, Reply, ToolContext, ToolResult
from loopdeck.session.commands import Answer, Approve, Command
from loopdeck.session.events import CallAsked, CallProposed, HumanCalled
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import JsonObject
from tests.chaos.promises import repeated
from tests.support.api_rules import objections
from tests.support.models import WrittenModel, calls, says
from tests.support.rig import SESSION, Rig
from tests.support.toolbox import FakeAction, FakeToolbox

Ends = Callable[[str], bool]
Task = tuple[str, str]  # the tool and the key that it acts on


class Died(BaseException):
    """The process is gone: no code of ours may catch it."""


class Fate:
    """Ends the process at a moment; everybody in it meets their end from then on."""

    def __init__(self, ends: Ends) -> None:
        self.dead = False
        self.met: list[str] = []
        self._ends = ends

    def meet(self, moment: str) -> None:
        """Live through a moment, or not. Raises `Died`."""
        if not self.dead:
            self.met.append(moment)
            self.dead = self._ends(moment)
        if self.dead:
            raise Died


class MortalJournal(MemoryJournal):
    """Keeps what was committed before the end."""

    fate: Fate

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write, unless the end comes first."""
        for record in records:
            self.fate.meet(f"before {record.event.type}")
        await super().append(records, state, durable=durable)
        for record in records:
            self.fate.meet(f"after {record.event.type}")


class MortalBox(FakeToolbox):
    """What its tools did stays done; `ran` is the ledger."""

    fate: Fate

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """A call that can be cut off."""
        super().prepare(tool, args)
        return MortalAction(self, tool, args)


class MortalAction(FakeAction):
    """Acts between two moments."""

    box: MortalBox

    async def run(self, context: ToolContext) -> ToolResult:
        """Do it, if there is anybody to do it."""
        self.box.fate.meet("the tool begins")
        result = await super().run(context)
        self.box.fate.meet("the tool has acted")
        return result

    async def _act(self, context: ToolContext) -> ToolResult:
        if self.box.fate.dead:
            raise Died
        return await super()._act(context)


class MortalModel(WrittenModel):
    """Asks for the tasks of the first step that is not done, as the ledger says; then ends."""

    name = "written:mortal"

    def __init__(self, steps: Sequence[Sequence[Task]], box: MortalBox) -> None:
        super().__init__(())
        self.refused: list[str] = []
        self.asked = 0
        self._tasks = steps
        self._box = box

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        """The next reply."""
        self.asked += 1
        messages = [message_of(turn) for turn in request.turns]
        self.refused += objections({"model": "m", "max_tokens": 1, "messages": messages})
        self._box.fate.meet("the model is asked")
        yield Delta("text", "The next tasks.")
        self._box.fate.meet("the model speaks")
        yield self._reply()

    def _reply(self) -> Reply:
        for step in self._tasks:
            left = [task for task in step if " ".join(task) not in self._box.ran]
            if left:
                return calls(*(self._use(at, *task) for at, task in enumerate(left)))
        return says("All done.")

    def _use(self, at: int, tool: str, key: str) -> tuple[str, str, JsonObject]:
        return f"c{self.asked}-{at}", tool, {"key": key, "value": f"by {self.asked}"}


class Mortal:
    """One session over many lives."""

    def __init__(self, steps: Sequence[Sequence[Task]]) -> None:
        self.box = MortalBox()
        self.box.files |= {key: "there" for step in steps for _, key in step}
        self.model = MortalModel(steps, self.box)
        self.fate = Fate(lambda _: False)
        self.steps = steps
        self.lives = 0
        self.sees_undone = "not done"  # what is said of a call that did nothing
        self._records: list[Record] = []

    async def live(self, ends: Ends, *, on_unknown: OnUnknown = "tell") -> Ending | None:
        """Run or go on until the end; `None` where it died."""
        rig = Rig((), human=self._human, box=self.box)
        journal = MortalJournal.of(self._records) if self._records else MortalJournal()
        self.fate = journal.fate = self.box.fate = Fate(ends)
        rig.journal, rig.model = journal, self.model
        self.lives += 1
        going_on = bool(self._records)
        mail = self._pending() if going_on else ()
        run = rig.resume(mail=mail, on_unknown=on_unknown) if going_on else rig.run()
        try:
            return await run
        except Died:
            return None
        finally:
            self._records = await journal.read(SESSION, limit=100_000) if self._any(journal) else []

    @property
    def records(self) -> list[Record]:
        """What is on disk."""
        return list(self._records)

    def wrong(self) -> list[str]:
        """Every promise that was broken."""
        twice = [each for each, count in Counter(self._acts()).items() if count > 1]
        twice += repeated(record.event for record in self._records)
        return [
            *problems(self._records),
            *self.model.refused,
            *(f"twice: {each}" for each in twice),
        ]

    def undone(self) -> list[str]:
        """The tasks that are not done."""
        return [
            " ".join(task)
            for step in self.steps
            for task in step
            if " ".join(task) not in self.box.ran
        ]

    def _acts(self) -> list[str]:
        """What was done and may not be done twice: a look may."""
        return [each for each in self.box.ran if not each.startswith("look")]

    def _any(self, journal: MortalJournal) -> bool:
        return any(moment.startswith("after ") for moment in self.fate.met) or bool(self._records)

    def _pending(self) -> list[Command]:
        """What a human says to all that waits, coming back to it."""
        state = project(self._records)
        asks: list[Command] = [
            Answer(ask_id=ask.ask_id, answer=self._truth(ask.call_id)) for ask in state.asks
        ]
        return [
            *asks,
            *(Approve(call_id=call.call_id, binding=call.binding) for call in state.waiting),
        ]

    def _human(self, record: Record) -> Command | None:
        match record.event:
            case CallAsked() as asked:
                return Approve(call_id=asked.call_id, binding=asked.binding)
            case HumanCalled() as called:
                return Answer(ask_id=called.ask_id, answer=self._truth(called.call_id))
            case _:
                return None

    def _truth(self, call_id: str | None) -> str:
        """Whether a call took effect: its human has looked."""
        for record in self._records:
            if isinstance(record.event, CallProposed) and record.event.call_id == call_id:
                act = f"{record.event.tool} {record.event.args['key']}"
                return "done" if act in self.box.ran else self.sees_undone
        return "tell the model"
