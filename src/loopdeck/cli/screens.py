"""The commands that open a screen: home, replay, and an agent's run on the deck."""

import argparse
import asyncio
import signal

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.home import HomeScreen
from loopdeck.app.keymap import remap
from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.headless import EXIT_CODES, SIGNALS
from loopdeck.cli.hosting import DeckHost
from loopdeck.cli.main import tell
from loopdeck.cli.places import Places, log_to_file, places
from loopdeck.cli.runs import no_screen
from loopdeck.cli.shipped import folder
from loopdeck.cli.starting import open_workshop
from loopdeck.cli.wiring import Run, Workshop
from loopdeck.errors import UsageError
from loopdeck.ports import Opened


def main(args: argparse.Namespace) -> int:
    """`loopdeck` and `loopdeck replay`."""
    obstacle = no_screen()
    if obstacle:
        raise UsageError(obstacle, "`loopdeck sessions list` and `show` need none.")
    spots = places(args)
    return run_on_deck(args, spots, load_settings(spots.config, named=args.config is not None))


def run_on_deck(args: argparse.Namespace, spots: Places, settings: Settings) -> int:
    """Open the screen the command asks for; returns the exit code of what ran on it."""
    log_to_file(args)
    remap(settings.keys)  # wrong keys are said before the screen opens
    return asyncio.run(_show(args, spots, settings))


async def _show(args: argparse.Namespace, spots: Places, settings: Settings) -> int:
    async with open_workshop(spots, settings) as workshop:
        host = DeckHost(workshop, args)
        opened = await _first(host, args)
        app = LoopdeckApp(
            clock=workshop.clock,
            opened=opened,
            home=(lambda: HomeScreen(workshop.journal, host, keys=settings.keys))
            if opened is None
            else None,
            themes=(folder("themes"), spots.themes),
            theme=settings.theme,
            keys=settings.keys,
        )
        caught = _watch_signals(app)
        try:
            await app.run_async()
        finally:
            await host.close()
        if caught:
            for run in host.runs[-1:]:
                tell(f"session {run.session} is paused.", f"loopdeck resume {run.session}")
            return 128 + caught[0]
        return await _farewell(host.runs, workshop)


async def _first(host: DeckHost, args: argparse.Namespace) -> Opened | None:
    """What is on the screen at first; `None` is home."""
    if args.command == "replay":
        return await host.replay(args.session, args.at)
    if args.command == "home" or (args.command == "run" and args.goal is None):
        return None
    return await host.begin()


def _watch_signals(app: LoopdeckApp) -> list[int]:
    """Leave the screen in good order on a signal, so that the terminal is restored."""
    caught: list[int] = []

    def on_signal(number: int) -> None:
        caught.append(number)
        app.exit()

    loop = asyncio.get_running_loop()
    for number in (*SIGNALS, signal.SIGQUIT):
        loop.add_signal_handler(number, on_signal, number)
    return caught


async def _farewell(runs: list[Run], workshop: Workshop) -> int:
    """Say how the last run stands and what to do next."""
    if not runs:
        return 0
    run = runs[-1]
    if run.ending is not None and run.ending.outcome == "done":
        tell(f"session {run.session} is done.", f"loopdeck replay {run.session}")
        return 0
    if run.ending is not None:
        tell(f"session {run.session}: {run.ending.text}", f"loopdeck resume {run.session}")
        return EXIT_CODES[run.ending.outcome]
    waits = any(s.pending for s in await workshop.journal.summaries() if s.id == run.session)
    state = "waits for you" if waits else "is paused"
    tell(f"session {run.session} {state}.", f"loopdeck resume {run.session} goes on with it.")
    return EXIT_CODES["waiting" if waits else "stopped"]
