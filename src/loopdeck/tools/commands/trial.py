"""Runs a sandbox once, for real, and looks from outside at what it let happen."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.process import Process
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.listening import decoys
from loopdeck.tools.sandbox.survey import Request

PATIENCE = 5.0
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/run/current-system/sw/bin"
_SCRIPT = """
echo inside > inside
echo changed > "$1/outside"
echo planted > .git/hooks/pre-commit
mkdir .vscode && echo planted > .vscode/tasks.json
kill -KILL "$2"
chmod 4755 inside
exec 4<>/proc/sys/kernel/core_pattern && echo "the kernel opened"
echo knocks > "/dev/udp/127.0.0.1/$4"
"${@:5}"
exec 3<>"/dev/tcp/127.0.0.1/$3" && echo connected
"""
# Bash knows no local sockets. Inside, there may be no Python of ours.
_KNOCKS = """
import socket, sys
for name in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(chr(0) + name[1:] if name[0] == "@" else name)
    except OSError as error:
        print("refused", error)
"""
_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Trial:
    """How the test of a backend ended: `says` is what went wrong, or nothing."""

    backend: Backend
    passed: bool
    says: str = ""


async def attempt(sandbox: Sandbox) -> Trial:
    """Try to break out of a sandbox in every way that has to fail."""
    bash = shutil.which("bash", path=SYSTEM_PATH)
    if bash is None:
        return Trial(sandbox.backend, passed=False, says="there is no bash to run in it")
    folder = Path(tempfile.mkdtemp(prefix="loopdeck-trial-"))
    try:
        says = await _attempt(sandbox, bash, folder)
    except (OSError, ToolError) as error:
        says = f"it could not be started: {error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Trial(sandbox.backend, passed=not says, says=says)


async def _attempt(sandbox: Sandbox, bash: str, folder: Path) -> str:
    """What is wrong with it; nothing if it holds."""
    workspace, outside = folder / "workspace", folder / "outside"
    (workspace / ".git/hooks").mkdir(parents=True)
    outside.write_text("untouched")
    async with _victim(bash) as victim:
        with decoys(folder) as around:
            words = (bash, "--noprofile", "--norc", "-c", _SCRIPT, bash, str(folder))
            numbers = (str(victim.pid), str(around.port), str(around.datagrams))
            knocks = (os.path.realpath(sys.executable), "-I", "-S", "-c", _KNOCKS, *around.names)
            text = await _run(sandbox, workspace, (*words, *numbers, *knocks))
            if not (workspace / "inside").exists():
                return f"a command could not write in the workspace: {text.strip()[-300:]}"
            if outside.read_text() != "untouched":
                return "a command could write outside the workspace"
            if (workspace / "inside").stat().st_mode & stat.S_ISUID:
                return "a command could leave a program that runs as its owner"
            if "the kernel opened" in text:
                return "a command could change the settings of the kernel"
            if (workspace / ".git/hooks/pre-commit").exists() or (workspace / ".vscode").exists():
                return "a command could plant what other programs obey"
            if reached := around.reached() or ("connected" in text and "the network"):
                return f"a command could reach {reached}"
            if victim.returncode is not None or not _is_alive(victim.pid):
                return "a command could signal a process outside"
            return _untried(sandbox, text)


def _untried(sandbox: Sandbox, text: str) -> str:
    """Where no network of its own shuts local sockets out, it must be seen that they are shut."""
    if sandbox.backend is Backend.LANDLOCK and _REFUSED not in text:
        return "it could not be tried whether local services are out of reach"
    return ""


async def _run(sandbox: Sandbox, workspace: Path, argv: tuple[str, ...]) -> str:
    """What the command printed."""

    async def ignore(_text: str) -> None:
        return None

    capture = Capture(lambda: None)
    env = {"PATH": SYSTEM_PATH, "LC_ALL": "C"}
    with sandbox.around(Request(workspace, SYSTEM_PATH), argv, env) as launch:
        await Process(capture, ignore).run(
            launch.argv,
            cwd=workspace,
            env=launch.env,
            limit=PATIENCE,
            fds=launch.fds,
            above=launch.above,
            made=launch.made,
        )
    capture.close()
    return capture.text()


@contextlib.asynccontextmanager
async def _victim(bash: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A process outside that waits to be ended."""
    process = await asyncio.create_subprocess_exec(
        *(bash, "--noprofile", "--norc", "-c", "read"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await process.wait()


def _is_alive(pid: int) -> bool:
    """Whether it runs still; one that was killed but not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
