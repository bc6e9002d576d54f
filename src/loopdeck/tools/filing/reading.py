"""`read_file`: a range of a text file's lines, numbered."""

import asyncio
import io
import os
from dataclasses import dataclass

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.figures import amount
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.disk.beneath import open_file
from loopdeck.tools.disk.paths import Target, explain
from loopdeck.tools.filing.aim import AimedRead

MAX_BYTES = 48_000
MAX_LINE = 2_000
MAX_LINES = 2_000
_SNIFF = 8_192


class ReadFileArgs(Arguments):
    """What `read_file` takes."""

    path: str = Field(min_length=1, description="The file, relative to the workspace.")
    offset: int = Field(default=1, ge=1, description="The first line to read, counted from 1.")
    limit: int = Field(
        default=MAX_LINES, ge=1, le=MAX_LINES, description="How many lines to read at most."
    )


@dataclass(slots=True)
class ReadFile(AimedRead[ReadFileArgs]):
    """One reading of one file."""

    tool = "read_file"

    async def run(self, context: ToolContext) -> ToolResult:
        """Read in a thread: the disk may be slow, and nothing changes by it."""
        target = self.aim.kept()
        output = await asyncio.to_thread(self._read, target)
        return ToolResult(ok=True, output=output, files=(target.shown,))

    def _read(self, target: Target) -> str:
        try:
            with os.fdopen(open_file(target.base, target.parts), "rb") as file:
                return self._lines(file, target)
        except OSError as error:
            raise explain(error, target) from error

    def _lines(self, file: io.BufferedReader, target: Target) -> str:
        size = os.fstat(file.fileno()).st_size
        head = file.peek(_SNIFF)[:_SNIFF]
        if b"\0" in head:
            raise ToolError(f"{target.shown} is a binary file of {amount(size)}; it is not shown.")
        lines: list[str] = []
        number = used = 0
        while (line := _line(file)) is not None:
            number += 1
            if number < self.args.offset:
                continue
            if len(lines) == self.args.limit or used + len(line) > MAX_BYTES:
                lines.append(f"[more follows; go on with offset={number}]")
                return "\n".join(lines)
            lines.append(f"{number:6}\t{line}")
            used += len(line) + 8
        if not lines and number:
            raise ToolError(f"{target.shown} has only {number} lines.")
        return "\n".join(lines) or "[the file is empty]"


def _line(file: io.BufferedReader) -> str | None:
    """The next line without its end, cut where it is too long; None at the end of the file."""
    raw = file.readline(MAX_LINE * 4)
    if not raw:
        return None
    length, last = len(raw), raw
    while not last.endswith(b"\n") and (last := file.readline(65_536)):
        length += len(last)
    text = raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    if length == len(raw) and len(text) <= MAX_LINE:
        return text
    cut = text[:MAX_LINE]
    return f"{cut} [… {amount(length - len(cut.encode()))} of this line left out]"
