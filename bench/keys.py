"""From a key to the paint: at rest, and while a text streams in."""

import json
import random
import string
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.model_server import Plan
from bench.processes import cpu_s, floor, fresh_home, resident_mb
from bench.stage import served_in_terminal
from bench.stats import median, p95
from bench.steps import DECK
from bench.terminal import Terminal, terminal

KEYS = 200
PAUSE_S = 0.02  # between two keys at rest
STREAM = Plan(rate=200, seconds=14.0)
SILENCE = Plan(seconds=60.0)
WARM_S, WATCHED_S = 1.0, 9.0
REST_S = 10.0
FLOWS = b"word and one"
SHOWN = 4  # so many of the last letters tell a place in the text that was typed


@dataclass
class Response:
    """How one program answers: milliseconds from keys to paint, and what else was seen."""

    keys_ms: list[float] = field(default_factory=list[float])
    missed: int = 0
    cores: float = 0.0
    lags_ms: list[float] = field(default_factory=list[float])

    @property
    def middle(self) -> float:
        """The usual key."""
        return median(self.keys_ms)

    @property
    def slow(self) -> float:
        """What 19 of 20 keys stay under."""
        return p95(self.keys_ms)


def letters(count: int) -> str:
    """Letters in no order, so that any four in a row are in one place only; always the same."""
    return "".join(random.Random(7).choices(string.ascii_lowercase, k=count))


def type_keys(program: Terminal, pauses: Iterator[float]) -> Response:
    """Type, and find in the output when each letter was painted."""
    text = letters(KEYS)
    since = len(program.chunks)
    pressed: list[float] = []
    for letter, pause in zip(text, pauses, strict=False):
        count = len(program.chunks)
        pressed.append(program.press(letter.encode()))
        program.next_output(count, timeout=1.0)
        time.sleep(pause)
    program.settle(timeout=1.0)
    ends = [text[at - SHOWN : at] for at in range(SHOWN, len(pressed) + 1)]
    moments = program.moments(ends, since=since)
    response = Response()
    for press, moment in zip(pressed[SHOWN - 1 :], moments, strict=True):
        if moment is None:
            response.missed += 1
        else:
            response.keys_ms.append(1000 * (moment - press))
    return response


def steady() -> Iterator[float]:
    """The same pause each time."""
    while True:
        yield PAUSE_S


def spread(seconds: float) -> Iterator[float]:
    """Pauses of changing length, so that keys do not fall into step with the frames."""
    mean = seconds / KEYS
    chance = random.Random(11)
    while True:
        yield chance.uniform(0.3, 1.5) * mean


def rest_floor() -> Response:
    """The smallest app, at rest."""
    with fresh_home() as home, terminal(floor("minimal_app"), home.env(), home.workspace) as app:
        app.wait_for(b"is ready")
        app.settle()
        return type_keys(app, steady())


def rest_deck() -> Response:
    """The deck of an agent whose model is silent."""
    with served_in_terminal(SILENCE, DECK) as stage:
        _to_message_box(stage.terminal)
        return type_keys(stage.terminal, steady())


def stream_floor() -> Response:
    """The smallest app that streams."""
    return _streaming(floor("streaming_app"), lambda _: None)


def stream_floor_mb() -> float:
    """The most memory that the smallest app with a client holds while its model is silent."""
    with served_in_terminal(SILENCE, floor("streaming_app")) as stage:
        stage.terminal.wait_for(FLOWS)
        stage.terminal.settle(timeout=2.0)
        return resident_mb(stage.terminal.pid)


def stream_deck() -> Response:
    """The deck while the model talks."""
    return _streaming(DECK, _to_message_box)


def _streaming(words: Sequence[str], ready: Callable[[Terminal], None]) -> Response:
    """Keys and timers in one run; the processor's time in a second one, without either."""
    report: list[tuple[float, float]] = []
    with fresh_home() as shelf:
        path = shelf.folder / "lags.json"
        with served_in_terminal(STREAM, probed(words, path)) as stage:
            stage.terminal.wait_for(FLOWS)
            ready(stage.terminal)
            time.sleep(WARM_S)
            began = time.monotonic()
            response = type_keys(stage.terminal, spread(WATCHED_S - 1))
        report = json.loads(path.read_text())
    response.lags_ms = [1000 * lag for at, lag in report if began <= at <= began + WATCHED_S]
    with served_in_terminal(STREAM, words) as stage:
        stage.terminal.wait_for(FLOWS)
        time.sleep(WARM_S)
        response.cores = cores(stage.terminal, WATCHED_S)
    return response


def probed(words: Sequence[str], path: Path) -> tuple[str, ...]:
    """The same program with a stopwatch inside, which reports into a file."""
    target = words[2:] if words[1] == "-m" else words[1:]
    return (sys.executable, "-m", "bench.probe", str(path), *target)


def rest_cores() -> float:
    """The share of a core the deck uses while its model is silent."""
    with served_in_terminal(SILENCE, DECK) as stage:
        stage.terminal.wait_for(FLOWS)
        stage.terminal.settle(timeout=2.0)
        return cores(stage.terminal, REST_S)


def cores(program: Terminal, seconds: float) -> float:
    """The share of a core that a program uses from now on."""
    began, used = time.monotonic(), cpu_s(program.pid)
    time.sleep(seconds)
    return (cpu_s(program.pid) - used) / (time.monotonic() - began)


def _to_message_box(deck: Terminal) -> None:
    """Put the focus of a live deck into its message box."""
    deck.wait_for(FLOWS)  # the client is loaded by now
    deck.settle(timeout=1.0)
    deck.press(b"\r")
    deck.wait_for(b"ctrl+s: at once")
    deck.settle(timeout=0.5)
