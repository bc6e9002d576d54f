"""`loopdeck sessions`: the library without a screen."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from loopdeck.cli.config import load_settings
from loopdeck.cli.console import one_line, printable_json, tell
from loopdeck.cli.folding import PAGE
from loopdeck.cli.places import Places, check_home, places
from loopdeck.cli.prose import Calls, sentence
from loopdeck.cli.reading import open_to_read
from loopdeck.cli.sessions.search import search
from loopdeck.cli.sessions.shelf import archive, delete, list_archive, rename, restore, tag
from loopdeck.cli.sessions.sources import held
from loopdeck.cli.shipped import recordings
from loopdeck.errors import UnknownSession
from loopdeck.figures import money
from loopdeck.journal.jsonl import Store
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import dump_record, format_ts
from loopdeck.session.family import family
from loopdeck.session.records import Record
from loopdeck.session.summary import Summary

Verb = Callable[[SqliteJournal, argparse.Namespace], Awaitable[int]]


def main(args: argparse.Namespace) -> int:
    """Run one verb."""
    return asyncio.run(_main(args))


async def _main(args: argparse.Namespace) -> int:
    path = _where(args).database
    if args.verb in READERS | {"salvage"} and not path.exists():
        return await _without_database(args)
    if args.verb == "salvage":
        from loopdeck.cli.sessions.care import salvage  # the other verbs need none of it

        return await salvage(path, args)
    opened = open_to_read(path) if args.verb in READERS else await SqliteJournal.open(path)
    async with opened as journal:
        return await VERBS[args.verb](journal, args)


def _where(args: argparse.Namespace) -> Places:
    """The paths, once the config file holds what it may: what is wrong there is said at once."""
    spots = places(args)
    load_settings(spots.config, named=args.config is not None)
    return spots


async def _without_database(args: argparse.Namespace) -> int:
    """What came with Loopdeck can be read before there is a session."""
    if args.verb in SHIPPED and args.session in recordings() and not args.db:
        return await SHIPPED[args.verb](MemoryJournal(), args)
    return _nothing_yet(args)


def _nothing_yet(args: argparse.Namespace) -> int:
    """There is no database yet: an empty list, and no session of any name."""
    check_home(places(args).state)
    hint = "`loopdeck demo` makes one, without a key."
    if getattr(args, "session", None):
        raise UnknownSession("There are no sessions yet.", hint)
    if not args.json:
        tell("There are no sessions yet.", hint)
    return 0


async def _list(journal: SqliteJournal, args: argparse.Namespace) -> int:
    if args.archived:
        return list_archive(journal, args)
    summaries = await journal.summaries_of(await journal.ids(" ".join(args.words)))
    width = max((len(one.id) for one in summaries), default=0)
    for depth, summary in [(0, one) for one in summaries] if args.json else family(summaries):
        live = journal.is_live(summary.id)
        told = _line(summary, depth, live=live, width=width)
        print(json.dumps(summary.as_json(live=live)) if args.json else told)
    if not summaries and not args.json:
        if args.words:
            tell("No session has these words.", "`loopdeck sessions search` looks inside of them.")
        else:
            tell("There are no sessions yet.", "`loopdeck demo` makes one, without a key.")
    return 0


async def _show(library: Store, args: argparse.Namespace) -> int:
    journal, session = await held(library, args.session)
    if not args.json:
        await _tell_family(journal, session)
    await _each(journal, session, _print_record if args.json else _printer())
    return 0


async def _tell_family(journal: Store, session: str) -> None:
    """Where a fork comes from, and what was forked from a session."""
    summaries = await journal.summaries()
    for summary in summaries:
        if summary.id == session and summary.parent:
            print(f"fork of {summary.parent} at #{summary.parent_seq}")
        elif summary.parent == session:
            print(f"forked at #{summary.parent_seq} as {summary.id}")


async def _export(journal: Store, args: argparse.Namespace) -> int:
    from loopdeck.cli.sessions.exporting import export  # the other verbs need none of it

    return await export(journal, args)


async def _import(journal: SqliteJournal, args: argparse.Namespace) -> int:
    from loopdeck.cli.sessions.importing import bring  # the other verbs need none of it

    print(await bring(journal, Path(args.file)))
    return 0


async def _verify(journal: SqliteJournal, args: argparse.Namespace) -> int:
    from loopdeck.cli.sessions.care import verify  # the other verbs need none of it

    return await verify(journal, args)


async def _each(journal: Store, session: str, use: Callable[[Record], object]) -> None:
    after = 0
    while records := await journal.read(session, after=after, limit=PAGE):
        after = records[-1].seq
        for record in records:
            use(record)


def _print_record(record: Record) -> None:
    print(printable_json(dump_record(record)))


def _printer() -> Callable[[Record], None]:
    """Prints the lines of one session for people, from its first event on."""
    calls = Calls()

    def show(record: Record) -> None:
        words = sentence(record.event, calls)
        if words:
            print(f"{record.seq:>5}  {format_ts(record.ts)[11:19]}  {one_line(words)}")

    return show


def _line(summary: Summary, depth: int, *, live: bool, width: int) -> str:
    cost = money(summary.cost_usd or 0.0, known=summary.cost_is_all)
    state = summary.as_seen(live=live)
    title = " ".join(summary.title.split())[:60]
    if summary.parent:
        indent = "  " * (depth - 1) + "└ " if depth else ""
        title = f"{indent}fork of {summary.parent} at #{summary.parent_seq}: {title}"
    tags = "".join(f"  #{tag}" for tag in summary.label.tags)
    when = format_ts(summary.started)[:16].replace("T", " ")
    steps = f"{summary.steps:>4} step{'' if summary.steps == 1 else 's'}"
    name = f"{summary.id:<{width}}"
    return one_line(f"{name}  {state:<8} {when}  {steps:<10}  {cost:>9}  {title}{tags}")


READERS = frozenset({"list", "show", "search", "export", "verify"})  # need no database of their own
SHIPPED: dict[str, Callable[[Store, argparse.Namespace], Awaitable[int]]] = {
    "show": _show,
    "export": _export,
}
VERBS: dict[str, Verb] = {
    "list": _list,
    "show": _show,
    "search": search,
    "export": _export,
    "import": _import,
    "verify": _verify,
    "delete": delete,
    "rename": rename,
    "tag": tag,
    "archive": archive,
    "restore": restore,
}
