"""`list_files`: what is in a folder, ignored files left out."""

import asyncio
from dataclasses import dataclass

from pydantic import Field

from loopdeck.errors import ToolError
from loopdeck.figures import plural
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.disk.beneath import NotAFile, kind_of
from loopdeck.tools.disk.paths import Target, explain, printable
from loopdeck.tools.disk.walk import walk
from loopdeck.tools.filing.aim import AimedRead

MAX_ENTRIES = 1_000


class ListFilesArgs(Arguments):
    """What `list_files` takes."""

    path: str = Field(default=".", description="The folder, relative to the workspace.")
    depth: int = Field(
        default=3, ge=1, le=32, description="How many levels to go down; 1 is the folder alone."
    )


@dataclass(slots=True)
class ListFiles(AimedRead[ListFilesArgs]):
    """One listing of one folder."""

    tool = "list_files"

    async def run(self, context: ToolContext) -> ToolResult:
        """List in a thread: a large tree takes a while."""
        target = self.aim.kept()
        return ToolResult(ok=True, output=await asyncio.to_thread(self._list, target))

    def _list(self, target: Target) -> str:
        require_folder(target)
        lines: list[str] = []
        for found in walk(self.workspace, target.real, depth=self.args.depth):
            if len(lines) == MAX_ENTRIES:
                lines.append(f"[more than {MAX_ENTRIES:,} entries; list a folder by itself]")
                break
            tail = "/" if found.is_folder else ""
            link = f" -> {printable(found.link_to)}" if found.link_to else ""
            lines.append(f"{printable(found.path)}{tail}{link}")
        if not lines:
            return f"[nothing to list in {target.shown}]"
        if len(lines) <= MAX_ENTRIES:
            lines.append(f"[{plural(len(lines), 'entry', 'entries')}]")
        return "\n".join(lines)


def require_folder(target: Target) -> None:
    """Raise `ToolError` unless the target is a folder."""
    try:
        mode = target.real.lstat().st_mode
    except OSError as error:
        raise explain(error, target, doing="listed") from error
    if kind_of(mode) == "a file":
        raise ToolError(f"{target.shown} is a file, not a folder.")
    if kind_of(mode) != "a folder":
        raise explain(NotAFile(kind_of(mode)), target, doing="listed")
