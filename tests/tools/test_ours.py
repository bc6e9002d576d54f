"""A Loopdeck that is installed in its workspace cannot be changed by the agent that works there."""

import sys
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend
from tests.support.sandboxes import EVERY, yard_of


@EVERY
async def test_no_tool_and_no_command_changes_the_environment_it_runs_from(
    backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await yard_of(backend, tmp_path)
    monkeypatch.setattr(sys, "prefix", str(there.workspace / "tools/venv"))
    ours = there.workspace / "tools/venv/lib/helper.py"
    ours.parent.mkdir(parents=True)
    ours.write_text("ours\n")
    command = (
        "echo out > tools/venv/lib/helper.py; mv tools tools-old; rm -rf tools; echo in > beside;"
        "mv tools/venv old; mkdir -p tools/venv/lib; echo out > tools/venv/lib/other.py"
    )
    await there(command)
    assert ours.read_text() == "ours\n"
    assert [path.name for path in ours.parent.iterdir()] == ["helper.py"]
    assert (there.workspace / "beside").read_text() == "in\n"


def test_the_file_tools_refuse_in_words(ws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(ws / ".venv"))
    (ws / ".venv").mkdir()
    (ws / "link").symlink_to(".venv")
    box = BuiltinToolbox(ws)
    for path in (".venv/x.py", "link/x.py", f"{ws}/.venv/lib/x.py"):
        with pytest.raises(ToolError, match="outside every sandbox"):
            box.prepare("write_file", {"path": path, "content": "x"}).assess()
    box.prepare("write_file", {"path": ".venv2/x.py", "content": "x"}).assess()
