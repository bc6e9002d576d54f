"""Ways out of the sandbox, each tried for real: none of them leads anywhere."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loopdeck.tools.sandbox.backend import Backend, Launch
from loopdeck.tools.sandbox.seccomp import assemble
from loopdeck.tools.sandbox.survey import Request
from tests.support.sandboxes import BUBBLEWRAP, EVERY, MakeYard, trial_of
from tests.support.tools import FakeContext
from tests.tools.commands.test_shell import alive, until

PYTHON = Path(sys.executable).resolve()
# Each way to make a file has its own call; the C library chooses among them.
LENDING = """
import os
def tried(what, *args):
    try:
        what(*args)
    except OSError as error:
        print("errno", error.errno)
    else:
        print("LENT")
os.close(os.open("plain", os.O_CREAT | os.O_WRONLY, 0o755))
tried(os.chmod, "plain", 0o4755)
tried(os.chmod, "plain", 0o2755)
tried(os.open, "a", os.O_CREAT | os.O_WRONLY, 0o4755)
tried(os.open, ".", os.O_TMPFILE | os.O_WRONLY, 0o4755)
tried(os.mknod, "b", 0o104755)
tried(os.fchmod, os.open("plain", os.O_RDONLY, 0o4755), 0o6755)
os.chmod("plain", 0o1711)
"""
KNOCKING = """
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect("s")
    print("REACHED IT")
except OSError as error:
    print("errno", error.errno)
own = socket.socket(socket.AF_UNIX)
own.bind("own")
own.listen()
socket.socket(socket.AF_UNIX).connect("own")
print("own reached")
"""
TIOCSTI = """
import fcntl, os, termios
master, slave = os.openpty()
try:
    fcntl.ioctl(slave, 0x5412, b"x")
    print("TYPED IT")
except OSError as error:
    print("errno", error.errno)
