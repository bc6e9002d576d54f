"""The sandboxes that hold on this machine; what does not is skipped, and says why."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import which

import pytest

from loopdeck.ports import ToolResult
from loopdeck.tools.commands.trial import SYSTEM_PATH, Trial, attempt
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from tests.support.tools import FakeContext

EVERY = pytest.mark.parametrize("backend", list(Backend))
BUBBLEWRAP = pytest.mark.parametrize("backend", [Backend.BUBBLEWRAP])
LANDLOCK = pytest.mark.parametrize("backend", [Backend.LANDLOCK])


def sandbox_of(backend: Backend, home: Path, *own: Path) -> Sandbox:
    """The backend as this machine has it, tried or not."""
    program = which("bwrap", path=SYSTEM_PATH) or "" if backend is Backend.BUBBLEWRAP else ""
    return Sandbox(backend, home, own, program)


@cache
def _tried() -> dict[Backend, Trial]:
    return {}


async def trial_of(backend: Backend, home: Path) -> Trial:
    """Whether the backend holds here; tried once for all tests."""
    known = _tried()
    if backend not in known:
        known[backend] = await attempt(sandbox_of(backend, home))
    return known[backend]


@dataclass
class Yard:
    """A workspace in a home, with a sandbox around the commands that run in it."""

    folder: Path
    sandbox: Sandbox

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def workspace(self) -> Path:
        return self.home / "project"

    @property
    def outside(self) -> Path:
        """A folder that is neither the home nor the workspace."""
        return self.folder / "outside"

    def box(self) -> BuiltinToolbox:
        """The tools of the workspace, with the sandbox."""
        return BuiltinToolbox(self.workspace, sandbox=self.sandbox)

    async def __call__(self, command: str, **args: object) -> ToolResult:
        """Run a command inside. It begins with `true`, so that it is no plain read."""
        action = self.box().prepare("shell", {"command": f"true; {command}", **args})
        return await action.run(FakeContext(self.folder / "spool"))


async def yard_of(backend: Backend, folder: Path) -> Yard:
    """The workspace and what lies around it; skips where the backend does not hold."""
    yard = Yard(folder, sandbox_of(backend, folder / "home", folder / "own"))
    for part in (yard.workspace / ".git/hooks", yard.outside, yard.home / ".ssh", folder / "own"):
        part.mkdir(parents=True)
    (yard.home / ".ssh/id_ed25519").write_text("private key")
    (yard.home / "diary.txt").write_text("dear diary")
    (folder / "own/loopdeck.db").write_text("the record")
    (yard.outside / "file").write_text("untouched")
    tool = yard.home / ".local/bin/tool"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\necho a tool\n")
    tool.chmod(0o755)
    (yard.workspace / ".git/config").write_text("[core]\n\tbare = false\n")
    trial = await trial_of(backend, yard.home)
    if not trial.passed:
        pytest.skip(f"{backend} does not hold on this machine: {trial.says}")
    return yard


MakeYard = Callable[[], Awaitable[Yard]]
