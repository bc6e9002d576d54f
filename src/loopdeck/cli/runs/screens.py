"""The commands that open a screen: home, replay, and an agent's run on the deck.

Nothing but the screen itself is imported here: the rest is loaded behind its first frame.
"""

import argparse
import asyncio
from typing import TYPE_CHECKING

from loopdeck.cli.console import loaded
from loopdeck.cli.options.commands import goes_home
from loopdeck.cli.places import Places, log_to_file, places
from loopdeck.cli.runs.showing import show
from loopdeck.cli.terminal.drawing import no_screen, on_terminal
from loopdeck.errors import UsageError

if TYPE_CHECKING:
    from loopdeck.cli.runs.backstage import Backstage


def main(args: argparse.Namespace) -> int:
    """`loopdeck` and `loopdeck replay`."""
    if args.plain or (args.command == "replay" and on_terminal() and no_screen()):
        from loopdeck.cli.runs.plain import replay_plain
        from loopdeck.cli.runs.unseen import settings_unseen

        loaded()
        spots = places(args)
        return asyncio.run(replay_plain(args, spots, settings_unseen(args, spots)))
    compares = getattr(args, "compare", None) is not None
    obstacle = "" if compares and args.json else no_screen()
    if obstacle and compares:
        raise UsageError(obstacle, "--json writes the comparison as data.")
    if compares:
        from loopdeck.cli.runs.comparing import compare_runs  # most replays compare nothing

        return compare_runs(args, places(args))
    if obstacle:
        plainly = "--plain replays in lines; " if args.command == "replay" else ""
        raise UsageError(obstacle, f"{plainly}`loopdeck sessions list` and `show` need none.")
    return run_on_deck(args, places(args))


def run_on_deck(args: argparse.Namespace, spots: Places) -> int:
    """Open the screen the command asks for; returns the exit code of what ran on it."""

    def set_up() -> "Backstage":
        from loopdeck.cli.runs.backstage import Backstage  # the first frame has been painted

        return Backstage(args, spots)

    log_to_file(args)
    goal = None if goes_home(args) else args.goal or ""
    return asyncio.run(show(set_up, spots, goal=goal))
