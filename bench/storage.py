"""The journal beside raw SQLite: a durable event, a page from the middle, bytes on the disk."""

import asyncio
import json
import time
from dataclasses import dataclass

from bench.long_session import events
from bench.processes import Home, floor, fresh_home, run
from bench.stats import median
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.codec import dump_record
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState

STEPS = 200  # ten events each
PAGE = 50
READS = 20


@dataclass(frozen=True)
class Kept:
    """A durable transaction and a page read, in milliseconds, and all bytes of the file."""

    write_ms: float
    read_ms: float
    size: int


def records() -> list[Record]:
    """The session that both write."""
    made = enumerate(events(STEPS), start=1)
    return [Record("kept", seq, seq * 1_000_000_000, seq * 1_000_000, each) for seq, each in made]


def raw(lines: list[str]) -> Kept:
    """A row of JSON an event, in a process of its own."""
    with fresh_home() as home:
        words = (*floor("raw_sqlite"), str(home.folder / "raw.db"))
        seen = json.loads(run(words, home, feed="\n".join(lines)))
    return Kept(median(seen["write_ms"]), median(seen["read_ms"]), seen["bytes"])


def journal(session: list[Record]) -> Kept:
    """The same events through the journal, with its index, its folds and its lists."""
    with fresh_home() as home:
        home.data.mkdir(mode=0o700)
        writes, reads = asyncio.run(_through(home, session))
        return Kept(median(writes), median(reads), home.kept())


async def _through(home: Home, session: list[Record]) -> tuple[list[float], list[float]]:
    writes: list[float] = []
    reads: list[float] = []
    state = SessionState()
    path = home.data / "loopdeck.db"
    async with await SqliteJournal.open(path) as kept:
        for record in session:
            state = advance(state, record)
            began = time.perf_counter()
            await kept.append([record], state)
            writes.append(1000 * (time.perf_counter() - began))
    for _ in range(READS):
        began = time.perf_counter()
        async with await SqliteJournal.open(path) as kept:
            page = await kept.read("kept", after=len(session) // 2, limit=PAGE)
            reads.append(1000 * (time.perf_counter() - began))
        assert len(page) == PAGE
    return writes, reads


def json_lines(session: list[Record]) -> list[str]:
    """The events as they are exported."""
    return [dump_record(record) for record in session]
