"""A library of ten thousand sessions beside raw SQLite: a page, a letter more, a search."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.parts import in_turns
from bench.processes import LOOPDECK, Home, floor, fresh_home
from bench.shelf import RARE, SESSIONS, build
from bench.start import demo_frame_ms, rest_cores
from bench.stats import median, p95
from bench.table import Figure, versus, within
from bench.terminal import terminal
from loopdeck.journal.sqlite import SqliteJournal

PAGE = 50
WORDS = ("flaky upload", "ægir", "#ci docs", "crashed billing")
SEARCHES = ("needle_42", "slow since another", RARE, '"as agreed"', "the login on m")
FEW = 10
FRAME = "╭─ Sessions"
LINE = "/home/noor/"  # where the sessions of the shelf were at work: in their lines alone
ROWS = "SELECT * FROM sessions ORDER BY started DESC LIMIT 50"
LIKE = "SELECT id FROM sessions WHERE goal LIKE ? ORDER BY started DESC"
MATCH = "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid DESC LIMIT 200"


@dataclass(frozen=True)
class Looks:
    """Milliseconds: the first page, each letter that narrows the list down, each search."""

    page: list[float]
    letters: list[float]
    searches: list[float]


def library(rounds: int) -> list[Figure]:
    """Ten thousand sessions: the list, the letters that narrow it down, the search."""
    with shelf() as home, shelf(FEW) as small:
        plain, kept = in_turns(rounds, lambda: raw(home), lambda: looks(home))
        screens = _screens(rounds, home, small)
        minimal, resting = in_turns(
            max(1, rounds // 2),
            lambda: 100 * rest_cores(floor("minimal_app"), small, "is ready"),
            lambda: 100 * rest_cores(LOOPDECK, home, LINE),
        )
    of = {
        "the first page": [[median(each.page) for each in seen] for seen in (kept, plain)],
        "a letter more, p95": [[p95(each.letters) for each in seen] for seen in (kept, plain)],
        "a search, p95": [[p95(each.searches) for each in seen] for seen in (kept, plain)],
    }
    return [
        *screens,
        *(
            within(f"10,000 sessions: {name}", values, most=50, unit="ms", floors=floors)
            for name, (values, floors) in of.items()
        ),
        within(
            "10,000 sessions: home at rest", resting, most=0.5, unit="% of a core", floors=minimal
        ),
    ]


def _screens(rounds: int, home: Home, small: Home) -> list[Figure]:
    """How soon home is there, beside the deck and beside a home with few sessions."""
    few, many, deck = in_turns(
        rounds,
        lambda: first_screen_ms(small),
        lambda: first_screen_ms(home),
        lambda: (demo_frame_ms(),) * 2,
    )
    return [
        versus(
            "10,000 sessions: home's first frame",
            [frame for frame, _ in many],
            [frame for frame, _ in deck],
            most=1.3,
            against="the deck's",
        ),
        versus(
            "10,000 sessions: home's list",
            [drawn for _, drawn in many],
            [drawn for _, drawn in few],
            most=1.3,
            against="with 10",
        ),
    ]


@contextmanager
def shelf(sessions: int = SESSIONS) -> Generator[Home]:
    """A home with so many sessions, and what they say read into the index."""
    with fresh_home() as home:
        home.data.mkdir(mode=0o700)
        asyncio.run(_build(database(home), sessions))
        yield home


def database(home: Home) -> Path:
    """Where the sessions are."""
    return home.data / "loopdeck.db"


def raw(home: Home) -> Looks:
    """The plainest statements that answer the same questions, on the same files."""
    with (
        closing(sqlite3.connect(database(home))) as log,
        closing(sqlite3.connect(f"{database(home)}.index")) as index,
    ):
        page = [_timed(lambda: log.execute(ROWS).fetchall()) for _ in range(5)]
        letters = [
            _timed(lambda text=text: log.execute(LIKE, (f"%{text}%",)).fetchall())
            for text in _typed(WORDS)
        ]
        asked = [" ".join(f'"{word}"' for word in text.split()) + "*" for text in SEARCHES]
        searches = [
            _timed(lambda text=text: index.execute(MATCH, (text,)).fetchall()) for text in asked
        ]
    return Looks(page, letters, searches)


def looks(home: Home) -> Looks:
    """The same through the library, lines and snippets and all."""
    return asyncio.run(_looks(database(home)))


def first_screen_ms(home: Home) -> tuple[float, float]:
    """From the start of the program until home's first frame, and until it shows its sessions."""
    with terminal(LOOPDECK, home.env(), home.workspace) as deck:
        deck.wait_for(LINE.encode())
        deck.settle()
        return 1000 * deck.moment(FRAME), 1000 * deck.moment(LINE)


async def _build(path: Path, sessions: int) -> None:
    await build(path, sessions)
    async with await SqliteJournal.open(path) as journal:
        while await journal.index.read_on():
            pass


async def _looks(path: Path) -> Looks:
    async with await SqliteJournal.open(path) as journal:

        async def page(text: str = "") -> None:
            await journal.lines((await journal.ids(text))[:PAGE])

        await journal.index.search("warm")
        return Looks(
            [await _awaited(page) for _ in range(5)],
            [await _awaited(lambda text=text: page(text)) for text in _typed(WORDS)],
            [await _awaited(lambda text=text: journal.index.search(text)) for text in SEARCHES],
        )


def _typed(words: tuple[str, ...]) -> list[str]:
    """What stands in the box after each letter."""
    return [text[:at] for text in words for at in range(1, len(text) + 1)]


def _timed(job: Callable[[], object]) -> float:
    began = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - began)


async def _awaited(job: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await job()
    return 1000 * (time.perf_counter() - began)
