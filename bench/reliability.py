"""What not losing anything costs: bursts, the way back into a long session, kept commands."""

import asyncio
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from bench.burst import EVENTS, TASKS, TEXT, WIDTH
from bench.long_session import build_now
from bench.model_server import Plan
from bench.parts import in_turns
from bench.processes import LOOPDECK, Home, cpu_s, fresh_home
from bench.stage import served_in_terminal
from bench.start import TITLE
from bench.stats import median
from bench.table import Figure, added, versus, within
from loopdeck.journal.opening import connect
from loopdeck.session.events import CallOutput
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.process import Process

STEPS = {"small": 2, "long": 1_000}  # ten events each
COMMANDS = 20
TABLE = "CREATE TABLE records (id INTEGER PRIMARY KEY, body TEXT NOT NULL);"


@dataclass(frozen=True)
class Burst:
    """What an event in a burst takes, in microseconds: of time, and of the processor."""

    wall_us: float
    cpu_us: float


def reliability(rounds: int) -> list[Figure]:
    """Durable bursts, kills in the middle of them, a resume, a command under its keeper."""
    plain, bursts = in_turns(rounds, raw_burst, burst)
    (lost,) = in_turns(rounds, lost_after_kill)
    small, long = in_turns(rounds, lambda: resume_ms("small"), lambda: resume_ms("long"))
    (runs,) = in_turns(rounds, runs_ms)
    return [
        within(
            "a durable event in a burst",
            [b.wall_us for b in bursts],
            most=50,
            unit="µs",
            floors=[b.wall_us for b in plain],
        ),
        within(
            "of it, the processor",
            [b.cpu_us for b in bursts],
            most=50,
            unit="µs",
            floors=[b.cpu_us for b in plain],
        ),
        within("acknowledged events that a kill took", lost, most=0, unit=""),
        versus("resume of 10,000 events, first frame", long, small, most=1.5, against="20 events"),
        added("a command under its keeper", [r[1] for r in runs], [r[0] for r in runs], most=20),
    ]


def burst() -> Burst:
    """A whole one."""
    with fresh_home() as home, _bursting(home) as process:
        assert process.stdout is not None
        first = process.stdout.read(WIDTH)  # everything is loaded, one event is kept
        assert first
        before = cpu_s(process.pid)
        said, after = _read(process, before)
    return Burst(1_000_000 / int.from_bytes(said[-WIDTH:], "big"), 1_000_000 * after / EVENTS)


def raw_burst() -> Burst:
    """As many rows of the same text in a plain table, as many at once: dumped, kept, synced."""
    with fresh_home() as home, closing(sqlite3.connect(home.folder / "raw.db")) as db:
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; " + TABLE)
        began, before = time.perf_counter(), time.process_time()
        for first in range(0, EVENTS, TASKS):
            events = (CallOutput(call_id=f"c{at}", text=TEXT) for at in range(TASKS))
            with db:
                rows = enumerate((each.model_dump_json() for each in events), start=first)
                db.executemany("INSERT INTO records VALUES (?, ?)", rows)
        spent, used = time.perf_counter() - began, time.process_time() - before
    return Burst(1_000_000 * spent / EVENTS, 1_000_000 * used / EVENTS)


def _read(process: subprocess.Popen[bytes], before: float) -> tuple[bytes, float]:
    """What it says to its end, and the processor it has used when it last said something."""
    assert process.stdout is not None
    said, used = b"", before
    while part := os.read(process.stdout.fileno(), 1 << 16):
        said += part
        if process.poll() is None:
            used = cpu_s(process.pid)
    return said, used - before


def lost_after_kill() -> float:
    """Events that were acknowledged before the writer was killed, and are not there."""
    with fresh_home() as home:
        with _bursting(home) as process:
            assert process.stdout is not None
            select.select([process.stdout], [], [], 30)
            time.sleep(0.2)
            process.send_signal(signal.SIGKILL)
            said = process.stdout.read()
        said = said[: len(said) // WIDTH * WIDTH]
        acknowledged = int.from_bytes(said[-WIDTH:], "big")
        db = connect(home.data / "burst.db")
        (kept,) = db.execute("SELECT count(*) FROM records").fetchone()
        db.close()
    return float(max(0, acknowledged - kept))


@contextmanager
def _bursting(home: Home) -> Generator[subprocess.Popen[bytes]]:
    home.data.mkdir(mode=0o700)
    words = (sys.executable, "-m", "bench.burst", str(home.data / "burst.db"))
    with subprocess.Popen(words, env=home.env(), stdout=subprocess.PIPE) as process:
        yield process


def resume_ms(session: str) -> float:
    """The first frame of a session that goes on."""

    def prepare(home: Home) -> None:
        home.data.mkdir(mode=0o700)
        build_now(home.data / "loopdeck.db", STEPS, unfinished_in=str(home.workspace))

    words = (*LOOPDECK, "resume", session)
    with served_in_terminal(Plan(seconds=3_600), words, prepare=prepare) as stage:
        stage.terminal.wait_for(TITLE.encode(), timeout=60)
        stage.terminal.settle()
        return 1000 * stage.terminal.moment(TITLE)


def runs_ms() -> tuple[float, float]:
    """`true` as any program starts it, and under a keeper that ends all that it leaves."""
    with fresh_home() as home:
        return asyncio.run(_runs_ms(home))


async def _runs_ms(home: Home) -> tuple[float, float]:
    plain: list[float] = []
    kept: list[float] = []
    env = {"PATH": os.environ["PATH"]}
    for _ in range(COMMANDS):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec("/bin/true", cwd=home.workspace, env=env)
        await process.wait()
        plain.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        await Process(Capture(lambda: None), _ignore).run(
            ("/bin/true",), cwd=home.workspace, env=env, limit=60
        )
        kept.append(1000 * (time.perf_counter() - began))
    return median(plain), median(kept)


async def _ignore(_: str) -> None:
    """Nobody looks at the output."""
