"""The terminal is slept on: a key wakes the thread, so does leaving, and nothing else does."""

import contextlib
import os
import select
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO, cast

import pytest
from textual.app import App
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key
from textual.message import Message

from loopdeck.app import listening
from loopdeck.app.listening import Alarm, ListeningApp, QuietDriver
from loopdeck.app.outlet import Outlet


class Driver(QuietDriver):
    """Reads a pipe, and keeps what it would hand to the app."""

    def __init__(self, source: int) -> None:
        self.fileno = source
        self.exit_event = self._alarm = Alarm()
        self._debug = self.input_tty = False
        self.heard = threading.Semaphore(0)
        self.keys: list[str] = []

    def process_message(self, message: Message) -> None:
        """Take a key."""
        assert isinstance(message, Key)
        self.keys.append(message.key)
        self.heard.release()


@dataclass
class Typist:
    """A driver that listens in a thread of its own, and what it is told."""

    driver: Driver
    pipe: int
    waits: list[float | None] = field(default_factory=list[float | None])

    def type(self, keys: bytes, count: int) -> list[str]:
        """Type; the keys, once there are so many more."""
        os.write(self.pipe, keys)
        for _ in range(count):
            assert self.driver.heard.acquire(timeout=20)
        return self.driver.keys


@contextmanager
def typing(monkeypatch: pytest.MonkeyPatch) -> Generator[Typist]:
    """A driver that listens; leaving has to end it."""
    source, pipe = os.pipe()
    typist = Typist(Driver(source), pipe)
    real = select.select

    def seen(
        reads: list[int], writes: list[int], others: list[int], pause: float | None
    ) -> tuple[list[int], list[int], list[int]]:
        typist.waits.append(pause)
        return real(reads, writes, others, pause)

    monkeypatch.setattr(listening.select, "select", seen)
    thread = threading.Thread(target=typist.driver.run_input_thread)
    thread.start()
    try:
        yield typist
    finally:
        typist.driver.exit_event.set()
        thread.join(20)
        for each in (source, pipe):
            os.close(each)
    assert not thread.is_alive()


def test_it_sleeps_until_a_key_comes_and_hands_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with typing(monkeypatch) as typist:
        assert typist.type(b"ab", 2) == ["a", "b"]
        assert typist.waits[0] is None
        assert typist.type("é".encode()[:1], 0) == ["a", "b"]
        assert typist.type("é".encode()[1:] + b"\x1b[A", 2)[2:] == ["é", "up"]


def test_an_escape_that_stands_alone_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with typing(monkeypatch) as typist:
        assert typist.type(b"\x1b", 1) == ["escape"]
        assert set(typist.waits) == {None, listening.TICK_S}


def test_it_goes_back_to_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "AWAKE_S", 0.0)
    with typing(monkeypatch) as typist:
        typist.type(b"a", 1)
        typist.type(b"b", 1)
    assert set(typist.waits) == {None}


@pytest.mark.parametrize("is_terminal", [False, True])
def test_what_has_ended_is_listened_to_no_more_and_a_terminal_that_has_is_a_hanging_up(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    monkeypatch.setattr(listening, "AWAKE_S", 0.0)
    own, theirs = os.openpty() if is_terminal else os.pipe()[::-1]
    told: list[int] = []
    before = signal.signal(signal.SIGHUP, lambda number, _: told.append(number))
    driver = Driver(theirs)
    driver.input_tty = os.isatty(theirs)
    os.close(own)
    try:
        driver.run_input_thread()  # returns, though nobody sets the alarm
    finally:
        signal.signal(signal.SIGHUP, before)
        os.close(theirs)
    assert told == ([signal.SIGHUP] if is_terminal else [])


def test_what_is_drawn_on_a_terminal_that_is_gone_is_dropped() -> None:
    own, theirs = os.openpty()
    with os.fdopen(theirs, "w", buffering=1) as file:
        outlet = Outlet(file)
        outlet.write("a\n")
        outlet.flush()
        assert os.read(own, 9).startswith(b"a")
        os.close(own)
        writer = WriterThread(cast("TextIO", outlet))
        writer.start()
        for _ in range(2 * MAX_QUEUED_WRITES):
            writer.write("b\n")  # would wait for ever for a thread that has ended
        writer.stop()
        assert outlet.fileno() == theirs
        with contextlib.suppress(OSError):
            file.close()


def test_an_alarm_can_be_selected_and_is_as_new_after_it() -> None:
    alarm = Alarm()
    for _ in range(2):
        assert not select.select([alarm.descriptor], [], [], 0)[0]
        alarm.set()
        alarm.set()
        assert alarm.is_set()
        assert select.select([alarm.descriptor], [], [], 0)[0]
        alarm.clear()


def test_only_the_driver_of_textual_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    app = ListeningApp[None]()
    assert app.get_driver_class() is QuietDriver

    def other(_app: App[Any]) -> type[HeadlessDriver]:
        return HeadlessDriver

    monkeypatch.setattr(App, "get_driver_class", other)
    assert app.get_driver_class() is HeadlessDriver