"""


@contextmanager
def bystander() -> Generator[subprocess.Popen[bytes]]:
    """A process outside, with a secret in its environment, that waits for its input to end."""
    env = {**os.environ, "LOOPDECK_TEST_SECRET": "s3cret"}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=env) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def run(launch: Launch) -> int:
    """The exit code of a command line that goes into a sandbox."""
    return subprocess.run(
        launch.argv, env=launch.env, pass_fds=launch.fds, capture_output=True, check=False
    ).returncode


async def test_it_is_known_which_backends_were_proven_and_why_not_others(
    tmp_path: Path,
) -> None:
    trials = [await trial_of(backend, tmp_path) for backend in Backend]
    assert [trial.backend for trial in trials] == list(Backend)
    assert [trial.backend for trial in trials if not trial.passed and not trial.says] == []
    if not any(trial.passed for trial in trials):
        says = "; ".join(f"{trial.backend}: {trial.says}" for trial in trials)
        pytest.skip(f"no sandbox holds on this machine, so no escape was tried: {says}")


@EVERY
async def test_the_workspace_can_be_written_and_nothing_around_it(yard: MakeYard) -> None:
    there = await yard()
    command = (
        f"echo in > made; echo out > {there.outside}/file; echo out > {there.outside}/new;"
        "echo out > ../beside; echo out > /loopdeck-escape; echo out >> ~/diary.txt"
    )
    await there(command)
    assert (there.workspace / "made").read_text() == "in\n"
    assert (there.outside / "file").read_text() == "untouched"
    assert (there.home / "diary.txt").read_text() == "dear diary"
    assert not (there.outside / "new").exists()
    assert not (there.home / "beside").exists()
    assert not Path("/loopdeck-escape").exists()


@EVERY
async def test_a_link_out_of_the_workspace_leads_nowhere(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "way-out").symlink_to(there.outside)
    await there("echo out > way-out/file; ln -s /etc etc; echo out > etc/loopdeck-escape")
    assert (there.outside / "file").read_text() == "untouched"
    assert not Path("/etc/loopdeck-escape").exists()


@EVERY
async def test_hooks_and_settings_of_git_stay_as_they_are(yard: MakeYard) -> None:
    there = await yard()
    command = (
        "echo evil > .git/hooks/pre-commit; echo evil >> .git/config; echo /x > .git/commondir;"
        "echo evil > .git/config.worktree; mv .git .git-old; mkdir -p .git/hooks;"
        "echo evil > .git/hooks/post-checkout; rm -rf .git/hooks; ln -s /tmp .git/hooks"
    )
    await there(command)
    git = there.workspace / ".git"
    assert (git / "config").read_text() == "[core]\n\tbare = false\n"
    assert (git / "hooks").is_dir()
    assert not (git / "hooks").is_symlink()
    assert list((git / "hooks").iterdir()) == []
    assert sorted(path.name for path in git.iterdir()) == ["config", "hooks"]


@EVERY
@pytest.mark.parametrize("name", [".vscode/tasks.json", ".mcp.json", ".claude/settings.json"])
async def test_settings_that_others_obey_cannot_be_made(yard: MakeYard, name: str) -> None:
    there = await yard()
    result = await there(f"mkdir -p $(dirname {name}); echo evil > {name}")
    assert not (there.workspace / name).exists()
    assert sorted(path.name for path in there.workspace.iterdir()) == [".git"]
    assert "sandbox blocked" in result.output or "put back" in result.output


@EVERY
async def test_settings_that_are_there_cannot_be_changed(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / ".vscode").mkdir()
    tasks = there.workspace / ".vscode/tasks.json"
    tasks.write_text("mine")
    link = there.workspace / ".mcp.json"
    link.symlink_to("elsewhere.json")
    await there("echo evil > .vscode/tasks.json; rm -f .mcp.json; echo evil > .mcp.json")
    assert tasks.read_text() == "mine"
    assert link.is_symlink()
    assert link.readlink() == Path("elsewhere.json")


@EVERY
async def test_an_empty_folder_of_that_kind_stays_empty(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / ".vscode").mkdir()
    await there("echo evil > .vscode/tasks.json; rm -rf .vscode; echo evil > .vscode")
    assert (there.workspace / ".vscode").is_dir()
    assert list((there.workspace / ".vscode").iterdir()) == []


@EVERY
async def test_a_service_on_this_machine_cannot_be_reached(yard: MakeYard) -> None:
    there = await yard()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        result = await there(f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert "connected" not in result.output
    assert not result.ok


@EVERY
async def test_the_same_service_is_reached_with_the_network(yard: MakeYard) -> None:
    there = await yard()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        command = f"curl -s --max-time 1 http://127.0.0.1:{server.getsockname()[1]}/"
        action = there.box().prepare("shell", {"command": command})
        assert action.assess().category == "network"
        assert str(action.binding()["confines"]).startswith(f"{there.sandbox.backend}, network")
        running = asyncio.ensure_future(action.run(FakeContext(there.folder / "spool")))
        connection, _ = await asyncio.to_thread(server.accept)
        connection.close()
        await running


@EVERY
async def test_a_process_outside_gets_no_signal(yard: MakeYard) -> None:
    there = await yard()
    with bystander() as victim:
        await there(f"kill -TERM {victim.pid}; kill -KILL {victim.pid}")
        assert victim.poll() is None
        assert alive(victim.pid)


@EVERY
async def test_the_environment_of_others_cannot_be_read(yard: MakeYard) -> None:
    there = await yard()
    with bystander() as other:
        path = f"/proc/{other.pid}/environ"
        await until(lambda: b"s3cret" in Path(path).read_bytes())
        result = await there(f"cat {path} | tr '\\0' '\\n'; cat /proc/*/environ")
        assert "s3cret" not in result.output


@EVERY
async def test_secrets_of_the_home_and_our_own_records_cannot_be_read(yard: MakeYard) -> None:
    there = await yard()
    command = f"cat ~/.ssh/id_ed25519 ~/diary.txt {there.folder}/own/loopdeck.db; ls -a ~/.ssh"
    result = await there(command.replace("~", str(there.home)))
    assert "private key" not in result.output
    assert "dear diary" not in result.output
    assert "the record" not in result.output


@EVERY
async def test_programs_of_the_home_run_and_cannot_be_replaced(yard: MakeYard) -> None:
    there = await yard()
    tool = there.home / ".local/bin/tool"
    result = await there(f"{tool}; echo evil > {tool}; rm {tool}; echo evil > {tool}-2")
    assert result.output.startswith("a tool\n")
    assert tool.read_text() == "#!/bin/sh\necho a tool\n"
    assert [path.name for path in tool.parent.iterdir()] == ["tool"]


@BUBBLEWRAP  # landlock does not govern modes and times
async def test_the_mode_of_a_file_outside_cannot_be_changed(yard: MakeYard) -> None:
    there = await yard()
    tool = there.home / ".local/bin/tool"
    before = tool.stat()
    result = await there(f"chmod 777 {tool}; touch -d 2000-01-01 {tool}")
    assert tool.stat() == before
    assert "sandbox blocked a write" in result.output


@EVERY
async def test_nothing_can_be_typed_into_a_terminal(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "type.py").write_text(TIOCSTI)
    result = await there(f"exec 3</dev/tty || echo no terminal; {PYTHON} -I -S type.py")
    assert "no terminal" in result.output
    assert "TYPED IT" not in result.output
    if assemble() and there.sandbox.backend is Backend.BUBBLEWRAP:
        assert "errno 1" in result.output


@EVERY
async def test_calls_to_the_kernel_that_nobody_needs_are_refused(yard: MakeYard) -> None:
    there = await yard()
    if not assemble():
        pytest.skip("the numbers of this machine's system calls are not known")
    result = await there("unshare --user true; unshare --mount true; mount -t tmpfs x /mnt")
    assert result.output.count("unshare failed: Operation not permitted") == 2
    assert not result.ok


@EVERY
async def test_a_plain_read_cannot_even_write_in_the_workspace(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "kept").write_text("kept")
    argv = ("/bin/bash", "--noprofile", "--norc", "-c", "rm kept; echo x > kept; echo x > new")
    request = Request(there.workspace, writes=False)
    with there.sandbox.around(request, argv, {"PATH": "/usr/bin:/bin"}) as launch:
        assert run(launch) != 0
    assert (there.workspace / "kept").read_text() == "kept"
    assert not (there.workspace / "new").exists()


@EVERY
async def test_plain_reads_go_into_the_sandbox_without_writes(yard: MakeYard) -> None:
    there = await yard()
    action = there.box().prepare("shell", {"command": "ls"})
    assert action.binding()["confines"] == f"{there.sandbox.backend}, no network, no writes"
    assert (await action.run(FakeContext(there.folder / "spool"))).output == "[no output]"


@EVERY
async def test_no_program_is_left_that_lends_the_rights_of_its_owner(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "lend.py").write_text(LENDING)
    result = await there(f"{PYTHON} -I lend.py")
    assert "LENT" not in result.output
    assert result.output.split() == ["errno", "1"] * 6
    modes = {path.name: path.stat().st_mode & 0o7777 for path in there.workspace.glob("[abp]*")}
    assert modes == {"plain": 0o1711}


@EVERY
async def test_the_settings_of_the_kernel_stay_as_they_are(yard: MakeYard) -> None:
    there = await yard()
    places = "/proc/sys/kernel/core_pattern /proc/sys/vm/swappiness /proc/sysrq-trigger"
    result = await there(f'for f in {places}; do exec 3<>"$f" && echo OPENED; done; cat {places}')
    assert "OPENED" not in result.output
    assert Path("/proc/sys/vm/swappiness").read_text() in result.output


@BUBBLEWRAP
async def test_a_socket_is_out_of_reach(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "knock.py").write_text(KNOCKING)
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(there.workspace / "s"))
        service.listen()
        result = await there(f"{PYTHON} -I knock.py")
    assert "REACHED" not in result.output
    assert "own reached" in result.output
