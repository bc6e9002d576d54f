"""Stopping the whole program for a while, as ctrl+z does in a shell, and coming back to the screen.

Textual does it by itself, but stops this process alone, so that a shell that started it through
another program waits for ever, and it takes a continuation that no key preceded for a second start.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any

from textual.app import App, SuspendNotSupported

SAID = "Loopdeck is suspended, with its agents and their commands. `fg` goes on."
_TRIES = 20  # of a process that nobody brings to the foreground


class Suspension:
    """Gives the terminal back before the program stops, and draws the screen anew after it.

    While it is `halted`, nothing runs that an agent has started. Whether it `ends`, because of a
    signal that came meanwhile, is asked where it goes on in the background.
    """

    def __init__(
        self,
        app: App[Any],
        is_lent: Callable[[], bool],
        halted: Callable[[], AbstractContextManager[None]],
        ends: Callable[[], bool],
    ) -> None:
        self._app = app
        self._is_lent = is_lent
        self._halted = halted
        self._ends = ends
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
            with self._halted():
                _stop(
                    os.getpid(), self._ends
                )  # the editor has the terminal, and has stopped itself
            return True
        self._stopping, self._goes_on = True, False
        try:
            with self._app.suspend(), self._halted():
                print(SAID, file=sys.__stderr__, flush=True)
                _stop(0, self._ends)
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
            with self._app.suspend(), self._halted():
                _wait_for_the_terminal(self._ends)
        except SuspendNotSupported:
            return


def _stop(whom: int, ends: Callable[[], bool]) -> None:
    """Stop this process, or its whole group; returns when it goes on, in the foreground.

    Where no shell could let it go on, the system does not stop it.
    """
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.kill(whom, signal.SIGTSTP)
        _wait_for_the_terminal(ends)
    finally:
        signal.signal(signal.SIGTSTP, handler)


def _wait_for_the_terminal(ends: Callable[[], bool]) -> None:
    """In the background, stop until a shell gives the terminal back, or this is the end.

    An end needs none, and would be stopped as well where it took hold of that of its shell.
    """
    for _ in range(_TRIES):
        try:
            if os.tcgetpgrp(0) == os.getpgrp():
                return
        except OSError:
            return
        if ends():
            _let_go_of_the_terminal()
            return
        os.kill(0, signal.SIGTTOU)


def _let_go_of_the_terminal() -> None:
    """Read nothing more and change no mode; the last words may still be written."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
