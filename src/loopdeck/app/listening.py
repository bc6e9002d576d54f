"""A terminal that is listened to in one's sleep: textual's own driver looks for keys all day long.

Ten looks a second, each of which wakes the processor, are most of what an idle screen costs.
"""

import os
import select
import signal
import sys
import threading
import time
from codecs import getincrementaldecoder
from typing import TextIO, TypeVar, cast

from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Event, InputEvent

from loopdeck.app.outlet import Outlet

T = TypeVar("T")

TICK_S = 0.1  # between two looks for the end of a sequence, such as an escape that stands alone
AWAKE_S = 1.0 + 2 * constants.ESCAPE_DELAY  # after a key: so long an end may be waited for
READ = 4096
_KEEP_TITLE, _GIVE_TITLE = "\x1b[22;2t", "\x1b[23;2t"


class Alarm(threading.Event):
    """An event that a `select` sees too: `descriptor` can be read while it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.descriptor, self._sound = os.pipe()

    def set(self) -> None:
        """Wake whoever waits, in whichever way."""
        if not self.is_set():
            super().set()
            os.write(self._sound, b"!")

    def clear(self) -> None:
        """Be as new."""
        if self.is_set():
            super().clear()
            os.read(self.descriptor, 1)

    def __del__(self) -> None:
        os.close(self._sound)
        os.close(self.descriptor)


class QuietDriver(LinuxDriver):
    """Sleeps until something is typed, the terminal is gone, or the app leaves it."""

    def start_application_mode(self) -> None:
        """Take the terminal, with an alarm for the event by which the thread is told to end."""
        self.exit_event = self._alarm = Alarm()
        self._outlet = Outlet(cast("TextIO", sys.__stderr__))
        self._file = cast("TextIO", self._outlet)
        super().start_application_mode()
        self.write(_KEEP_TITLE)

    def write(self, data: str) -> None:
        """Send this out, after all that was sent before."""
        if not self._outlet.at_once(data):
            super().write(data)

    def stop_application_mode(self) -> None:
        """Give it back, with the title that its window had."""
        self.write(_GIVE_TITLE)
        super().stop_application_mode()

    def close(self) -> None:
        """Wait until all of it is out."""
        self._outlet.close()
        super().close()

    def run_input_thread(self) -> None:
        """Hand on what is typed; returns when the alarm is set, or nothing can come any more."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")().decode
        heard = [self.fileno]
        awake = 0.0
        while not self._alarm.is_set() and (heard or time.monotonic() < awake):
            pause = TICK_S if time.monotonic() < awake else None
            ready, _, _ = select.select([*heard, self._alarm.descriptor], [], [], pause)
            if self.fileno in ready:
                typed = self._typed()
                if not typed:
                    heard = []  # it has ended: it would be ready for ever
                awake = time.monotonic() + AWAKE_S
                text = decode(typed)
                for message in parser.feed(text) if text else ():
                    self.process_message(message)
            for message in parser.tick():
                self.process_message(message)

    def _typed(self) -> bytes:
        """What was typed; nothing at the end, which for a terminal is as if it had hung up.

        The system tells only those for whom it is the terminal that controls them.
        """
        try:
            typed = os.read(self.fileno, READ)
        except OSError:
            typed = b""
        if not typed and self.input_tty:
            os.kill(os.getpid(), signal.SIGHUP)
        return typed


class ListeningApp(App[T]):
    """An app that costs nothing while nobody types."""

    touched = 0  # how often a key or the mouse was
    is_lent = False

    async def on_event(self, event: Event) -> None:
        """Count what comes from the human."""
        self.touched += isinstance(event, InputEvent)
        await super().on_event(event)

    def send_out(self, sequence: str) -> None:
        """Send the terminal what no widget draws; not where it belongs to another, or soon will."""
        ours = not (self.is_headless or self.is_lent or self._exit)
        if ours and self._driver is not None:
            self._driver.write(sequence)

    def get_driver_class(self) -> type[Driver]:
        """The quiet driver in place of textual's; any other that was asked for stays."""
        chosen = super().get_driver_class()
        return QuietDriver if chosen is LinuxDriver else chosen
