"""Lets a human change a text in their own editor; the terminal has been given to it already."""

import asyncio
import contextlib
import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path

from loopdeck.cli.kept.files import read_small
from loopdeck.cli.outside import program_outside
from loopdeck.errors import LoopdeckError, UsageError

USUAL = ("sensible-editor", "nano", "vim", "vi")
_KEPT = "Your text is as it was."


async def edit(text: str, env: Mapping[str, str] = os.environ, *, beside: str = "") -> str:
    """The text as the editor left it, which is no program of this folder or the one `beside`.

    Raises `UsageError` with what went wrong.
    """
    command = editor_of(env, beside)
    with tempfile.TemporaryDirectory(prefix="loopdeck-") as folder:  # for its owner alone
        path = Path(folder) / "message.md"
        path.write_text(text, "utf-8")
        try:
            program = program_outside(command[0], env, beside)
            process = await asyncio.create_subprocess_exec(program, *command[1:], str(path))
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


def editor_of(env: Mapping[str, str], beside: str = "") -> list[str]:
    """The command of the editor. Raises `UsageError`."""
    for name in ("VISUAL", "EDITOR"):
        try:
            command = shlex.split(env.get(name, ""))
        except ValueError as error:
            raise UsageError(f"{name} cannot be read: {error}.", "Close its quotes.") from error
        if command:
            return command
    for name in USUAL:
        with contextlib.suppress(OSError):
            return [program_outside(name, env, beside)]
    raise UsageError("There is no editor.", "Set VISUAL or EDITOR to one.")


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Wait for it; where nobody waits any more it is brought to its end."""
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
