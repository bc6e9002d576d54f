"""From the words of `run`, `demo` or `resume` to a run that is ready to work."""

import argparse
import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from loopdeck import __version__
from loopdeck.cli.config import Settings
from loopdeck.cli.demo import prepare
from loopdeck.cli.forking import begin_fork
from loopdeck.cli.places import Places, workspace
from loopdeck.cli.policy.given import rules_from
from loopdeck.cli.wiring import Workshop
from loopdeck.cli.work.run import Manner, Run
from loopdeck.errors import UsageError
from loopdeck.harness.opening import Terms
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.models.names import DEFAULT_MODEL
from loopdeck.session.values import Limits, Rule


@contextlib.asynccontextmanager
async def open_workshop(
    spots: Places, settings: Settings, *, to_read: bool = False
) -> AsyncGenerator[Workshop]:
    """The database, open, with what is needed to run agents on it.

    Who comes `to_read` is let in also where nothing can be written; its caveat says so.
    """
    opens = SqliteJournal.open_to_read if to_read else SqliteJournal.open
    journal = await opens(spots.database)
    try:
        yield Workshop(journal, spots, settings)
    finally:
        await journal.close()


async def begin_run(workshop: Workshop, args: argparse.Namespace, manner: Manner) -> Run:
    """Start or take up the session that the command line asks for."""
    settings = workshop.settings
    limits, rules = limits_from(args), rules_from(args, settings)
    if args.command == "resume":
        session = await workshop.journal.find(args.session)
        if args.take_over:
            await _take_over(workshop.journal, session)
        return await workshop.resume(session, manner, limits=limits, rules=rules)
    if args.command == "fork":
        return await begin_fork(workshop, args, manner, limits, rules)
    if args.command == "demo":
        demo = prepare(args.name)
        folder, goal, check, model = demo.workspace, demo.goal, demo.check, demo.model
        model = args.model or model
    else:
        folder, goal, check = workspace(args.workspace), args.goal or "", args.check
        model = args.model or settings.model or DEFAULT_MODEL
    terms = terms_for(
        goal,
        settings,
        Path(folder),
        model=model,
        level=args.level,
        check=check,
        limits=limits or Limits(),
        rules=rules,
    )
    return await workshop.start(terms, manner)


async def _take_over(journal: SqliteJournal, session: str) -> None:
    """Take a session from a process that hangs, with the commands that still run for it."""
    from loopdeck.tools.commands.evicting import end_commands  # most runs take nothing over

    holder = journal.disown(session)
    if holder:
        await asyncio.to_thread(end_commands, holder, session)


def limits_from(args: argparse.Namespace) -> Limits | None:
    """The limits on the command line, if there are any."""
    limits = Limits(
        steps=args.max_steps,
        tokens=args.max_tokens,
        cost_usd=args.max_cost,
        minutes=args.max_minutes,
    )
    return None if limits == Limits() else limits


def need_goal(args: argparse.Namespace) -> None:
    """Raise `UsageError` for a run that nobody gave a goal."""
    if args.command == "run" and not (args.goal or "").strip():
        raise UsageError("The goal is empty.", 'Say what to do: loopdeck run "…"')


def terms_for(
    goal: str,
    settings: Settings,
    folder: Path,
    *,
    model: str,
    level: int | None,
    check: str | None,
    limits: Limits,
    rules: Sequence[Rule],
) -> Terms:
    """Options over settings over defaults."""
    return Terms(
        goal=goal,
        model=model,
        workspace=str(folder),
        level=level if level is not None else settings.level,
        check=check,
        limits=settings.limits.model_copy(update=limits.model_dump(exclude_none=True)),
        rules=tuple(rules),
        app_version=__version__,
    )
