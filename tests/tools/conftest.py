"""A workspace with a toolbox, and a short way to call its tools."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from loopdeck.ports import ToolResult
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext

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
