"""`loopdeck run`, `demo` and `resume`: an agent at work, on the deck or without a screen."""

import argparse
import asyncio
import shutil
import sys

from loopdeck.cli.main import loaded, tell
from loopdeck.cli.places import places

SMALLEST = (60, 20)  # columns and lines the deck needs


def main(args: argparse.Namespace) -> int:
    """Run the command in the way the terminal allows."""
    spots = places(args)
    obstacle = "" if args.headless else no_screen()
    if args.headless or obstacle:
        if obstacle:
            tell(f"{obstacle} Going on without a screen, as --headless does.")
        from loopdeck.cli.config import load_settings
        from loopdeck.cli.headless import run_headless  # no screen: textual stays unloaded

        loaded()
        settings = load_settings(spots.config, named=args.config is not None)
        return asyncio.run(run_headless(args, spots, settings))
    from loopdeck.cli.screens import run_on_deck  # textual costs 0.2 s that headless need not pay

    return run_on_deck(args, spots)


def no_screen() -> str:
    """Why there can be no deck here; empty if there can."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "There is no terminal to draw on."
    size = shutil.get_terminal_size()
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        return (
            f"This terminal has {size.columns}×{size.lines} cells, "
            f"and the deck needs {SMALLEST[0]}×{SMALLEST[1]}."
        )
    return ""
