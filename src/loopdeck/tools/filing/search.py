"""`search_text`: lines that match a regular expression, file by file."""

import asyncio
import json
import math
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec
from pydantic import Field, field_validator

from loopdeck.errors import ToolError
from loopdeck.figures import plural
from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Preview
from loopdeck.tools.arguments import Arguments
from loopdeck.tools.disk.beneath import kind_of
from loopdeck.tools.disk.paths import Target, explain, printable
from loopdeck.tools.disk.walk import walk
from loopdeck.tools.filing.aim import AimedRead
from loopdeck.tools.filing.search_worker import Order
from loopdeck.tools.worker import begin, within

MAX_MATCHES = 200
MAX_FILES = 20_000
TIME_LIMIT = 10.0
_SPARE_S = 2


class SearchTextArgs(Arguments):
    """What `search_text` takes."""

    pattern: str = Field(
        min_length=1, max_length=1_000, description="A Python regular expression, one line's worth."
    )
    path: str = Field(default=".", description="The folder or file to search.")
    glob: str = Field(default="", description="Only files like this, such as *.py or docs/**/*.md.")

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    @field_validator("glob")
    @classmethod
    def _globs(cls, glob: str) -> str:
        if glob:
            GitIgnoreSpec.from_lines([glob])
        return glob


@dataclass(slots=True)
class _Plan:
    """Which files to search, and what was left out."""

    base: str
    files: list[list[str]] = field(default_factory=list[list[str]])
    names: list[str] = field(default_factory=list[str])
    secret: int = 0
    cut: bool = False


@dataclass(slots=True)
class SearchText(AimedRead[SearchTextArgs]):
    """One search. Files that hold secrets by their name are searched only if named themselves."""

    time_limit: float = TIME_LIMIT

    def preview(self) -> Preview:
        """What would be searched, and where."""
        title = f"search in {self.aim.look().shown}"
        return Preview(kind="text", text=self.args.pattern, title=title)

    async def run(self, context: ToolContext) -> ToolResult:
        """List the files in a thread, match in a process that can be stopped."""
        target = self.aim.kept()
        plan = await asyncio.to_thread(self._plan, target)
        order = Order(
            base=plan.base,
            pattern=self.args.pattern,
            files=plan.files,
            limit=MAX_MATCHES + 1,
            seconds=math.ceil(self.time_limit) + _SPARE_S,
        )
        lines, timely = await _match(order, plan.names, self.time_limit)
        notes = self._notes(plan, lines, timely=timely)
        return ToolResult(ok=timely, output="\n".join([*lines[:MAX_MATCHES], *notes]))

    def _plan(self, target: Target) -> _Plan:
        try:
            mode = target.real.lstat().st_mode
        except OSError as error:
            raise explain(error, target, doing="searched") from error
        plan = _Plan(target.base)
        if kind_of(mode) == "a file":
            plan.files, plan.names = [list(target.parts)], [target.shown]
            return plan
        if kind_of(mode) != "a folder":
            raise ToolError(f"{target.shown} is {kind_of(mode)}; it cannot be searched.")
        self._fill(plan, target)
        return plan

    def _fill(self, plan: _Plan, target: Target) -> None:
        glob = GitIgnoreSpec.from_lines([self.args.glob]) if self.args.glob else None
        doubles = {
            path.removeprefix(f"{self.workspace.root}/") for path in self.workspace.doubles()
        }
        for found in walk(self.workspace, target.real):
            if found.is_folder or found.link_to or (glob and not glob.match_file(found.below)):
                continue
            secret = is_sensitive(found.path) or found.path in doubles
            if secret and not target.sensitive:
                plan.secret += 1
                continue
            if len(plan.files) == MAX_FILES:
                plan.cut = True
                return
            plan.files.append([part for part in Path(found.path).parts if part != "/"])
            plan.names.append(printable(found.path))

    def _notes(self, plan: _Plan, lines: list[str], *, timely: bool) -> list[str]:
        notes: list[str] = []
        if not timely:
            notes.append(f"[stopped after {self.time_limit:g} s: make the pattern simpler]")
        elif not lines:
            notes.append(f"[no match in {plural(len(plan.files), 'file')}]")
        if len(lines) > MAX_MATCHES:
            notes.append(f"[more than {MAX_MATCHES} matches; narrow the search]")
        if plan.cut:
            notes.append(f"[only the first {MAX_FILES:,} files were searched]")
        if plan.secret:
            notes.append(
                f"[{plural(plan.secret, 'file')} that may hold secrets left out; "
                "name one as the path to search it]"
            )
        return notes


async def _match(order: Order, names: list[str], limit: float) -> tuple[list[str], bool]:
    """The matching lines, and whether the search came to its end in time."""
    if not order["files"]:
        return [], True
    process = await begin("loopdeck.tools.filing.search_worker")
    talk = _collect(process, json.dumps(order).encode())
    lines, timely = await within(process, talk, limit)
    return [_line(line, names) for line in lines if line.endswith(b"\n")], timely


async def _collect(process: asyncio.subprocess.Process, order: bytes) -> list[bytes]:
    """Feed the order, gather the lines; a killed process just ends the list."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(order)
        await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return []
    return [line async for line in process.stdout]


def _line(raw: bytes, names: list[str]) -> str:
    number, line, text = json.loads(raw)
    return f"{names[number]}:{line}: {text}"
