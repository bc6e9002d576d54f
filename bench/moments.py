"""Very long sessions: opened, stepped through, played; and a command that prints a lot."""

import asyncio
import json
import random
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial

from bench.keys import probed
from bench.long_session import build
from bench.model_server import Plan
from bench.parts import in_turns
from bench.processes import LOOPDECK, Home, floor, fresh_home, resident_mb
from bench.stage import served_in_terminal
from bench.start import opening_ms, stepping_ms
from bench.stats import p95
from bench.steps import GOAL
from bench.table import Figure, versus, within
from bench.terminal import Terminal, terminal
from loopdeck.app.view.feed import Feed
from loopdeck.journal.sqlite import SqliteJournal

STEPS = {"few": 100, "many": 10_000, "vast": 100_000}  # ten events each
SEEKS = 300
PLAYED_S = 10.0
FASTEST = b">>>>"  # from 1x to 16x
LOUD = "seq 2600000"  # 20 MB
LOUDLY = (
    ("latest timer while 20 MB are printed", 50, "ms"),
    ("memory that 20 MB of output add", 60, "MB"),
)
LOUD_DECK = (*LOOPDECK, "run", GOAL, "--model", "bench", "--allow", "shell(seq *)")


def moments(rounds: int) -> list[Figure]:
    """Any moment of a session of any length."""
    with _shelf() as home:
        few, many, vast = in_turns(rounds, *(partial(_usable_ms, home, name) for name in STEPS))
        seeks = in_turns(max(1, rounds // 2), *(partial(_seeks_ms, home, name) for name in STEPS))
        short, presses = in_turns(
            max(1, rounds // 2),
            *(partial(stepping_ms, home, name, STEPS[name]) for name in ("few", "many")),
        )
        empty, full = in_turns(rounds, *(partial(_held_mb, home, name) for name in ("few", "many")))
        calm, frames = in_turns(
            max(1, rounds // 2), _late_at_rest_ms, lambda: _late_while_playing_ms(home)
        )
    slow = {name: [p95(took) for took in seen] for name, seen in zip(STEPS, seeks, strict=True)}
    return [
        versus("100,000 events open, until usable", many, few, most=1.2, against="with 1,000"),
        versus("1,000,000 events open, until usable", vast, few, most=1.5, against="with 1,000"),
        within(
            "100,000 events, any moment, p95", slow["many"], most=2, unit="ms", floors=slow["few"]
        ),
        versus(
            "1,000,000 events, any moment, p95",
            slow["vast"],
            slow["few"],
            most=1.5,
            against="with 1,000",
        ),
        within(
            "100,000 events, key to paint, p95",
            [p95(each) for each in presses],
            most=20,
            unit="ms",
            floors=[p95(each) for each in short],
        ),
        versus("memory with 100,000 events", full, empty, most=1.3, unit="MB", against="1,000"),
        within("latest timer while played at 16×", frames, most=100, unit="ms", floors=calm),
        *_loudly(rounds),
    ]


def _loudly(rounds: int) -> list[Figure]:
    """What a command that prints a lot takes from those who look on."""
    plain, loud = in_turns(max(1, rounds // 2), _loud_floor, _loud)
    return [
        within(name, [s[at] for s in loud], most=most, unit=unit, floors=[s[at] for s in plain])
        for at, (name, most, unit) in enumerate(LOUDLY)
    ]


@contextmanager
def _shelf() -> Generator[Home]:
    with fresh_home() as home:
        home.data.mkdir(mode=0o700)
        asyncio.run(build(home.data / "loopdeck.db", STEPS))
        yield home


def _usable_ms(home: Home, session: str) -> float:
    steps = STEPS[session]
    return opening_ms(home, session, 5 * steps, steps)[1]


def _seeks_ms(home: Home, session: str) -> list[float]:
    """The state at moments in no order, as a deck asks for its first: nothing is in memory."""
    return asyncio.run(_seeks(home, session))


async def _seeks(home: Home, session: str) -> list[float]:
    chance, took = random.Random(5), list[float]()
    async with await SqliteJournal.open(home.data / "loopdeck.db") as journal:
        for _ in range(SEEKS):
            feed, seq = Feed(journal, session), chance.randint(1, 10 * STEPS[session])
            began = time.perf_counter()
            await feed.state_at(seq)
            took.append(1000 * (time.perf_counter() - began))
    return took


def _held_mb(home: Home, session: str) -> float:
    words = (*LOOPDECK, "replay", session, "--at", str(5 * STEPS[session]))
    with terminal(words, home.env(), home.workspace) as deck:
        deck.wait_for(f"of {STEPS[session]}".encode())
        deck.settle()
        return resident_mb(deck.pid)


def _late_while_playing_ms(home: Home) -> float:
    """How late a timer was at most while an hour was played at full speed."""
    report = home.folder / "played.json"
    words = (*LOOPDECK, "replay", "many", "--at", "1000")
    with terminal(probed(words, report), home.env(), home.workspace) as deck:
        deck.wait_for(f"of {STEPS['many']}".encode())
        deck.settle()
        for key in (*FASTEST, ord(" ")):
            deck.press(bytes([key]))
            time.sleep(0.1)
        began = time.monotonic()
        time.sleep(PLAYED_S)
    return _latest_ms(json.loads(report.read_text()), began, began + PLAYED_S)


def _late_at_rest_ms() -> float:
    """How late a timer was at most in the smallest app, as long, with nothing to do."""
    with fresh_home() as home:
        report = home.folder / "calm.json"
        words = probed(floor("minimal_app"), report)
        with terminal(words, home.env(), home.workspace) as app:
            app.wait_for(b"is ready")
            app.settle()
            began = time.monotonic()
            time.sleep(PLAYED_S)
        return _latest_ms(json.loads(report.read_text()), began, began + PLAYED_S)


def _loud() -> tuple[float, float]:
    """While a command prints 20 MB: how late a timer was at most, and the memory it added."""
    with fresh_home() as shelf:
        report = shelf.folder / "loud.json"
        with served_in_terminal(Plan(steps=1, command=LOUD), probed(LOUD_DECK, report)) as stage:
            began, ended, added = _meanwhile(stage.terminal, b"thinking", b"unchecked")
        return _latest_ms(json.loads(report.read_text()), began, ended), added


def _loud_floor() -> tuple[float, float]:
    """The same in the smallest app that keeps what a command prints."""
    with fresh_home() as home:
        report = home.folder / "loud.json"
        words = (*probed(floor("loud_app"), report), LOUD)
        with terminal(words, home.env(), home.workspace) as app:
            began, ended, added = _meanwhile(app, b"is ready", b"has ended")
        return _latest_ms(json.loads(report.read_text()), began, ended), added


def _meanwhile(program: Terminal, begins: bytes, ends: bytes) -> tuple[float, float, float]:
    """From when to when the command ran, and the megabytes that the program has grown by."""
    program.wait_for(begins)
    before, began = resident_mb(program.pid), time.monotonic()
    program.wait_for(ends)
    return began, time.monotonic(), resident_mb(program.pid) - before


def _latest_ms(lags: list[tuple[float, float]], began: float, ended: float) -> float:
    return max(1000 * lag for at, lag in lags if began <= at <= ended)
