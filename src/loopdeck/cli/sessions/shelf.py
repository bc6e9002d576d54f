"""`loopdeck sessions rename | tag | archive | restore | delete`: what people do to a session."""

import argparse
import json
import sys
from collections.abc import Sequence

from loopdeck.cli.console import one_line, tell
from loopdeck.cli.places import places
from loopdeck.cli.sessions.leftovers import remove_outputs
from loopdeck.errors import LoopdeckError, UnknownSession, UsageError
from loopdeck.journal.archive import Archive, Archived
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import format_ts
from loopdeck.session.labels import label

STOPPED = 5  # the exit code of what its human stopped


async def rename(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Give a session a name, or take it away."""
    (line,) = await journal.summaries_of([await journal.find(args.session)])
    given = label(args.name, line.label.tags)
    await journal.relabel(line.id, given)
    tell(f"session {line.id} is called {given.name}." if given.name else f"{line.id} has no name.")
    return 0


async def tag(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Add tags to a session, or take them away; prints those it has."""
    (line,) = await journal.summaries_of([await journal.find(args.session)])
    asked = label("", args.tags).tags
    if args.remove:
        gone = {one.casefold() for one in asked}
        kept = tuple(one for one in line.label.tags if one.casefold() not in gone)
    else:
        kept = (*line.label.tags, *asked)
    given = label(line.label.name, kept)
    if given != line.label:
        await journal.relabel(line.id, given)
    if given.tags:
        print(one_line(" ".join(f"#{one}" for one in given.tags)))
    else:
        tell(f"session {line.id} has no tags.")
    return 0


async def archive(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Put sessions away."""
    for name in args.sessions:
        session = await _at_rest(journal, name)
        path = await Archive(journal, journal.path).put_away(session)
        tell(f"session {session} is in {path}.", f"loopdeck sessions restore {session}")
    return 0


async def restore(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Bring sessions back from the archive."""
    for name in args.sessions:
        print(await Archive(journal, journal.path).restore(name))
    return 0


async def delete(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Ask, then put each session away; `--for-good` removes it from everywhere.

    They are found before anything is done, so that a wrong name deletes nothing.
    """
    kept = Archive(journal, journal.path)
    if args.for_good:
        everywhere = [await _anywhere(journal, kept, name) for name in args.sessions]
        codes = [await _delete_for_good(journal, session, args) for session in _once(everywhere)]
    else:
        here = [await _at_rest(journal, name) for name in args.sessions]
        codes = [await _delete(journal, session, args) for session in _once(here)]
    return max(codes)


def _once(names: Sequence[str]) -> list[str]:
    """Each of them once, in order: two names may mean one session."""
    return [*dict.fromkeys(names)]


async def _delete(journal: SqliteJournal, session: str, args: argparse.Namespace) -> int:
    (line,) = await journal.summaries_of([session])
    if not _agreed(f"Delete session {session}, “{line.title}”?", args):
        return STOPPED
    await Archive(journal, journal.path).put_away(session)
    tell(
        f"session {session} is deleted. A copy is in the archive.",
        f"`loopdeck sessions restore {session}` brings it back;"
        f" `loopdeck sessions delete --for-good {session}` removes the copy.",
    )
    return 0


async def _delete_for_good(journal: SqliteJournal, session: str, args: argparse.Namespace) -> int:
    kept = Archive(journal, journal.path)
    if not args.yes and not sys.stdin.isatty():
        raise UsageError("Nobody is here to be asked.", "--yes deletes for good without asking.")
    if not _agreed(f"Delete session {session} for good? Nothing brings it back.", args):
        return STOPPED
    if session in await journal.lines([session]):
        await journal.delete(session)
    if any(one.id == session for one in kept.sessions()):
        kept.remove(session)
    remove_outputs(places(args).spool, session)
    tell(f"session {session} is deleted for good.")
    return 0


def list_archive(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """A line for each session that was put away."""
    found = Archive(journal, journal.path).sessions()
    for one in found:
        print(json.dumps(_as_json(one)) if args.json else _line(one))
    if not found and not args.json:
        tell("There is nothing in the archive.")
    return 0


async def _at_rest(journal: SqliteJournal, name: str) -> str:
    session = await journal.find(name)
    if journal.is_live(session):
        raise UsageError(f"Session {session} is live.", "Stop it first.")
    return session


async def _anywhere(journal: SqliteJournal, kept: Archive, name: str) -> str:
    """A session of the library, or else of the archive."""
    try:
        return await _at_rest(journal, name)
    except UnknownSession as error:
        try:
            return kept.find(name)
        except LoopdeckError:
            raise error from None


def _agreed(question: str, args: argparse.Namespace) -> bool:
    """Ask where somebody can answer; a script has said what it wants."""
    if args.yes or not sys.stdin.isatty():
        return True
    print(f"{one_line(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _as_json(one: Archived) -> dict[str, object]:
    return {
        "id": one.id,
        "goal": one.goal,
        "name": one.label.name,
        "tags": list(one.label.tags),
        "started": format_ts(one.started),
        "file": str(one.path),
    }


def _line(one: Archived) -> str:
    when = format_ts(one.started)[:16].replace("T", " ")
    title = " ".join((one.label.name or one.goal).split())
    return one_line(f"{one.id}  {when}  {title[:80]}")
