"""`loopdeck replay A --compare B`: two runs step by step, on a screen or as data."""

import argparse
import asyncio
import json

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.first import First
from loopdeck.cli.clock import SystemClock
from loopdeck.cli.look import theme_named
from loopdeck.cli.main import loaded, printable_json
from loopdeck.cli.places import Places, log_to_file
from loopdeck.cli.shipped import folder
from loopdeck.cli.sources import records_named
from loopdeck.session.comparing import Comparison, as_json, compare


def compare_runs(args: argparse.Namespace, spots: Places) -> int:
    """Show the comparison; with `--json` as data, and nothing is drawn."""
    if args.json:
        print(printable_json(json.dumps(as_json(_compared(args, spots)), ensure_ascii=False)))
        return 0
    log_to_file(args)
    asyncio.run(_show(args, spots))
    return 0


async def _show(args: argparse.Namespace, spots: Places) -> None:
    async def begin() -> First:
        from loopdeck.app.comparing import CompareScreen  # the first frame has been painted

        loaded()
        found = await asyncio.to_thread(_compared, args, spots)
        return First(home=lambda: CompareScreen(found))

    app = LoopdeckApp(
        begin,
        clock=SystemClock(),
        goal=None,
        themes=(folder("themes"), spots.themes),
        theme=theme_named(spots.config),
    )
    await app.run_async()
    if app.fault is not None:
        raise app.fault


def _compared(args: argparse.Namespace, spots: Places) -> Comparison:
    return compare(records_named(args.session, spots), records_named(args.compare, spots))
