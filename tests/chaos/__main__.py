"""`make chaos`: hundreds of kills, floods, power cuts and a long run, and what they broke."""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from tests.chaos import floods, powercut, soak
from tests.chaos.launching import Manner
from tests.chaos.trial import Tally, Trial

PARTS = ("all", "kills", "floods", "power", "soak")
SEEDS, KILLS, LEAST = 13, 18, 200
STEPS = 14
TURNS: tuple[tuple[Manner, bool], ...] = (
    ("forked", True),
    ("forked", False),
    ("started", True),
    ("terminal", True),
)
"""How the seeds take turns: in which way the program is started, and whether in the sandbox."""
HEADINGS = ("seed", "how", "kills", "unknown", "twice", "lost", "gaps", "invalid", "survivors", "s")


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    seed: int | None
    seeds: int
    kills: int
    manner: Manner | None
    part: str


def main() -> int:
    """Everything, or one seed again; 1 if a promise was broken."""
    wanted = _wanted()
    ok = True
    if wanted.part in ("all", "kills"):
        ok = kills(wanted) and ok
    if wanted.part in ("all", "floods"):
        ok = floods.report() and ok
    if wanted.part in ("all", "power"):
        ok = powercut.report() and ok
    if wanted.part in ("all", "soak"):
        ok = soak.report() and ok
    return 0 if ok else 1


def kills(wanted: Wanted) -> bool:
    """Trial after trial; says for each what was found."""
    _line(HEADINGS)
    total, ok = Tally(), True
    seeds = range(1, wanted.seeds + 1) if wanted.seed is None else [wanted.seed]
    for seed in seeds:
        manner, walls = TURNS[seed % len(TURNS)]
        began = time.monotonic()
        found = _trial(seed, wanted.manner or manner, wanted.kills, walls=walls)
        took = f"{time.monotonic() - began:.0f}"
        _line((seed, f"{wanted.manner or manner}{'' if walls else ', bare'}", *_cells(found), took))
        if not found.ok:
            ok = False
            again = f"python -m tests.chaos --part kills --seed {seed} --kills {wanted.kills}"
            _say("\n".join(("", *found.notes, f"again: {again}", "")))
        total.add(found)
    _line(("all", "", *_cells(total), ""))
    reached = sorted(total.moments.items(), key=lambda each: -each[1])
    _say("killed at: " + ", ".join(f"{moment} {count}" for moment, count in reached))
    if wanted.seed is None and total.kills < LEAST:
        _say(f"only {total.kills} kills, {LEAST} wanted")
        return False
    return ok


def _trial(seed: int, manner: Manner, most: int, *, walls: bool) -> Tally:
    with tempfile.TemporaryDirectory(prefix="loopdeck-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        trial = Trial(folder, seed, manner=manner, kills=most, steps=STEPS, walls=walls)
        return asyncio.run(trial.run())


def _cells(found: Tally) -> tuple[int, ...]:
    counted = (found.kills, found.unknowns, found.duplicates, found.lost, found.gaps)
    return (*counted, found.invalid, found.survivors)


def _line(cells: tuple[object, ...]) -> None:
    widths = (4, 15, *(max(5, len(heading)) for heading in HEADINGS[2:]))
    _say("  ".join(str(cell).rjust(width) for cell, width in zip(cells, widths, strict=True)))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _wanted() -> Wanted:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="this one only, as it was printed")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--kills", type=int, default=KILLS, help="at most, of one seed")
    parser.add_argument("--manner", choices=get_args(Manner))
    parser.add_argument("--part", choices=PARTS, default="all")
    given = parser.parse_args()
    return Wanted(given.seed, given.seeds, given.kills, given.manner, given.part)


if __name__ == "__main__":
    sys.exit(main())
