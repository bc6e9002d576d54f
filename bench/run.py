"""Measures everything and prints one table: `make bench`, or `python -m bench --help`."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from bench.library import library
from bench.mcp import mcp
from bench.models import models
from bench.moments import moments
from bench.parts import keys, rest, starts, steps, storage
from bench.permissions import permissions
from bench.reliability import reliability
from bench.table import Figure, as_markdown, as_text, write_between

README = Path(__file__).resolve().parent.parent / "README.md"
PARTS: dict[str, Callable[[int], list[Figure]]] = {
    "steps": steps,
    "models": models,
    "mcp": mcp,
    "storage": storage,
    "starts": starts,
    "keys": keys,
    "library": library,
    "moments": moments,
    "rest": rest,
    "permissions": permissions,
    "reliability": reliability,
}
ROUNDS = 4
NOTE = (
    "Floor and Loopdeck take turns in the same round; each figure is the middle of the rounds "
    "({rounds} of them), each ratio the middle of the rounds' own ratios. Measured on {machine}, "
    "Python {python}. `make bench` measures again; the floors are in `bench/floors/`."
)


def main() -> None:
    """Measure, print, and write the table into the README where that is wanted."""
    options = _options()
    figures: list[Figure] = []
    for name in options.only or PARTS:
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        figures += PARTS[name](options.rounds)
    print(as_text(figures))
    note = NOTE.format(rounds=options.rounds, machine=_machine(), python=platform.python_version())
    print(f"\n{note}")
    if options.readme:
        write_between(README, as_markdown(figures, note))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), help="leave the rest out")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    return parser.parse_args()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
