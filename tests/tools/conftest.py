"""A workspace with a toolbox, and a short way to call its tools."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from loopdeck.ports import ToolResult
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.support.traps import make_repository

Run = Callable[..., Awaitable[ToolResult]]


@pytest.fixture
def ws(tmp_path: Path) -> Path:
    """An empty workspace; its parent is outside."""
    folder = tmp_path / "ws"
    folder.mkdir()
    return folder


@pytest.fixture
def box(ws: Path) -> BuiltinToolbox:
    """The tools of the workspace."""
    return BuiltinToolbox(ws)


@pytest.fixture
def context(tmp_path: Path) -> FakeContext:
    """A context whose spool is beside the workspace."""
    return FakeContext(tmp_path / "spool", "blue")


@pytest.fixture
def run(box: BuiltinToolbox, context: FakeContext) -> Run:
    """Prepare and run a call."""

    async def call(tool: str, **args: object) -> ToolResult:
        return await box.prepare(tool, args).run(context)

    return call


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository to copy: git takes long to make one."""
    return make_repository(tmp_path_factory.mktemp("pattern") / "repository")


@pytest.fixture
def repository(tmp_path: Path, pattern: Path) -> Path:
    """Two commits, one of them with a made-up signature, a side branch and a changed file."""
    return shutil.copytree(pattern, tmp_path / "repository", symlinks=True)
