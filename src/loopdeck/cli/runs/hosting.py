"""Begins, resumes and opens sessions for the app, and brings their agents to rest at the end."""

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from loopdeck.cli.forking import fork
from loopdeck.cli.jotting import keep_jot
from loopdeck.cli.places import folder_at, workspace
from loopdeck.cli.queueing import MailQueue
from loopdeck.cli.runs.starting import begin_run, limits_from, rules_from, terms_for
from loopdeck.cli.sessions.importing import records_in
from loopdeck.cli.sessions.sources import check_moment, file_named, unknown
from loopdeck.cli.sinks import HandedOn, MailSink, ReadOnlySink
from loopdeck.cli.wiring import Workshop
from loopdeck.cli.work.run import Manner, Run
from loopdeck.errors import UnknownSession
from loopdeck.journal.jsonl import Store, check_recording
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.models.names import DEFAULT_MODEL
from loopdeck.permissions.learning.past import past_calls
from loopdeck.ports import Branch, CommandSink, Journal, Means, Opened
from loopdeck.ports.host import no_schema
from loopdeck.ports.servers import Resource
from loopdeck.ports.wish import ModelOffer, Wish
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import JsonObject, Limits

DEMO_PACE = 1.0


def schema_of(tool: str) -> JsonObject:
    """What a tool takes, as JSON schema; nothing for one that is not built in."""
    from loopdeck.tools.registry import schema_of_builtin  # an agent here has loaded it already

    return schema_of_builtin(tool) or no_schema(tool)


