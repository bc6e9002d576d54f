"""One screen from its first frame to its last: its terminal, its signals, what works behind it.

Nothing but the screen itself is imported here: the rest is loaded behind its first frame.
"""

import asyncio
import signal
import termios
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from loopdeck.app.app import LoopdeckApp
from loopdeck.cli.clock import SystemClock
from loopdeck.cli.console import loaded
from loopdeck.cli.look import theme_named
from loopdeck.cli.places import Places
from loopdeck.cli.shipped import folder
from loopdeck.cli.terminal.signals import SIGNALS, listening

if TYPE_CHECKING:
    from loopdeck.app.first import First
    from loopdeck.cli.terminal.notes import Line


class Behind(Protocol):
    """What works behind a screen, from its first frame to its last."""

    async def begin(self) -> "First":
        """Load, and say what comes first. Raises `LoopdeckError`s."""
        ...

    async def farewell(self) -> int:
        """Say how things stand once a person has left; the exit code."""
        ...

    async def interrupted(self) -> None:
        """Say what becomes of it, where a signal or a fault ended the screen."""
        ...

    async def close(self) -> None:
        """Bring all of it to rest."""
        ...


async def show(set_up: Callable[[], Behind], spots: Places, *, goal: str | None = None) -> int:
    """A screen, until it is left; returns the exit code. `set_up` runs behind the first frame."""
    behind: list[Behind] = []
    line, note = line_now(), spots.terminal_note()

    async def begin() -> "First":
        await _keep_terminal(app, line, note, caught)
        behind.append(await asyncio.to_thread(set_up))  # keys are answered meanwhile
        loaded()
        return await behind[0].begin()

    app = LoopdeckApp(
        begin,
        clock=SystemClock(),
        goal=goal,
        themes=(folder("themes"), spots.themes),
        theme=theme_named(spots.config),
    )
    with _signals(app, line) as caught:
        try:
            await app.run_async()
            if app.fault is not None:
                for one in behind:
                    await one.interrupted()
                raise app.fault
            return await _leave(behind, caught)
        finally:
            if note is not None:
                with suppress(OSError):
                    note.unlink(missing_ok=True)
            for one in behind:
                await one.close()


def line_now() -> "Line | None":
    """How the terminal takes and gives lines now; None where there is none."""
    try:
        return termios.tcgetattr(0)
    except termios.error:
        return None


async def _keep_terminal(
    app: LoopdeckApp, line: "Line | None", note: Path | None, caught: list[int]
) -> None:
    """Be ready to give the terminal back: to a shell that suspends, and after a crash."""
    from loopdeck.app.suspending import Suspension  # the first frame has been painted
    from loopdeck.cli.terminal.notes import Note
    from loopdeck.tools.commands.halting import halts

    app.suspension = Suspension(app, lambda: app.is_lent, halts().halted, lambda: bool(caught))
    app.suspension.watch()
    if note is not None:
        await asyncio.to_thread(Note(note).write, line)


async def _leave(behind: list[Behind], caught: list[int]) -> int:
    """Say how things stand; the exit code."""
    for one in behind:
        if not caught:
            return await one.farewell()
        await one.interrupted()
    return 128 + caught[0] if caught else 0


def _signals(app: LoopdeckApp, line: "Line | None") -> AbstractContextManager[list[int]]:
    """Leave the screen in good order on a signal, so that the terminal is restored."""

    def counts(number: int) -> bool:
        """Those keys are meant for the editor, while it has the terminal."""
        return not (app.is_lent and number in (signal.SIGINT, signal.SIGQUIT))

    def again(number: int) -> None:
        from loopdeck.cli.terminal.notes import leave_at_once  # nobody is that impatient as a rule

        leave_at_once(number, line)

    return listening(app.exit, again, (*SIGNALS, signal.SIGQUIT), counts)
