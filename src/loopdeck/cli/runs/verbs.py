"""`loopdeck run`, `demo` and `resume`: an agent at work, on the deck, in lines or unseen."""

import argparse
import asyncio

from loopdeck.cli.console import loaded, tell
from loopdeck.cli.places import Places, places
from loopdeck.cli.terminal.drawing import no_screen, on_terminal


def main(args: argparse.Namespace) -> int:
    """Run the command in the way the terminal allows."""
    spots = places(args)
    if args.command == "fork":
        from loopdeck.cli.forking import make_sure  # the others do not need to be asked

        make_sure(args, spots)  # before a screen covers the question
    if args.plain:
        return _plainly(args, spots)
    if args.headless:
        return _headless(args, spots)
    obstacle = no_screen()
    if not obstacle:
        from loopdeck.cli.runs.screens import (
            run_on_deck,  # textual costs 0.2 s that others need not pay
        )

        return run_on_deck(args, spots)
    if on_terminal() and not args.json:
        tell(f"{obstacle} Going on in plain lines, as --plain does.")
        return _plainly(args, spots)
    tell(f"{obstacle} Going on without a screen, as --headless does.")
    return _headless(args, spots)


def _headless(args: argparse.Namespace, spots: Places) -> int:
    from loopdeck.cli.runs.headless import run_headless  # no screen: textual stays unloaded
    from loopdeck.cli.runs.unseen import settings_unseen

    loaded()
    return asyncio.run(run_headless(args, spots, settings_unseen(args, spots)))


def _plainly(args: argparse.Namespace, spots: Places) -> int:
    from loopdeck.cli.runs.plain import run_plain
    from loopdeck.cli.runs.unseen import settings_unseen

    loaded()
    return asyncio.run(run_plain(args, spots, settings_unseen(args, spots)))
