"""Ends the commands of a session that was taken from a process that hangs.

It may wake up later and write nothing any more, but a command that it started would still act.
"""

import contextlib
import os
import signal
import time
from pathlib import Path

from loopdeck.tools.commands.below import children
from loopdeck.tools.commands.lifeline import keeper_name

_PATIENCE_S = 2.0
_PAUSE_S = 0.01


def end_commands(holder: int, session: str) -> bool:
    """Kill all that runs for a session below its process; False for what cannot be killed."""
    name, end = keeper_name(session), time.monotonic() + _PATIENCE_S
    while found := [pid for keeper in _named(holder, name) for pid in _below(keeper)]:
        if time.monotonic() > end:
            return False
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE_S)
    return True


def _named(top: int, name: str) -> list[int]:
    """The processes below one that are called like this."""
    return [pid for pid in _below(top) if _name(pid) == name]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").rstrip("\n")
    except OSError:
        return ""


def _below(pid: int) -> list[int]:
    """Everything that descends from a process; nothing where the system does not tell."""
    found = children(pid)
    for child in found:  # which grows meanwhile
        found += children(child)
    return found
