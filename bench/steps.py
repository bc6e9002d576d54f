"""Steps of an agent, seen from the model: how long it waits between two turns."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.model_server import Plan, Served, serving
from bench.processes import LOOPDECK, floor, fresh_home, resident_mb, run
from bench.speaking import MODELS
from bench.stage import served_in_terminal
from bench.stats import median
from bench.walls import around, take_down

GOAL = "Do the steps."
AGENT = ("--model", "bench", "--allow", "shell(echo *)", "--workspace", ".")
HEADLESS = (*LOOPDECK, "run", GOAL, *AGENT, "--headless", "--json")
DECK = (*LOOPDECK, "run", GOAL, *AGENT)
FLOOR = floor("sdk_loop")
DURABLE_FLOOR = (*FLOOR, "--durable", "floor.db")
LONG, SHORT, EDGE = 200, 50, 25


@dataclass
class Walk:
    """One run of an agent: the gaps between its steps, and what it left behind."""

    gaps_ms: list[float]
    first_ms: float
    kept: int = 0
    exported: int = 0
    resident_mb: float = 0.0

    @property
    def growth(self) -> float:
        """The last gaps over the first ones."""
        return self.last_ms / median(self.gaps_ms[:EDGE])

    @property
    def last_ms(self) -> float:
        """The middle of the last gaps."""
        return median(self.gaps_ms[-EDGE:])


def walk_floor(words: Sequence[str], steps: int, *, walls: bool = True) -> Walk:
    """A floor to its end; `walls` puts Loopdeck's sandbox around its commands."""
    with fresh_home() as home:
        words = (*words, *around(home)) if walls else words
        with serving(Plan(steps=steps)) as served:
            began = time.monotonic()
            run(words, home, server=served.url)
        return _walk(served, steps, began)


def walk_headless(steps: int, *, walls: bool = True) -> Walk:
    """Loopdeck without a screen, to its end."""
    with fresh_home() as home:
        if not walls:
            take_down(home)
        with serving(Plan(steps=steps)) as served:
            began = time.monotonic()
            run(HEADLESS, home, server=served.url)
        walk = _walk(served, steps, began)
        walk.kept = home.kept()
        walk.exported = len(run((*LOOPDECK, "sessions", "export", "last"), home).encode())
        return walk


def walk_vendor(steps: int, speaks: str) -> Walk:
    """Loopdeck without a screen, with a model that is spoken to in another protocol."""
    with fresh_home() as home:
        with serving(Plan(steps=steps, speaks=speaks)) as served:
            began = time.monotonic()
            model = MODELS[speaks].format(url=served.url)
            run((*HEADLESS, "--model", model), home, server=served.url)
        return _walk(served, steps, began)


def walk_deck(steps: int, *, walls: bool = True) -> Walk:
    """The deck in a terminal, until the agent is done."""
    prepare = None if walls else take_down
    with served_in_terminal(Plan(steps=steps), DECK, prepare=prepare) as stage:
        stage.terminal.wait_for(b"unchecked", timeout=120)
        stage.terminal.settle()
        resident = resident_mb(stage.terminal.pid)
    walk = _walk(stage.served, steps, stage.terminal.began)
    walk.resident_mb = resident
    return walk


def _walk(served: Served, steps: int, began: float) -> Walk:
    done = len(served.exchanges)
    if done != steps + 1:
        raise RuntimeError(f"The agent made {done} requests, and {steps + 1} were to come.")
    return Walk(served.gaps_ms, 1000 * (served.exchanges[0].arrived - began))
