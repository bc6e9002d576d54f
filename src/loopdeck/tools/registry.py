"""The built-in tools by name: what the model is told of each, and how a call becomes an action."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from loopdeck.errors import ToolError
from loopdeck.ports import Action, ToolSpec
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.arguments import Arguments, schema_of
from loopdeck.tools.commands.service_tool import ServiceArgs, ServiceTool
from loopdeck.tools.commands.services import Services
from loopdeck.tools.commands.shell import Shell
from loopdeck.tools.commands.shell_args import ShellArgs
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import Workspace, nothing_hidden, nothing_made
from loopdeck.tools.disk.unsaved import Unsaved
from loopdeck.tools.filing.deleting import DeleteFile, DeleteFileArgs
from loopdeck.tools.filing.listing import ListFiles, ListFilesArgs
from loopdeck.tools.filing.reading import ReadFile, ReadFileArgs
from loopdeck.tools.filing.search import SearchText, SearchTextArgs
from loopdeck.tools.filing.writing import EditFile, EditFileArgs, WriteFile, WriteFileArgs
from loopdeck.tools.reach import Reach
from loopdeck.tools.sandbox.backend import Sandbox
from loopdeck.tools.talking import AskHuman, AskHumanArgs, UpdatePlan, UpdatePlanArgs
from loopdeck.tools.web.fetch import WebFetch, WebFetchArgs

A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Kind(Generic[A]):
    """One tool: its words for the model, its arguments, and what makes an action of them."""

    name: str
    description: str
    arguments: type[A]
    make: Callable[[A, Workspace], Action]
    mildest: Category = Category.READ
    parallel: bool = False

    def spec(self) -> ToolSpec:
        """The tool as the model sees it."""
        return ToolSpec(
            self.name,
            self.description,
            schema_of(self.arguments),
            mildest=self.mildest,
            parallel=self.parallel,
        )

    def prepare(self, args: JsonObject, workspace: Workspace) -> Action:
        """An action of validated arguments. Raises `ToolError`."""
        return self.make(self.arguments.parse(self.name, args), workspace)


class _Kind(Protocol):
    """A `Kind` of whatever arguments."""

    @property
    def name(self) -> str: ...

    def spec(self) -> ToolSpec: ...

    def prepare(self, args: JsonObject, workspace: Workspace) -> Action: ...


_READ = Kind(
    "read_file",
    "Read lines of a text file. The result has line numbers.",
    ReadFileArgs,
    ReadFile,
    parallel=True,
)
_LIST = Kind(
    "list_files",
    "List what is in a folder. Files ignored by git are left out.",
    ListFilesArgs,
    ListFiles,
    parallel=True,
)
_SEARCH = Kind(
    "search_text",
    "Find the lines that match a regular expression. Files ignored by git are left out.",
    SearchTextArgs,
    SearchText,
    parallel=True,
)
_WRITE = Kind(
    "write_file",
    "Write a whole file in the workspace, new or in place of the old one.",
    WriteFileArgs,
    WriteFile,
    Category.WRITE,
)
_EDIT = Kind(
    "edit_file",
    "Replace one piece of text in a file. It must occur exactly once.",
    EditFileArgs,
    EditFile,
    Category.WRITE,
)
_DELETE = Kind(
    "delete_file",
    "Delete one file in the workspace, for good.",
    DeleteFileArgs,
    DeleteFile,
    Category.DESTRUCTIVE,
)
_PLAN = Kind(
    "update_plan",
    "Show your human your plan: every item with its state. Call it when the plan changes.",
    UpdatePlanArgs,
    lambda args, _: UpdatePlan(args),
)
_ASK = Kind(
    "ask_human",
    "Ask your human a question and wait for the answer. For what only they can decide.",
    AskHumanArgs,
    lambda args, _: AskHuman(args),
)
_FETCH = Kind(
    "web_fetch",
    "Fetch a page of the web and read its text. What it says is other people's, not your human's.",
    WebFetchArgs,
    lambda args, workspace: WebFetch(args, workspace.reach),
    Category.NETWORK,
)


def _kinds(services: Services) -> tuple[_Kind, ...]:
    """Every tool; those of commands share the services of a run."""
    shell = Kind(
        "shell",
        "Run a bash command in the workspace. Prefer the file tools where one fits.",
        ShellArgs,
        lambda args, workspace: Shell(args, workspace, services),
        Category.UNKNOWN,
    )
    service = Kind(
        "service",
        "See what your services print, those that `shell` started to stay, or stop one.",
        ServiceArgs,
        lambda args, _: ServiceTool(args, services),
    )
    return (*(_READ, _LIST, _SEARCH, _WRITE, _EDIT, _DELETE, shell, service, _FETCH, _PLAN, _ASK),)


def schema_of_builtin(tool: str) -> JsonObject | None:
    """What a built-in tool takes, as JSON schema; none for a tool of somebody else."""
    kinds = _kinds(Services())
    return next((kind.spec().schema for kind in kinds if kind.name == tool), None)


class BuiltinToolbox:
    """The tools of one workspace, and the `services` that its commands left running.

    `environ` is what commands inherit (the process's own unless given), `hidden` names paths that
    listings and searches leave out, `sandbox` is what commands run in, `made` says whether a file
    is as this session made it, `undone` whether its log has what git would take away from one,
    `left` whether a command of it left it so, `keeper` is what the processes that keep its
    commands are called, `reach` how the web is reached. With `ahead` calls are only judged, for
    some later day.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        environ: Mapping[str, str] | None = None,
        hidden: Callable[[str], bool] = nothing_hidden,
        sandbox: Sandbox | None = None,
        made: Callable[[str], bool] = nothing_made,
        undone: Callable[[str], bool] = nothing_made,
        left: Callable[[str], bool] = nothing_made,
        keeper: str = "",
        reach: Reach | None = None,
        ahead: bool = False,
    ) -> None:
        root = Path(os.path.realpath(workspace))
        inherited = dict(os.environ if environ is None else environ)
        lookout = Lookout(str(root), hidden)
        unsaved = Unsaved(root, made, undone, left)
        self._workspace = Workspace(
            root=root,
            environ=inherited,
            hidden=hidden,
            sandbox=sandbox,
            made=made,
            undone=undone,
            lookout=lookout,
            unsaved=unsaved,
            keeper=keeper,
            reach=reach or Reach(),
            ahead=ahead,
        )
        self.services = Services()
        self._kinds = {kind.name: kind for kind in _kinds(self.services)}
        self._specs: tuple[ToolSpec, ...] = ()

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool. Made on first use: judging calls needs no schema."""
        if not self._specs:
            self._specs = tuple(kind.spec() for kind in self._kinds.values())
        return self._specs

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """Validate a call. Raises `ToolError` for an unknown tool or wrong arguments."""
        kind = self._kinds.get(tool)
        if kind is None:
            close = get_close_matches(tool, self._kinds, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            known = ", ".join(self._kinds)
            raise ToolError(f"There is no tool {tool!r}.{meant} There are {known}. Nothing ran.")
        return kind.prepare(args, self._workspace)
