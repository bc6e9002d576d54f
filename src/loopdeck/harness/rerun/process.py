"""One process of a recorded session, run again: its harness among things that only play."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.loop import Harness
from loopdeck.harness.opening import Terms, begin, reopen
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.rerun.cues import Said
from loopdeck.harness.rerun.manner import on_ask, on_unknown
from loopdeck.harness.rerun.model import TapeModel
from loopdeck.harness.rerun.prompter import Divergence, Prompter
from loopdeck.harness.rerun.prompts import Told
from loopdeck.harness.rerun.secrecy import Masks, unmasked
from loopdeck.harness.rerun.services import TapeServices
from loopdeck.harness.rerun.tape import Chapter
from loopdeck.harness.rerun.tools import TapeToolbox
from loopdeck.harness.setting import SandboxFound, Setting
from loopdeck.harness.spooling import Spooling
from loopdeck.ports import Journal, ToolSpec
from loopdeck.session.commands import Answer, Approve, Command, Say
from loopdeck.session.events import (
    HumanMessage,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record

RESTS = 50  # turns of the event loop in which nothing happens: nobody is at work any more


@dataclass(frozen=True, slots=True)
class Props:
    """What a re-run is given: an empty journal that ends with it, the tools of today, places.

    `home` is what `~` means in rules, `own` are folders that only Loopdeck may write to.
    """

    journal: Callable[[Sequence[Record]], Journal]
    specs: Sequence[ToolSpec]
    home: Path | None = None
    own: tuple[Path, ...] = ()


class TapeClock:
    """Shows the recorded time of what comes next; nobody waits."""

    def __init__(self, prompter: Prompter) -> None:
        self._prompter = prompter

    def wall(self) -> int:
        """UTC nanoseconds."""
        return self._record().ts

    def mono(self) -> int:
        """Monotonic nanoseconds."""
        return self._record().mono

    async def sleep(self, seconds: float) -> None:
        """Return as soon as nothing from outside comes first."""
        await asyncio.sleep(0)
        await self._prompter.undisturbed()

    def _record(self) -> Record:
        records = self._prompter.tape.records
        return records[min(self._prompter.position, len(records) - 1)]


class Process:
    """One process that works on the session, from its first event to its last."""

    def __init__(self, prompter: Prompter, chapter: Chapter, props: Props) -> None:
        self._prompter = prompter
        self._chapter = chapter
        self._props = props
        self._tape = prompter.tape
        self._clock = TapeClock(prompter)
        self._inbox = Inbox()
        self._nonce = count(1)

    async def run(self) -> None:
        """To its end, or to where it parts from the tape."""
        self._prompter.open(self._chapter)
        journal = self._props.journal(self._prompter.heard)
        recorder, conversation = await self._begun(journal)
        for record in await journal.read(
            recorder.session, after=len(self._prompter.heard), limit=1_000
        ):
            self._prompter.hear(record)
        recorder.listen(self._prompter.hear)
        harness = self._harness(recorder, conversation)
        main: asyncio.Future[Ending] | None = None

        def say(said: Said) -> None:
            if said is not None:
                self._inbox.put(self._as_it_is_now(said, recorder))
            elif main is not None:
                main.cancel()

        self._prompter.let_speak(say)
        main = asyncio.ensure_future(harness.run())
        await self._watch(main)

    async def _begun(self, journal: Journal) -> tuple[Recorder, Conversation]:
        event = self._tape.event(self._chapter.start)
        session = self._tape.records[0].session
        if isinstance(event, SessionResumed):
            after = self._tape.event(self._chapter.start + 1)
            known = bool(event.grants) or isinstance(after, RuleRevoked)
            return await reopen(
                journal,
                self._clock,
                session,
                limits=event.limits,
                rules=event.rules,
                grants=event.grants if known else None,
                redactor=Masks(),
                fork=event.fork,
                imported=len(self._prompter.heard) if event.foreign else 0,
            )
        if not isinstance(event, SessionStarted):
            raise ValueError("a recording begins with session_started")
        return await begin(journal, self._clock, session, _terms(event), redactor=Masks())

    def _harness(self, recorder: Recorder, conversation: Conversation) -> Harness:
        chapter = self._tape.records[self._chapter.start : self._chapter.end]
        events = [record.event for record in chapter]
        tried = next((event for event in events if isinstance(event, SandboxChecked)), None)

        def checking() -> bool:
            check = recorder.state.check
            return check is not None and check.status == "running"

        return Harness(
            recorder=recorder,
            conversation=conversation,
            model=TapeModel(self._prompter, Told(self._tape)),
            inbox=self._inbox,
            setting=Setting(
                toolbox=TapeToolbox(self._prompter, self._props.specs, checking),
                clock=self._clock,
                spool=Spooling(Path(), 0),
                on_ask=on_ask(events),
                on_unknown=on_unknown(events),
                home=self._props.home,
                own=self._props.own,
                sandbox=tried and SandboxFound(tried.backend, tried.passed, tried.says),
                nonce=lambda: str(next(self._nonce)),
                letters=self._letters,
                services=TapeServices(self._prompter, self._chapter),
                servers=self._servers,
            ),
        )

    def _servers(self) -> Sequence[ServerChecked]:
        """What comes next on the tape of servers, which came from outside."""
        found: list[ServerChecked] = []
        for place in range(self._prompter.upcoming, self._chapter.end):
            event = self._tape.event(place)
            if not isinstance(event, ServerChecked):
                break
            found.append(event)
        return found

    async def _letters(self) -> Sequence[Say]:
        """The messages that come next on the tape are said before the harness goes on."""
        await self._prompter.undisturbed(by=HumanMessage)
        return ()

    def _as_it_is_now(self, command: Command, recorder: Recorder) -> Command:
        """The command in the words of this run, which has its own bindings and asks."""
        match command:
            case Approve():
                call = recorder.state.call(command.call_id)
                changes = {
                    "binding": call.binding if call else "",
                    "args": unmasked(command.args),
                }
                return command.model_copy(update=changes)
            case Answer():
                ask_id = self._prompter.asks.get(command.ask_id, command.ask_id)
                return command.model_copy(update={"ask_id": ask_id})
            case _:
                return command

    async def _watch(self, main: asyncio.Future[Ending]) -> None:
        """Wait for its end. Nothing in a re-run takes real time: where it is quiet, it rests."""
        quiet, seen = 0, -1
        while not main.done() and not self._prompter.closed:
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._prompter.turns == seen else 0
            seen = self._prompter.turns
            if quiet > RESTS and not self._prompter.rest():
                break
        if self._prompter.position < self._chapter.end:
            place = self._prompter.position
            self._prompter.part(Divergence(place, self._tape.event(place), None))
        elif not main.done() and not self._chapter.cut:
            await asyncio.wait({main}, timeout=0)
        if not main.done():
            main.cancel()
        await asyncio.gather(main, return_exceptions=True)


def _terms(event: SessionStarted) -> Terms:
    return Terms(
        goal=event.goal,
        model=event.model,
        workspace=event.workspace,
        level=event.level,
        check=event.check,
        limits=event.limits,
        rules=event.rules,
        grants=event.grants,
        initiative=event.initiative,
        app_version=event.app_version,
        instructions=event.instructions,
        parent=event.parent,
    )
