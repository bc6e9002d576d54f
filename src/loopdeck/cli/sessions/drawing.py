"""Has an asciicast drawn by a process of its own, where a deck is on the screen already."""

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loopdeck.errors import LoopdeckError
from loopdeck.session.codec import dump_record
from loopdeck.session.records import Record


async def cast_apart(records: Sequence[Record], args: argparse.Namespace) -> str:
    """The asciicast of these records: a program draws one screen, and that one stays quick."""
    with tempfile.TemporaryDirectory(prefix="loopdeck-cast-") as folder:
        recording = Path(folder) / "recording.jsonl"
        lines = [f"{dump_record(record)}\n" for record in records]
        await asyncio.to_thread(recording.write_text, "".join(lines), "utf-8")
        drawn = await _told(*_command(recording, args))
    if not drawn:
        raise LoopdeckError(
            "The asciicast could not be drawn.",
            "`loopdeck sessions export SESSION --format asciicast` may say why.",
        )
    return drawn


def _command(recording: Path, args: argparse.Namespace) -> list[str]:
    given = [word for name in ("db", "config") for word in _option(name, getattr(args, name))]
    size = "x".join(map(str, args.size))
    verb = ("sessions", "export", str(recording), "--format", args.format, "--size", size)
    return [sys.executable, "-m", "loopdeck", *verb, *given]


def _option(name: str, value: str | None) -> tuple[str, ...]:
    return (f"--{name}", value) if value else ()


async def _told(*command: str) -> str:
    """What a program prints; nothing where it fails. It ends with who waits for it."""
    nothing = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *command, stdin=nothing, stdout=asyncio.subprocess.PIPE, stderr=nothing
    )
    try:
        out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())
    return out.decode("utf-8", "replace") if process.returncode == 0 else ""
