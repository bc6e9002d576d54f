"""An answer counts only if it was typed after its question could be read."""

import io
import os
from typing import TextIO

import pytest

from loopdeck.cli.terminal.answering import answer_to


class Typing(io.StringIO):
    """Stdin at a real terminal; this is typed when the program begins to read."""

    def __init__(self, keyboard: int, terminal: TextIO, late: bytes) -> None:
        super().__init__()
        self._keyboard, self._terminal, self._late = keyboard, terminal, late

    def fileno(self) -> int:
        return self._terminal.fileno()

    def readline(self, size: int | None = -1, /) -> str:
        del size
        os.write(self._keyboard, self._late)
        return self._terminal.readline()


def test_what_was_typed_before_and_at_once_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, other = os.openpty()
    screen = io.StringIO()
    with os.fdopen(other, encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", Typing(keyboard, terminal, b"n\n"))
        monkeypatch.setattr("sys.stderr", screen)
        os.write(keyboard, b"y\n")

        def pause(seconds: float) -> None:
            assert seconds >= 0.4
            assert screen.getvalue() == "Approve it? [y/N] ", "it waits before it is read"
            os.write(keyboard, b"y\ny")

        assert answer_to("Approve it? [y/N]", pause) == "n"
    os.close(keyboard)


def test_what_is_no_terminal_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" yes \n"))
    assert answer_to("Sure?", lambda _seconds: pytest.fail("nobody types here")) == "yes"
