"""Stopping the whole program for a while, as ctrl+z does in a shell, and coming back to the screen.

Textual does it by itself, but stops this process alone, so that a shell that started it through
another program waits for ever, and it takes a continuation that no key preceded for a second start.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from textual.app import App, SuspendNotSupported

SAID = (
    "Loopdeck is suspended: its agents take no step. `fg` goes on.\n"
    "A command that had begun runs on meanwhile, and its time limit counts on."
)
"""Commands are in sessions of their own, which no key of this terminal reaches."""
_TRIES = 20  # of a process that nobody brings to the foreground


class Suspension:
    """Gives the terminal back before the program stops, and draws the screen anew after it."""

    def __init__(self, app: App[Any], is_lent: Callable[[], bool]) -> None:
        self._app = app
        self._is_lent = is_lent
        self._stopping = self._goes_on = False

    def watch(self) -> None:
        """Take the place of textual's handlers. To be called once its screen is there."""
        self._loop = asyncio.get_running_loop()
        signal.signal(signal.SIGTSTP, self._asked)
        signal.signal(signal.SIGCONT, self._continued)

    def stop(self) -> bool:
        """Stop, and the agents of this process with it; False where no shell could let it go on.

        Raises `SuspendNotSupported`.
        """
        if self._is_lent():
            _stop(os.getpid())  # the editor has the terminal, and has stopped itself
            return True
        self._stopping, self._goes_on = True, False
        try:
            with self._app.suspend():
                print(SAID, file=sys.__stderr__, flush=True)
                _stop(0)
        finally:
            self._app.call_later(self._stopped)
        return self._goes_on

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.stop)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        self._goes_on = True
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._redraw)

    def _stopped(self) -> None:
        self._stopping = False

    def _redraw(self) -> None:
        """Somebody stopped the program without asking, and lets it go on: begin the screen anew.

        A terminal that is closed says so too, after its hanging up: then there is no screen, and
        one that began anew behind the last would be ended by nobody.
        """
        if self._stopping or self._is_lent() or not self._app.is_running or not os.isatty(0):
            return
        try:
            with self._app.suspend():
                _wait_for_the_terminal()
        except SuspendNotSupported:
            return


def _stop(whom: int) -> None:
    """Stop this process, or its whole group; returns when it goes on, in the foreground.

    Where no shell could let it go on, the system does not stop it.
    """
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.kill(whom, signal.SIGTSTP)
        _wait_for_the_terminal()
    finally:
        signal.signal(signal.SIGTSTP, handler)


def _wait_for_the_terminal() -> None:
    """In the background, stop until a shell gives the terminal back."""
    for _ in range(_TRIES):
        try:
            if os.tcgetpgrp(0) == os.getpgrp():
                return
        except OSError:
            return
        os.kill(0, signal.SIGTTOU)
