"""`loopdeck replay A --compare B`: two runs step by step, on a screen or as data."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from functools import partial

from loopdeck.app.first import First
from loopdeck.cli.console import printable_json
from loopdeck.cli.places import Places, log_to_file
from loopdeck.cli.runs.showing import show
from loopdeck.cli.sessions.sources import records_named
from loopdeck.cli.sinks import ReadOnlySink
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from loopdeck.session.comparing import as_json, compare
from loopdeck.session.records import Record


def compare_runs(args: argparse.Namespace, spots: Places) -> int:
    """Show the comparison; with `--json` as data, and nothing is drawn."""
    if args.json:
        found = compare(*_read(args, spots))
        print(printable_json(json.dumps(as_json(found), ensure_ascii=False)))
        return 0
    log_to_file(args)
    return asyncio.run(show(partial(BothRuns, args, spots), spots))


class BothRuns:
    """Behind the screen that compares two runs: they are read, and nothing else happens."""

    def __init__(self, args: argparse.Namespace, spots: Places) -> None:
        self._args = args
        self._spots = spots

    async def begin(self) -> First:
        """Read both and compare them."""
        # The first frame has been painted: what comes now is not waited for.
        from loopdeck.app.comparing import CompareScreen, Openers
        from loopdeck.app.keys.keymap import remap
        from loopdeck.cli.config import load_settings

        args, spots = self._args, self._spots
        left, right = await asyncio.to_thread(_read, args, spots)
        found = await asyncio.to_thread(compare, left, right)
        openers: Openers = {"a": partial(_opened, left), "b": partial(_opened, right)}
        settings = load_settings(spots.config, named=args.config is not None)
        remap(settings.keys)  # wrong keys are said at once
        return First(
            home=lambda: CompareScreen(found, openers), keys=settings.keys, motion=settings.motion
        )

    async def farewell(self) -> int:
        """Nothing ran."""
        return 0

    async def interrupted(self) -> None:
        """Nothing that could go on."""

    async def close(self) -> None:
        """Nothing is held open."""


def _read(args: argparse.Namespace, spots: Places) -> tuple[Sequence[Record], Sequence[Record]]:
    return records_named(args.session, spots), records_named(args.compare, spots)


async def _opened(records: Sequence[Record], at: int) -> Opened:
    """One of the runs, to be read only."""
    journal = await asyncio.to_thread(MemoryJournal.of, records)
    place = None if at >= records[-1].seq else at
    return Opened(records[0].session, journal, ReadOnlySink(), place)