class DeckHost:
    """The `Host` of the deck. `runs` are the agents that work in this process."""

    def __init__(self, workshop: Workshop, args: argparse.Namespace) -> None:
        self.runs: list[Run] = []
        self._beginning: set[asyncio.Task[Run]] = set()
        self._workshop = workshop
        self._args = args
        pace = DEMO_PACE if args.pace is None else args.pace
        self._manner = Manner("wait", args.on_unknown, pace)

    async def begin(self) -> Opened:
        """The session that the command line asks for, with its agent."""
        return await self._begun(begin_run(self._workshop, self._args, self._manner))

    async def wish(self) -> Wish:
        """As the command line says, as it was chosen for this folder, as it is configured."""
        args, settings = self._args, self._workshop.settings
        folder = str(folder_at(args.workspace))  # one that will not do is refused at the start
        kept = self._workshop.wishes.recall(folder)
        given = limits_from(args) or Limits()
        before = kept.limits if kept else settings.limits
        return Wish(
            model=args.model or (kept and kept.model) or settings.model or DEFAULT_MODEL,
            level=args.level or (kept and kept.level) or settings.level,
            workspace=folder,
            check=args.check or (kept.check if kept else ""),
            limits=before.model_copy(update=given.model_dump(exclude_none=True)),
        )

    async def models(self, *, ask: bool) -> tuple[Sequence[ModelOffer], Sequence[str]]:
        """The models of the config, of earlier choices, and of the servers if they are asked."""
        from loopdeck.cli.models import offered  # it loads what asks servers

        workshop = self._workshop
        named = (await self.wish()).model, *workshop.wishes.models()
        return await offered(workshop.settings, named, os.environ, ask=ask)

    async def resources(self) -> Sequence[Resource]:
        """What the configured MCP servers had to read; nothing is started for it."""
        return await asyncio.to_thread(self._workshop.roster.noted)

    async def start(self, goal: str, wish: Wish | None = None) -> Opened:
        """A new session; what was chosen for it is remembered for its folder."""
        args, settings = self._args, self._workshop.settings
        chosen = wish or await self.wish()
        folder = workspace(chosen.workspace)
        terms = terms_for(
            goal,
            settings,
            folder,
            model=chosen.model,
            level=chosen.level,
            check=chosen.check or None,
            limits=Limits(),
            rules=rules_from(args, settings),
        )
        opened = await self._begun(
            self._workshop.start(replace(terms, limits=chosen.limits), self._manner)
        )
        if wish is not None:
            self._workshop.wishes.keep(wish.model_copy(update={"workspace": str(folder)}))
        return opened

    async def resume(self, session: str) -> Opened:
        """Go on with a session."""
        return await self._begun(self._workshop.resume(session, self._manner))

    async def open(self, session: str, at: int | None = None) -> Opened:
        """Watch a session that runs elsewhere, or replay one that is over."""
        journal = self._workshop.journal
        is_live = partial(journal.is_live, session)
        opened = self._of_ours(session, MailSink(journal, session, is_live))
        return replace(opened, position=at, holder=partial(_holder, journal, session))

    async def replay(self, name: str, at: int | None) -> Opened:
        """A recording: a file, one that came with Loopdeck, or a session of the database."""
        path = file_named(name)
        if path is not None:
            records, _ = records_in(path)
            session = check_recording(records)
            kept = MemoryJournal.of(records)
            at = await _place(kept, session, at)
            forks = partial(self._fork, kept, session)
            means = Means(fork=forks, export=self._exporter(kept, session))
            return Opened(session, kept, ReadOnlySink(), at, means=means)
        try:
            session = await self._workshop.journal.find(name)
        except UnknownSession as error:
            raise unknown(error) from error
        return await self.open(session, await _place(self._workshop.journal, session, at))

    async def settle(self) -> None:
        """Let begin what was asked for: its session may be on record, and be nobody's yet."""
        await asyncio.gather(*self._beginning, return_exceptions=True)

    async def close(self) -> None:
        """Bring every agent of this process to rest; what they did stays on record."""
        await self.settle()
        for run in self.runs:
            await run.halt()

    def _exporter(self, journal: Store, session: str) -> Callable[[str], Awaitable[str]]:
        async def export(form: str) -> str:
            from loopdeck.cli.sessions.exporting import (
                export_here,  # with its writers, on first use
            )

            return await export_here(journal, self._args, session, form)

        return export

    async def _fork(self, journal: Journal, session: str, branch: Branch) -> Opened:
        return await self._begun(fork(self._workshop, journal, session, branch, self._manner))

    async def _begun(self, beginning: Coroutine[Any, Any, Run]) -> Opened:
        """A run of this process. It is one also for who was cancelled before it was there."""

        async def begin() -> Run:
            run = await beginning
            self.runs.append(run)
            return run

        task = asyncio.ensure_future(begin())
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)
        return self._opened(await asyncio.shield(task))

    def _opened(self, run: Run) -> Opened:
        journal, session = self._workshop.journal, run.session
        taker = partial(_taker, journal, session)
        mail = MailSink(journal, session, partial(journal.is_live, session))
        opened = self._of_ours(session, HandedOn(run.inbox, mail, lambda: taker() != ""))
        means = replace(opened.means, servers=run.servers)
        return replace(opened, work=run.work, holder=taker, bulletin=run.bulletin, means=means)

    def _of_ours(self, session: str, sink: CommandSink) -> Opened:
        """A session of the database, with all that can be done about it."""
        journal = self._workshop.journal
        means = Means(
            past=self._past,
            home=str(Path.home()),
            schema=schema_of,
            fork=partial(self._fork, journal, session),
            jot=partial(keep_jot, self._workshop, session),
            queue=MailQueue(journal, session, lambda: sink.accepts),
            resume=partial(self.resume, session),
            export=self._exporter(journal, session),
        )
        return Opened(session, journal, sink, means=means)

    async def _past(self) -> Sequence[RecordedCall]:
        from loopdeck.permissions.learning.history import History  # with all of the rules' language

        journal = self._workshop.journal
        return History(await past_calls(journal, journal), home=str(Path.home()))


def _holder(journal: SqliteJournal, session: str) -> str:
    number = journal.holder(session)
    return f"process {number}" if number else ""


def _taker(journal: SqliteJournal, session: str) -> str:
    """Who has taken over a session of this process."""
    number = journal.holder(session)
    return f"process {number}" if number.isdecimal() and int(number) != os.getpid() else ""


async def _place(journal: Journal, session: str, at: int | None) -> int | None:
    """Where a replay begins; `None` is the end. Raises `UsageError` for an event there is not."""
    head = await journal.head(session)
    check_moment(head, at)
    return None if at == head else at or 1
