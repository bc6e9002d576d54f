"""`loopdeck fork`, and forks from the deck: a session's beginning goes on as another session."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import cast

from loopdeck.cli.places import Places
from loopdeck.cli.policy.adding import confirmed
from loopdeck.cli.sessions.sources import check_moment, held
from loopdeck.cli.wiring import Workshop, new_session_id
from loopdeck.cli.work.run import Manner, Run
from loopdeck.errors import ToolError, UsageError
from loopdeck.harness.forking import Fork, forked, forked_at_call
from loopdeck.journal.jsonl import export_records, import_records
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports import Branch, Journal
from loopdeck.session.commands import Say
from loopdeck.session.events import CallProposed, ModelRequested
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject, Limits, Rule


async def begin_fork(
    workshop: Workshop,
    args: argparse.Namespace,
    manner: Manner,
    limits: Limits | None,
    rules: list[Rule],
) -> Run:
    """The fork the command line asks for."""
    journal, session = await held(workshop.journal, args.session)
    branch = await _branch(journal, session, args)
    return await fork(workshop, journal, session, branch, manner, limits=limits, rules=rules)


async def fork(
    workshop: Workshop,
    journal: Journal,
    session: str,
    branch: Branch,
    manner: Manner,
    *,
    limits: Limits | None = None,
    rules: list[Rule] | None = None,
) -> Run:
    """A new session in the workshop's library, ready to work; `journal` has its parent."""
    records = [record async for record in export_records(journal, session)]
    made = _made(records, branch, new_session_id(), workshop.clock.wall())
    theirs = await _imported(workshop.journal, journal, session, made)
    await import_records(workshop.journal, made.records, imported=theirs)
    new = made.records[0].session
    try:
        run = await workshop.resume(new, manner, limits=limits, rules=rules or (), fork=True)
    except BaseException:
        await workshop.journal.delete(new)  # nothing has come of it
        raise
    if made.message:
        run.inbox.put(Say(text=made.message))
    return run


async def _imported(library: SqliteJournal, journal: Journal, session: str, made: Fork) -> int:
    """How much of a fork was written elsewhere: all, where its parent is a file."""
    upto = await library.imported(session) if library is journal else len(made.records)
    return min(upto, len(made.records))


def _made(records: list[Record], branch: Branch, session: str, now: int) -> Fork:
    if branch.args is not None:
        return forked_at_call(
            records, branch.call_id, session, branch.args, now, message=branch.message
        )
    return forked(records, branch.at, session, message=branch.message)


async def _branch(journal: Journal, session: str, args: argparse.Namespace) -> Branch:
    at = args.at or await journal.head(session)
    if args.args is None:
        return Branch(at, message=args.message or "")
    found = await journal.pick(session, [at])
    call_id = getattr(found[at].event, "call_id", None) if at in found else None
    if not call_id:
        raise UsageError(
            f"#{at} is no event of a call, so it has no arguments.",
            "Name one with --at: `loopdeck sessions show` numbers them.",
        )
    given = _object(args.args)
    await _check_args(journal, session, call_id, given)
    return Branch(at, message=args.message or "", call_id=call_id, args=given)


async def _check_args(journal: Journal, session: str, call_id: str, given: JsonObject) -> None:
    """Raise `UsageError` for arguments that a built-in tool does not take, and say whose they are.

    What an MCP server takes is known once it runs: the fork hears of it then.
    """
    from loopdeck.tools.registry import BuiltinToolbox, schema_of_builtin  # an agent needs it too

    calls = await _calls_beside(journal, session, call_id)
    meant = ((at, one.tool) for at, one in calls if one.call_id == call_id)
    seq, tool = next(meant, (0, ""))
    if schema_of_builtin(tool) is None:
        return
    try:
        BuiltinToolbox(Path.cwd(), ahead=True).prepare(tool, given)
    except ToolError as error:
        named = ", ".join(f"#{at} {one.tool}" for at, one in calls)
        also = f"The calls of this step are {named}: name one with --at." if calls[1:] else ""
        raise UsageError(f"The arguments are for the call #{seq}. {error}", also) from error


async def _calls_beside(
    journal: Journal, session: str, call_id: str
) -> list[tuple[int, CallProposed]]:
    """The calls of the step that this one is of, itself among them, with their numbers."""
    calls: list[tuple[int, CallProposed]] = []
    async for record in export_records(journal, session):
        if isinstance(record.event, CallProposed):
            calls.append((record.seq, record.event))
        elif isinstance(record.event, ModelRequested):
            if any(one.call_id == call_id for _, one in calls):
                break
            calls = []
    return calls


def _object(text: str) -> JsonObject:
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise UsageError(
            f"The arguments are not JSON: {error}.", "--args '{\"path\": …}'"
        ) from error
    if not isinstance(value, dict):
        raise UsageError("The arguments are not a JSON object.", "--args '{\"path\": …}'")
    return cast("JsonObject", value)


def make_sure(args: argparse.Namespace, spots: Places) -> None:
    """Nobody forks in the belief that the files go back too. Raises `UsageError` without a yes."""
    if args.yes:
        return
    folder = asyncio.run(_workspace_of(args, spots))
    told = f"The files in {folder} stay as they are now: nothing is taken back."
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(told, "Say --yes if that is what you want.")
    if not confirmed(f"{told} Fork?"):
        raise UsageError("Nothing was forked.")


async def _workspace_of(args: argparse.Namespace, spots: Places) -> str:
    """Raises `UsageError` where there is no such moment: nobody need be asked about it."""
    async with await SqliteJournal.open(spots.database) as library:
        journal, session = await held(library, args.session)
        check_moment(await journal.head(session), args.at)
        return (await journal.lines([session]))[session].workspace
