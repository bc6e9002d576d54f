"""Runs an agent without a screen: records on stdout, words for people on stderr."""

import argparse
import asyncio
import sys
from collections.abc import Callable

from loopdeck.cli.config import Settings
from loopdeck.cli.console import one_line, printable, printable_json, tell
from loopdeck.cli.folding import PAGE
from loopdeck.cli.places import Places, log_to_file
from loopdeck.cli.prose import Calls, sentence
from loopdeck.cli.runs.raising import with_way_on
from loopdeck.cli.runs.starting import begin_run, need_goal, open_workshop
from loopdeck.cli.runs.watching import checking, early_signals, watch
from loopdeck.cli.work.run import Manner
from loopdeck.errors import LoopdeckError
from loopdeck.harness.ending import Ending
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports import Journal
from loopdeck.session.codec import dump_record
from loopdeck.session.events import CheckFinished, CheckStarted, ModelReplied, SessionEnded
from loopdeck.session.records import Record

EXIT_CODES = {"done": 0, "failed": 1, "paused": 1, "limit": 3, "waiting": 4, "stopped": 5}
BLINK_S = 0.1

Show = Callable[[Record], None]


async def run_headless(args: argparse.Namespace, spots: Places, settings: Settings) -> int:
    """The whole command; returns its exit code."""
    need_goal(args)
    log_to_file(args)
    pace = args.pace or 0.0
    manner = Manner(args.on_ask, args.on_unknown, pace)
    async with (
        open_workshop(spots, settings) as workshop,
        checking(workshop.journal.path),
        early_signals() as early,
    ):
        run = await begin_run(workshop, args, manner)
        after, calls = await _before(workshop.journal, run.session)
        workshop.patience.listen(tell_waiting)
        if args.json:  # else it is told with the events
            run.servers.listen(tell)
        for notice in run.notices:
            tell(notice)
        prose = _Prose(calls)
        tail = _Tail(workshop.journal, run.session, after, _as_json if args.json else prose.take)
        try:
            ending = await watch(run, tail.follow(), early=early)
        finally:
            await tail.catch_up()
            prose.close()
        if isinstance(ending, Ending):
            ending = await with_way_on(ending, workshop.journal, run.session)
    return report(run.session, ending, result=not args.json)


def tell_waiting(obstacle: LoopdeckError | None) -> None:
    """Say why nothing happens, and that it goes on."""
    if obstacle is None:
        tell("The log is written again: it goes on where it was.")
    else:
        tell(f"{obstacle} Nothing runs until the log can be written.", obstacle.hint)


def report(session: str, ending: Ending | int | None, *, result: bool) -> int:
    """The last words, with the `result` on stdout; returns the exit code."""
    if ending is None:
        tell(f"session {session} is paused.", f"loopdeck resume {session} goes on with it.")
        return EXIT_CODES["stopped"]
    if isinstance(ending, int):
        tell(
            f"session {session} is paused: it got signal {ending}.",
            f"loopdeck resume {session} goes on with it.",
        )
        return 128 + ending
    _last_words(session, ending, result=result)
    return EXIT_CODES[ending.outcome]


async def _before(journal: SqliteJournal, session: str) -> tuple[int, Calls]:
    """What this process did not write itself is not shown again; its calls keep their numbers."""
    marks = await journal.marks(session)
    after = max((mark.seq - 1 for mark in marks if mark.type == "session_resumed"), default=0)
    proposed = (m.ref for m in marks if m.type == "call_proposed" and m.ref and m.seq <= after)
    return after, Calls(proposed)


class _Tail:
    """Prints a session's records as they are written."""

    def __init__(self, journal: Journal, session: str, after: int, show: Show) -> None:
        self._journal = journal
        self._session = session
        self._after = after
        self._show = show

    async def follow(self) -> None:
        """Print what is written, for ever; what comes in one blink is read in one go."""
        while True:
            await self._journal.wait(self._session, self._after)
            await self.catch_up()
            await asyncio.sleep(BLINK_S)

    async def catch_up(self) -> None:
        """Print everything that is there."""
        while records := await self._journal.read(self._session, after=self._after, limit=PAGE):
            for record in records:
                self._after = record.seq
                self._show(record)
            sys.stdout.flush()
            if len(records) < PAGE:
                return


def _as_json(record: Record) -> None:
    print(printable_json(dump_record(record)))


class _Prose:
    """Prints lines for people. What may be the last reply waits for what comes after it.

    If the run is done with it, it is the result, and that is printed elsewhere.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._reply = ""

    def take(self, record: Record) -> None:
        """Print a record's line."""
        event, words = record.event, sentence(record.event, self._calls)
        if isinstance(event, SessionEnded) and event.outcome == "done":
            self._reply = ""
        checks = isinstance(event, CheckStarted) or (isinstance(event, CheckFinished) and event.ok)
        if words and not checks:
            self.close()
        if isinstance(event, ModelReplied) and event.stop != "tool_use":
            self._reply = words
        elif words:
            print(one_line(words), file=sys.stderr)

    def close(self) -> None:
        """Print what still waits."""
        if self._reply:
            print(one_line(self._reply), file=sys.stderr)
        self._reply = ""


def _last_words(session: str, ending: Ending, *, result: bool) -> None:
    """The result on stdout, the next step on stderr."""
    if ending.outcome == "done":
        if result:
            print(printable(ending.text))
        tell(f"session {session} is done, {ending.verified}.", f"loopdeck replay {session}")
    elif ending.outcome == "waiting":
        tell(
            f"session {session} waits for you. {ending.text}",
            f"loopdeck approvals list, then loopdeck resume {session}",
        )
    elif ending.outcome == "paused":
        hint = f"{ending.hint} `loopdeck resume {session}` goes on with it.".strip()
        tell(f"session {session} is paused: {ending.text}", hint)
    else:
        hint = ending.hint or f"loopdeck resume {session} goes on with it."
        tell(f"session {session}: {ending.text}", hint)
