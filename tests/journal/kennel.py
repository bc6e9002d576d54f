"""Kills a writer again and again: `python -m tests.journal.kennel DB SEED ROUNDS`.

Each round is a fork of this process, which has loaded everything and has no threads, so that many
fit into a second. It says `acknowledged kept` for each round, as numbers of events.
"""

import asyncio
import os
import select
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

from loopdeck.journal.opening import connect
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import NoteAdded
from loopdeck.session.reducer import advance, project
from tests.journal.conformance import session
from tests.support.records import recording

LONGEST_S = 0.02  # that a writer lives once it has kept its first event
WIDTH = 8


async def write(
    path: Path, acknowledge: int, seed: int, *, durable: bool = True, merged: int = 8
) -> None:
    """Append batches for ever; each is acknowledged once it is kept.

    SQLite merges its log into the database every `merged` pages.
    """
    random = Random(seed)
    async with await SqliteJournal.open(path) as journal:
        await journal.run(lambda db: db.execute(f"PRAGMA wal_autocheckpoint = {merged}").fetchall())
        journal.claim("s1")
        state = project(await journal.read("s1", limit=100_000))
        if not state.last_seq:
            first = session("s1")
            state = project(first)
            await journal.append(first, state)
        while True:
            notes = [NoteAdded(at=1, text="x" * random.randint(1, 900))] * random.randint(1, 4)
            batch = recording(notes, after=state.last_seq)
            for record in batch:
                state = advance(state, record)
            await journal.append(batch, state, durable=durable)
            os.write(acknowledge, state.last_seq.to_bytes(WIDTH, "big"))


def _acknowledged(reader: int) -> int:
    """The last event that the writer had kept, as far as it could say so."""
    said = b""
    while part := os.read(reader, 65_536):
        said += part
    return int.from_bytes(said[len(said) // WIDTH * WIDTH - WIDTH :][:WIDTH], "big")


def _round(path: Path, seed: int, lives: float) -> int:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            asyncio.run(write(path, writer, seed))
        finally:
            os._exit(1)
    os.close(writer)
    select.select([reader], [], [], 20)
    time.sleep(lives)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb", 0) as said:
        return _acknowledged(said.fileno())


def _kept(path: Path) -> int:
    with closing(connect(path)) as db:
        (head,) = db.execute("SELECT count(*) FROM records").fetchone()
    return int(head)


def main(database: str, seed: str, rounds: str) -> None:
    """Kill so many writers."""
    random = Random(int(seed))
    path = Path(database)
    for _ in range(int(rounds)):
        said = _round(path, random.getrandbits(32), random.random() * LONGEST_S)
        sys.stdout.write(f"{said} {_kept(path)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
