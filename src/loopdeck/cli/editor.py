"""Lets a human change a text in their own editor; the terminal has been given to it already."""

import asyncio
import contextlib
import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from loopdeck.cli.kept.files import read_small
from loopdeck.errors import LoopdeckError, UsageError

USUAL = ("sensible-editor", "nano", "vim", "vi")
_KEPT = "Your text is as it was."


async def edit(text: str, env: Mapping[str, str] = os.environ) -> str:
    """The text as the editor left it. Raises `UsageError` with what went wrong."""
    command = editor_of(env)
    with tempfile.TemporaryDirectory(prefix="loopdeck-") as folder:  # for its owner alone
        path = Path(folder) / "message.md"
        path.write_text(text, "utf-8")
        try:
            process = await asyncio.create_subprocess_exec(*command, str(path))
        except OSError as error:
            raise UsageError(
                f"The editor {command[0]} cannot be started: {error.strerror}.",
                "Set VISUAL or EDITOR to another.",
            ) from error
        code = await _ended(process)
        if code:
            raise UsageError(f"The editor {command[0]} ended with code {code}. {_KEPT}", "")
        try:
            return (read_small(path, follow=False) or "").rstrip("\n")
        except LoopdeckError as error:
            raise UsageError(f"What the editor left cannot be read. {_KEPT}", str(error)) from error


def editor_of(env: Mapping[str, str]) -> list[str]:
    """The command of the editor. Raises `UsageError`."""
    for name in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(env.get(name, ""))
        except ValueError as error:
            raise UsageError(f"{name} cannot be read: {error}.", "Close its quotes.") from error
        if command:
            return command
    found = next((name for name in USUAL if shutil.which(name, path=env.get("PATH"))), None)
    if found is None:
        raise UsageError("There is no editor.", "Set VISUAL or EDITOR to one.")
    return [found]


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Wait for it; where nobody waits any more it is brought to its end."""
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
