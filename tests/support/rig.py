"""A whole run in memory: written model, fake tools, and a human who answers by a function."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.loop import Harness
from loopdeck.harness.opening import Terms, begin, reopen
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.setting import (
    Aside,
    OnAsk,
    OnUnknown,
    SandboxFound,
    Setting,
    at_once,
    no_evidence,
    no_secrets,
    no_servers,
)
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import GrantBook, Letters, Toolbox, Watch
from loopdeck.ports.services import RunServices
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve, Command
from loopdeck.session.events import CallAsked, Event, ServerChecked
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Limits, Rule
from tests.support.clock import FakeClock
from tests.support.models import Step, WrittenModel
from tests.support.toolbox import FakeToolbox

Human = Callable[[Record], Command | None]
SESSION = "rig00001"


def approves(record: Record) -> Command | None:
    """A human who says yes to everything."""
    if isinstance(record.event, CallAsked):
        return Approve(call_id=record.event.call_id, binding=record.event.binding)
    return None


def nobody(_: Record) -> Command | None:
    """A human who never answers."""
    return None


class Rig:
    """Runs a harness over what a test writes down; keeps the journal for a second run."""

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        human: Human = approves,
        spool: Path = Path("unused"),
        hold: asyncio.Event | None = None,
        box: Toolbox | None = None,
        workspace: str = "/shed",
    ) -> None:
        self.journal = MemoryJournal()
        self.clock = FakeClock()
        self.box = FakeToolbox()
        self.toolbox = box or self.box
        self.workspace = workspace
        self.model = WrittenModel(steps, hold=hold)
        self.inbox = Inbox()
        self.human = human
        self.spool = spool
        self.heard: list[Event] = []
        self.sandbox: SandboxFound | None = None
        self.aside: Aside = at_once
        self.watch: Watch | None = None
        self.secrets_in: Callable[[Sequence[str]], Sequence[str]] = no_secrets
        self.redactor: Redactor | None = None
        self.book: GrantBook | None = None
        self.project: Callable[[], tuple[Rule, ...]] = tuple
        self.evidence: Callable[[CallView], Sequence[str]] = no_evidence
        self.search = False
        self.servers: Callable[[], Sequence[ServerChecked]] = no_servers
        self.services: RunServices | None = None
        self.letters: Letters = lambda: self.journal.collect_queued(SESSION)

    async def run(
        self,
        *,
        level: int = 3,
        on_ask: OnAsk = "wait",
        check: str | None = None,
        limits: Limits | None = None,
        rules: tuple[Rule, ...] = (),
        grants: tuple[Grant, ...] = (),
    ) -> Ending:
        """A new session, to its end."""
        terms = Terms(
            goal="tidy up",
            model=self.model.name,
            workspace=self.workspace,
            level=level,
            check=check,
            limits=limits or Limits(),
            rules=rules,
            grants=grants,
        )
        recorder, conversation = await begin(
            self.journal, self.clock, SESSION, terms, redactor=self.redactor
        )
        return await self._drive(recorder, conversation, on_ask, "park")

    async def resume(
        self,
        *,
        on_ask: OnAsk = "wait",
        on_unknown: OnUnknown = "park",
        limits: Limits | None = None,
        mail: Sequence[Command] = (),
    ) -> Ending:
        """The same session again, as a new process would take it up; `mail` came meanwhile."""
        self.inbox = Inbox()
        for command in mail:
            await self.inbox.send(command)
        recorder, conversation = await reopen(
            self.journal,
            self.clock,
            SESSION,
            limits=limits,
            redactor=self.redactor,
            imported=await self.journal.imported(SESSION),
        )
        return await self._drive(recorder, conversation, on_ask, on_unknown)

    async def _drive(
        self, recorder: Recorder, conversation: Conversation, on_ask: OnAsk, on_unknown: OnUnknown
    ) -> Ending:
        recorder.listen(self._answer)
        harness = Harness(
            recorder=recorder,
            conversation=conversation,
            model=self.model,
            inbox=self.inbox,
            setting=Setting(
                toolbox=self.toolbox,
                clock=self.clock,
                spool=Spooling(self.spool),
                on_ask=on_ask,
                on_unknown=on_unknown,
                sandbox=self.sandbox,
                aside=self.aside,
                watch=self.watch,
                secrets_in=self.secrets_in,
                book=self.book,
                project=self.project,
                letters=self.letters,
                evidence=self.evidence,
                search=self.search,
                servers=self.servers,
                services=self.services,
            ),
        )
        return await asyncio.wait_for(harness.run(), 10)

    def _answer(self, record: Record) -> None:
        self.heard.append(record.event)
        command = self.human(record)
        if command is not None:
            asyncio.ensure_future(self.inbox.send(command))  # noqa: RUF006 - ends at once

    async def rewrite(self, records: Sequence[Record]) -> None:
        """Put another log in the place of this one."""
        self.journal = MemoryJournal.of(records)

    def approval(self, call_id: str) -> Approve:
        """A yes to what was last asked about a call."""
        asked = [event for event in self.heard if isinstance(event, CallAsked)]
        found = [event for event in asked if event.call_id == call_id]
        return Approve(call_id=call_id, binding=found[-1].binding)

    async def records(self) -> list[Record]:
        """Everything that was recorded; it has to be a valid session."""
        records = await self.journal.read(SESSION, limit=10_000)
        assert list(problems(records)) == []
        return records

    async def state(self) -> SessionState:
        """What they fold to."""
        return project(await self.records())

    async def events(self) -> list[Event]:
        """The events alone."""
        return [record.event for record in await self.records()]

    async def types(self) -> list[str]:
        """Their types, in order."""
        return [event.type for event in await self.events()]
