"""The parts of the bench: each measures its floor and Loopdeck in turns and gives its rows."""

import sys
from collections.abc import Callable
from typing import TypeVar

from bench import start
from bench.keys import Response, rest_deck, rest_floor, stream_deck, stream_floor, stream_floor_mb
from bench.keys import rest_cores as silent_cores
from bench.processes import LOOPDECK, Home, floor, fresh_home
from bench.stats import median, p95
from bench.steps import (
    DURABLE_FLOOR,
    FLOOR,
    LONG,
    SHORT,
    Walk,
    walk_deck,
    walk_floor,
    walk_headless,
)
from bench.storage import Kept, journal, json_lines, raw, records
from bench.table import Figure, added, versus, within

Seen = TypeVar("Seen")


def in_turns(rounds: int, *measures: Callable[[], Seen]) -> list[list[Seen]]:
    """Measure A, B, A, B …; what each gave, a value a round."""
    seen: list[list[Seen]] = [[] for _ in measures]
    for turn in range(rounds):
        for place, measure in enumerate(measures):
            seen[place].append(measure())
        print(f"  round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
    return seen


def steps(rounds: int) -> list[Figure]:
    """The loop: how long the model waits for the next request."""
    sdk, durable, headless, deck = in_turns(
        rounds,
        lambda: walk_floor(FLOOR, SHORT),
        lambda: walk_floor(DURABLE_FLOOR, SHORT),
        lambda: walk_headless(SHORT),
        lambda: walk_deck(SHORT),
    )
    far = in_turns(rounds, lambda: walk_floor(FLOOR, LONG), lambda: walk_headless(LONG))
    held = [stream_floor_mb() for _ in range(rounds)]
    floors = _middles(sdk)
    return [
        versus("headless step, median", _middles(headless), floors, most=1.6),
        versus("headless step, p95", _slowest(headless), _slowest(sdk), most=2.5),
        versus(
            "headless step, against two durable writes a step",
            _middles(headless),
            _middles(durable),
            most=None,
        ),
        versus("step with the live deck, median", _middles(deck), floors, most=3.5),
        *_open(rounds),
        *_growth(*far),
        versus(
            "start to first request, headless",
            [walk.first_ms for walk in headless],
            [walk.first_ms for walk in sdk],
            most=None,
        ),
        _bytes(headless, far[1]),
        within(
            "memory of a live run",
            [walk.resident_mb for walk in deck],
            most=130,
            unit="MB",
            floors=held,
        ),
    ]


def _open(rounds: int) -> list[Figure]:
    """The same without a sandbox on either side, where what is ours weighs most."""
    sdk, headless, deck = in_turns(
        rounds,
        lambda: walk_floor(FLOOR, SHORT, walls=False),
        lambda: walk_headless(SHORT, walls=False),
        lambda: walk_deck(SHORT, walls=False),
    )
    floors = _middles(sdk)
    return [
        versus("no sandbox: headless step, median", _middles(headless), floors, most=1.6),
        versus("no sandbox: headless step, p95", _slowest(headless), _slowest(sdk), most=2.5),
        versus("no sandbox: step with the live deck", _middles(deck), floors, most=3.5),
    ]


def _slowest(walks: list[Walk]) -> list[float]:
    return [p95(walk.gaps_ms) for walk in walks]


def _middles(walks: list[Walk]) -> list[float]:
    return [median(walk.gaps_ms) for walk in walks]


def _growth(floors: list[Walk], walks: list[Walk]) -> list[Figure]:
    return [
        versus(
            f"growth, last 25 over first 25 of {LONG} steps",
            [walk.growth for walk in walks],
            [walk.growth for walk in floors],
            most=1.0,
            unit="",
        ),
        versus(
            f"the last 25 of {LONG} steps",
            [walk.last_ms for walk in walks],
            [walk.last_ms for walk in floors],
            most=None,
        ),
    ]


def _bytes(short: list[Walk], far: list[Walk]) -> Figure:
    """What a step more keeps on the disk, beside the JSON of its events."""
    kept = [(b.kept - a.kept) / (LONG - SHORT) for a, b in zip(short, far, strict=False)]
    lines = [(b.exported - a.exported) / (LONG - SHORT) for a, b in zip(short, far, strict=False)]
    return versus("bytes kept a step, beside its JSON", kept, lines, most=1.15, unit="B")


def storage(rounds: int) -> list[Figure]:
    """The journal beside raw SQLite."""
    session = records()
    lines = json_lines(session)
    size = sum(len(line) + 1 for line in lines)
    plain, kept = in_turns(rounds, lambda: raw(lines), lambda: journal(session))

    def of(seen: list[Kept], name: str) -> list[float]:
        return [getattr(each, name) for each in seen]

    return [
        versus("one durable event", of(kept, "write_ms"), of(plain, "write_ms"), most=None),
        versus("open, read a page of 50", of(kept, "read_ms"), of(plain, "read_ms"), most=None),
        versus(
            f"the file of {len(lines):,} events, beside their JSON",
            [each / 1024 for each in of(kept, "size")],
            [size / 1024] * rounds,
            most=1.15,
            unit="kB",
        ),
    ]


def starts(rounds: int) -> list[Figure]:
    """From the command to something on the screen."""
    versions = [start.version() for _ in range(2 * rounds)]
    loaded = start.listing_loads()
    with fresh_home() as home:
        start.recordings(home)
        minimal, demo, small, long = in_turns(
            2 * rounds,
            lambda: (start.minimal_frame_ms(),) * 2,
            lambda: (start.demo_frame_ms(),) * 2,
            lambda: start.opening_ms(home, "small", 100),
            lambda: start.opening_ms(home, "long", start.MIDDLE),
        )
        stepping = _stepping(rounds, home)
    frames = [first for first, _ in minimal]
    first = [first for first, _ in demo]
    return [
        added("loopdeck --version", [b for _, b in versions], [a for a, _ in versions], most=60),
        Figure(
            "sessions list loads textual, anthropic",
            "neither",
            " and ".join(loaded) or "neither",
            goal="neither",
            ok=not loaded,
        ),
        versus("first frame of the deck (demo)", first, frames, most=1.5),
        versus("first frame of a recording", [f for f, _ in small], frames, most=1.5),
        versus(
            "50,000 events open, until usable",
            [usable for _, usable in long],
            [usable for _, usable in small],
            most=1.5,
            against="with 20 steps",
        ),
        stepping,
        _again(rounds),
    ]


def _stepping(rounds: int, home: Home) -> Figure:
    """The next step, beside that of a session that is short."""
    short, long = in_turns(
        max(1, rounds // 2),
        lambda: p95(start.stepping_ms(home, "short")),
        lambda: p95(start.stepping_ms(home, "long")),
    )
    return within("50,000 events, one step on, p95", long, most=50, unit="ms", floors=short)


def _again(rounds: int) -> Figure:
    """What `make run` adds once everything is installed."""
    name = "make run once more, until the program starts"
    if not start.is_made():
        return Figure(name, "", "not installed by make")
    nothing, again = in_turns(rounds, start.make_nothing_ms, start.make_again_ms)
    return within(name, again, most=500, unit="ms", floors=nothing)


def keys(rounds: int) -> list[Figure]:
    """From a key to the paint."""
    plain, deck = in_turns(rounds, rest_floor, rest_deck)
    floors, busy = in_turns(max(1, rounds // 2), stream_floor, stream_deck)
    missed = sum(each.missed for each in [*plain, *deck, *floors, *busy])
    if missed:
        print(f"  {missed} keys were not seen: where a line breaks", file=sys.stderr)

    def slow(seen: list[Response]) -> list[float]:
        return [each.slow for each in seen]

    return [
        versus("key to paint at rest", _usual(deck), _usual(plain), most=3.0),
        within(
            "key to paint, 200 chunks a second, p95",
            slow(busy),
            most=33,
            unit="ms",
            floors=slow(floors),
        ),
        within(
            "latest timer meanwhile",
            [max(each.lags_ms) for each in busy],
            most=50,
            unit="ms",
            floors=[max(each.lags_ms) for each in floors],
        ),
        within(
            "processor meanwhile",
            [each.cores for each in busy],
            most=0.35,
            unit="cores",
            floors=[each.cores for each in floors],
        ),
    ]


def _usual(seen: list[Response]) -> list[float]:
    return [each.middle for each in seen]


def rest(rounds: int) -> list[Figure]:
    """What it costs to do nothing."""
    with fresh_home() as home:
        start.recordings(home)
        words = (*LOOPDECK, "replay", "small", "--at", "100")
        minimal, parked, waiting = in_turns(
            max(1, rounds // 2),
            lambda: 100 * start.rest_cores(floor("minimal_app"), home, "is ready"),
            lambda: 100 * start.rest_cores(words, home, "of 20"),
            lambda: 100 * silent_cores(),
        )
    return [
        within("idle, a recording is open", parked, most=0.5, unit="% of a core", floors=minimal),
        within("idle, the model is silent", waiting, most=0.5, unit="% of a core", floors=minimal),
    ]
