"""The commands that open a screen: home, replay, and an agent's run on the deck.

Nothing but the screen itself is imported here: the rest is loaded behind its first frame.
"""

import argparse
import asyncio
import signal
import termios
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING

from loopdeck.app.app import LoopdeckApp
from loopdeck.cli.clock import SystemClock
from loopdeck.cli.look import theme_named
from loopdeck.cli.main import loaded
from loopdeck.cli.places import Places, log_to_file, places
from loopdeck.cli.runs import no_screen, on_terminal
from loopdeck.cli.shipped import folder
from loopdeck.cli.signals import SIGNALS, listening
from loopdeck.errors import UsageError

if TYPE_CHECKING:
    from loopdeck.app.first import First
    from loopdeck.cli.backstage import Backstage
    from loopdeck.cli.terminals import Line


def main(args: argparse.Namespace) -> int:
    """`loopdeck` and `loopdeck replay`."""
    if args.plain or (args.command == "replay" and on_terminal() and no_screen()):
        from loopdeck.cli.config import load_settings
        from loopdeck.cli.plain import replay_plain

        loaded()
        spots = places(args)
        settings = load_settings(spots.config, named=args.config is not None)
        return asyncio.run(replay_plain(args, spots, settings))
    compares = getattr(args, "compare", None) is not None
    obstacle = "" if compares and args.json else no_screen()
    if obstacle and compares:
        raise UsageError(obstacle, "--json writes the comparison as data.")
    if compares:
        from loopdeck.cli.comparing import compare_runs  # most replays compare nothing

        return compare_runs(args, places(args))
    if obstacle:
        raise UsageError(obstacle, "`loopdeck sessions list` and `show` need none.")
    return run_on_deck(args, places(args))


def goes_home(args: argparse.Namespace) -> bool:
    """Whether the command opens the library and no session."""
    return args.command == "home" or (args.command == "run" and args.goal is None)


def run_on_deck(args: argparse.Namespace, spots: Places) -> int:
    """Open the screen the command asks for; returns the exit code of what ran on it."""
    log_to_file(args)
    return asyncio.run(_show(args, spots))


async def _show(args: argparse.Namespace, spots: Places) -> int:
    backstage: list[Backstage] = []
    line, note = line_now(), spots.terminal_note()

    async def begin() -> "First":
        from loopdeck.app.suspending import Suspension
        from loopdeck.cli.backstage import Backstage  # the first frame has been painted
        from loopdeck.cli.terminals import Note

        loaded()
        app.suspension = Suspension(app, lambda: app.is_lent)
        app.suspension.watch()
        if note is not None:
            await asyncio.to_thread(Note(note).write, line)
        backstage.append(Backstage(args, spots))
        return await backstage[0].begin()

    app = LoopdeckApp(
        begin,
        clock=SystemClock(),
        goal=None if goes_home(args) else args.goal or "",
        themes=(folder("themes"), spots.themes),
        theme=theme_named(spots.config),
    )
    with _signals(app, line) as caught:
        try:
            await app.run_async()
            if app.fault is not None:
                for stage in backstage:
                    stage.interrupted()
                raise app.fault
            return await _leave(backstage, caught)
        finally:
            if note is not None:
                with suppress(OSError):
                    note.unlink(missing_ok=True)
            for stage in backstage:
                await stage.close()


def line_now() -> "Line | None":
    """How the terminal takes and gives lines now; None where there is none."""
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


async def _leave(backstage: "list[Backstage]", caught: list[int]) -> int:
    """Say how things stand; the exit code."""
    for stage in backstage:
        if not caught:
            return await stage.farewell()
        stage.interrupted()
    return 128 + caught[0] if caught else 0


def _signals(app: LoopdeckApp, line: "Line | None") -> AbstractContextManager[list[int]]:
    """Leave the screen in good order on a signal, so that the terminal is restored."""

    def counts(number: int) -> bool:
        """Those keys are meant for the editor, while it has the terminal."""
        return not (app.is_lent and number in (signal.SIGINT, signal.SIGQUIT))

    def again(number: int) -> None:
        from loopdeck.cli.terminals import leave_at_once  # nobody is that impatient as a rule

        leave_at_once(number, line)

    return listening(app.exit, again, (*SIGNALS, signal.SIGQUIT), counts)
