"""Another process at the same database: `python -m tests.journal.child DB ACTION [ARGUMENT]`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from loopdeck.errors import LoopdeckError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Say
from loopdeck.session.events import NoteAdded
from loopdeck.session.reducer import advance, project
from loopdeck.session.state import SessionState
from tests.support.records import recording


def say(text: object) -> None:
    """One line to the parent, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def append(journal: SqliteJournal, argument: str) -> None:
    """Add records without end, or so many; says each number once it is kept."""
    state = project(await journal.read("s1", limit=100_000))
    last = state.last_seq + int(argument) if argument else None
    while last is None or state.last_seq < last:
        state = await _one(journal, state)
        say(state.last_seq)


async def _one(journal: SqliteJournal, state: SessionState) -> SessionState:
    note = NoteAdded(at=1, text="x" * 700)
    (record,) = recording([note], after=state.last_seq)
    state = advance(state, record)
    await journal.append([record], state)
    return state


async def claim(journal: SqliteJournal, argument: str) -> None:
    """Hold the session until stdin ends."""
    journal.claim("s1")
    say("claimed")
    await asyncio.to_thread(sys.stdin.read)


async def hold(journal: SqliteJournal, argument: str) -> None:
    """Claim the session, add a record, and another one after each line that comes."""
    journal.claim("s1")
    state = project(await journal.read("s1"))
    while True:
        state = await _one(journal, state)
        say(state.last_seq)
        await asyncio.to_thread(sys.stdin.readline)


async def collect(journal: SqliteJournal, argument: str) -> None:
    """Say every command that comes, until one says so."""
    say("ready")
    while True:
        await journal.wait_mail("s1")
        for command in await journal.collect("s1"):
            assert isinstance(command, Say)
            if command.text == "end":
                return
            say(command.text)


async def post(journal: SqliteJournal, argument: str) -> None:
    """Leave one command."""
    await journal.post("s1", Say(text=argument))


ACTIONS: dict[str, Callable[[SqliteJournal, str], Awaitable[None]]] = {
    "append": append,
    "claim": claim,
    "collect": collect,
    "hold": hold,
    "post": post,
}


async def main(database: str, action: str, argument: str = "") -> None:
    """Open the database and do one thing."""
    try:
        async with await SqliteJournal.open(Path(database)) as journal:
            await ACTIONS[action](journal, argument)
    except LoopdeckError as error:
        say(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
