"""The terminal after a crash: how it was before, and bringing it back to that.

A process that is killed leaves the other screen, a hidden cursor and mouse reports behind. What
it would have put back is noted beside the log, by terminal, until the screen is left.
"""

import contextlib
import json
import os
import sys
import termios
from pathlib import Path
from typing import Any, NamedTuple, cast

from loopdeck.cli.kept.files import write_private
from loopdeck.errors import LoopdeckError

_MODES = (9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004, 2026, 2048)
RESET = (
    "\x1b[<u"  # what keys send, before the screen that it belongs to is left
    + "".join(f"\x1b[?{mode}l" for mode in _MODES)
    + "\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[?1l\x1b>\x1b[0m\x1b(B\x0f"
)
"""Back to the usual screen: no reports of mouse, focus or pastes, a cursor, plain text."""

Line = list[Any]  # the line discipline, as termios has it


class Handles(NamedTuple):
    """Where a terminal takes keys and shows things."""

    keys: int
    shows: int


OURS = Handles(0, 2)  # as the screen uses them


def restore(line: Line | None = None, handles: Handles = OURS) -> bool:
    """Bring the terminal back; as it usually is, where it is not known how it was."""
    try:
        os.write(handles.shows, RESET.encode())
        line = _usual(handles.keys) if line is None else line
        termios.tcsetattr(handles.keys, termios.TCSANOW, line)
    except (termios.error, OSError):
        return False
    return True


def leave_at_once(number: int, line: Line | None) -> None:
    """End the process because of a signal, without waiting for anything."""
    restore(line)
    os._exit(128 + number)


class Note:
    """What is noted of one terminal while a screen is on it."""

    def __init__(self, path: Path, handles: Handles = OURS) -> None:
        self._path = path
        self._handles = handles

    def write(self, line: Line | None) -> None:
        """Note how it was; where that cannot be kept, `reset-terminal` helps as well."""
        about = {"pid": os.getpid(), "born": _born(os.getpid()), "shell": os.getsid(0)}
        kept = None if line is None else [*line[:6], [_hex(one) for one in line[6]]]
        with contextlib.suppress(LoopdeckError):
            write_private(self._path, json.dumps({**about, "line": kept}))

    def remove(self) -> None:
        """The screen was left in good order."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def heal(self) -> bool:
        """Bring the terminal back if whoever noted it is gone; whether that was done."""
        try:
            noted = cast("dict[str, Any]", json.loads(self._path.read_text("ascii")))
            if noted["born"] == _born(noted["pid"]):
                return False  # it is still at work, or stopped
            same, line = noted["shell"] == os.getsid(0), _unpacked(noted["line"])
        except (OSError, ValueError, KeyError, TypeError):
            same, line = False, None
        self.remove()
        return same and restore(
            line, self._handles
        )  # another shell has another window, under an old name


def _unpacked(line: Line | None) -> Line | None:
    if line is None:
        return None
    return [*line[:6], [one if isinstance(one, int) else bytes.fromhex(one) for one in line[6]]]


def _hex(one: bytes | int) -> str | int:
    return one if isinstance(one, int) else one.hex()


def _usual(keys: int) -> Line:
    line = termios.tcgetattr(keys)
    line[0] |= termios.ICRNL | termios.IXON
    line[1] |= termios.OPOST
    line[3] |= termios.ISIG | termios.ICANON | termios.IEXTEN | termios.ECHO
    return line


def _born(pid: int) -> str:
    """When a process began, in the words of the system; nothing where it is gone."""
    try:
        if sys.platform != "linux":
            os.kill(pid, 0)
            return "alive"
        return (
            Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
        )
    except (OSError, IndexError):
        return ""
