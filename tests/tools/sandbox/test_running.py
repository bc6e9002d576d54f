"""Commands in the sandbox begin, end and are ended as they are outside of it."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from loopdeck.tools.commands import process
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox import bubblewrap
from tests.support.sandboxes import BUBBLEWRAP, EVERY, LANDLOCK, MakeYard, Yard
from tests.support.tools import FakeContext
from tests.support.traps import git
from tests.tools.commands.test_shell import until

STAY = "exec 3>alive; echo up >&3; trap '' TERM; sleep 300 & wait; sleep 300"
HIDDEN = f'setsid bash -c "{STAY}" & {STAY}'


class Pulse:
    """The reading end of a pipe that processes in the sandbox hold open: its end is theirs."""

    def __init__(self, there: Yard) -> None:
        path = there.workspace / "alive"
        os.mkfifo(path)
        self._handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.heard = b""

    def beats(self) -> bool:
        """Whether both processes have said that they are there."""
        try:
            self.heard += os.read(self._handle, 100)
        except BlockingIOError:
            return False
        return self.heard.count(b"up") == 2

    def stopped(self) -> bool:
        """Whether nobody holds the other end any more."""
        try:
            return os.read(self._handle, 100) == b""
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._handle)


@EVERY
async def test_a_time_limit_ends_all_of_the_tree(
    yard: MakeYard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE", 0.1)
    there = await yard()
    pulse = Pulse(there)
    running = asyncio.ensure_future(there(HIDDEN, timeout=1))
    await until(pulse.beats)
    result = await running
    assert "[stopped: it ran longer than 1 s]" in result.output
    await until(pulse.stopped)
    pulse.close()


@EVERY
async def test_cancelling_ends_all_of_the_tree(yard: MakeYard) -> None:
    there = await yard()
    pulse = Pulse(there)
    running = asyncio.ensure_future(there(HIDDEN))
    await until(pulse.beats)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(pulse.stopped)
    pulse.close()
    assert sorted(path.name for path in there.workspace.iterdir()) == [".git", "alive"]


@EVERY
async def test_what_is_left_in_the_background_ends_with_the_command(yard: MakeYard) -> None:
    there = await yard()
    pulse = Pulse(there)
    command = f'setsid bash -c "{STAY}" & bash -c "{STAY}" & read < go'
    os.mkfifo(there.workspace / "go")
    running = asyncio.ensure_future(there(command))
    await until(pulse.beats)
    await asyncio.to_thread((there.workspace / "go").write_text, "go\n")
    assert (await running).ok
    await until(pulse.stopped)
    pulse.close()


@EVERY
async def test_a_command_may_clean_up_when_its_time_is_over(yard: MakeYard) -> None:
    there = await yard()
    result = await there("trap 'echo bye; exit 5' TERM; while true; do sleep 0.05; done", timeout=1)
    assert "bye\n[stopped: it ran longer than 1 s]" in result.output


@EVERY
async def test_a_chain_of_processes_that_each_leave_their_group_ends_too(yard: MakeYard) -> None:
    there = await yard()
    script = there.workspace / "chain.sh"
    script.write_text(
        f'[ "$1" -gt 0 ] && setsid bash chain.sh $(($1 - 1)) &\n[ "$1" -gt 1 ] || {{ {STAY}; }}\n'
    )
    pulse = Pulse(there)
    running = asyncio.ensure_future(there("bash chain.sh 9; sleep 300"))
    await until(pulse.beats)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(pulse.stopped)
    pulse.close()


@EVERY
async def test_a_broken_pipe_ends_a_program_as_it_does_outside(yard: MakeYard) -> None:
    there = await yard()
    assert (await there("yes | head -1; echo ${PIPESTATUS[0]}")).output == "y\n141"


@LANDLOCK  # a process space of its own turns the signal into an exit code
async def test_a_signal_that_ended_the_command_is_told_as_that(yard: MakeYard) -> None:
    there = await yard()
    result = await there("kill -ABRT $$")
    assert result.output == f"[ended by signal 6 ({signal.Signals.SIGABRT.name})]"


@EVERY
async def test_output_exit_codes_and_the_folder_are_the_same(yard: MakeYard) -> None:
    there = await yard()
    result = await there("pwd; cat; echo err >&2; exit 3")
    assert result.output == f"{there.workspace}\nerr\n[exit code 3]"
    assert result.exit_code == 3


@EVERY
async def test_what_lies_around_for_the_sandbox_is_gone_afterwards(yard: MakeYard) -> None:
    there = await yard()
    await asyncio.gather(*(there(f"echo {number} > out-{number}") for number in range(4)))
    names = sorted(path.name for path in there.workspace.iterdir())
    assert names == [".git", *(f"out-{number}" for number in range(4))]


@BUBBLEWRAP
async def test_who_fills_the_private_folders_fills_no_more_than_their_room(yard: MakeYard) -> None:
    there = await yard()
    if not bubblewrap.room(there.sandbox.program):
        pytest.skip("this bubblewrap cannot bound a private folder")
    there.sandbox = replace(there.sandbox, room=1 << 20)
    result = await there("head -c 3000000 /dev/zero > /tmp/big; stat -c %s /tmp/big")
    assert "No space left on device" in result.output
    assert "\n1048576\n" in result.output


@EVERY
async def test_there_is_a_place_for_temporary_files_that_nobody_else_sees(yard: MakeYard) -> None:
    there = await yard()
    result = await there('f=$(mktemp); echo x > "$f"; cat "$f"; echo "$f"')
    assert result.output.startswith("x\n")
    assert not Path(result.output.split("\n")[1]).exists()


@EVERY
async def test_a_commit_has_its_human_as_author_and_runs_no_new_hook(yard: MakeYard) -> None:
    there = await yard()
    for leftover in (there.workspace / ".git").iterdir():
        leftover.unlink() if leftover.is_file() else leftover.rmdir()
    git(there.workspace, "init", "-q")
    (there.home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@b\n")
    box = there.box()
    env = {"PATH": os.environ["PATH"], "HOME": str(there.home)}
    box = type(box)(there.workspace, environ=env, sandbox=there.sandbox)
    command = "echo x > f; git add f; git commit -q -m one; git log --format='%an <%ae>'"
    result = await box.prepare("shell", {"command": command}).run(
        FakeContext(there.folder / "spool")
    )
    assert result.output == "Ada <ada@b>"


@EVERY
async def test_a_plain_read_of_git_works_and_runs_nothing(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / ".git/hooks").rmdir()
    (there.workspace / ".git/config").unlink()
    marker = there.workspace / "it-ran"
    git(there.workspace, "init", "-q")
    git(there.workspace, "commit", "-q", "-m", "one", "--allow-empty")
    git(there.workspace, "config", "core.fsmonitor", f"touch {marker}")
    action = there.box().prepare("shell", {"command": "git status --short && git log --format=%s"})
    assert action.assess().category == "read"
    result = await action.run(FakeContext(there.folder / "spool"))
    assert result.output == "one"
    assert not marker.exists()


@EVERY
async def test_limits_are_set(yard: MakeYard) -> None:
    there = await yard()
    result = await there(
        "ulimit -c; ulimit -f; ulimit -u; grep NoNewPrivs /proc/self/status\n"
        "cat /proc/self/oom_score_adj"
    )
    core, blocks, processes, privileges, first = result.output.split("\n")
    assert (core, blocks, privileges.split()) == ("0", str(16 << 20), ["NoNewPrivs:", "1"])
    assert first == "1000", "the kernel takes something else before it where memory runs short"
    assert int(processes) <= 8_192


@BUBBLEWRAP
async def test_what_set_the_limits_is_not_left_behind(yard: MakeYard) -> None:
    there = await yard()
    result = await there(
        'echo "${BASH_ENV-none}"; cd /proc/self/fd && echo [0-9]*; echo $LINENO $0'
    )
    variable, handles, place = result.output.split("\n")
    assert (variable, place.split()[0]) == ("none", "1")
    assert {int(number) for number in handles.split()} <= {0, 1, 2, 3}


@BUBBLEWRAP
async def test_what_is_forced_into_a_sealed_name_is_gone_with_the_command(yard: MakeYard) -> None:
    there = await yard()
    refused = await there("echo planted > .vscode/tasks.json")
    assert "protected file" in refused.blocked
    forced = await there("chmod 755 .vscode && echo planted > .vscode/tasks.json && ls .vscode")
    assert forced.output == "tasks.json"
    assert not (there.workspace / ".vscode").exists()


@BUBBLEWRAP
async def test_a_server_of_the_commands_own_is_asked_without_a_network(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "hello.txt").write_text("hello\n")
    ask = "curl -s --retry 9 --retry-connrefused --retry-delay 0 http://127.0.0.1:8765/hello.txt"
    command = f"python3 -m http.server 8765 > log 2>&1 & {ask}; kill $!"
    action = there.box().prepare("shell", {"command": command})
    judged = action.assess()
    assert judged.category == "write", judged.reasons
    assert "no network" in str(action.binding()["confines"])
    result = await action.run(FakeContext(there.folder / "spool"))
    assert result.output.splitlines()[0] == "hello"
    bare = BuiltinToolbox(there.workspace)
    elsewhere = f"python3 serve.py & {ask.replace('127.0.0.1:', 'example.org:')}"
    for box, other in (
        (there.box(), elsewhere),
        (there.box(), ask),
        (there.box(), f"pip install x & {ask}"),
        (bare, f"python3 serve.py & {ask}"),
    ):
        assert box.prepare("shell", {"command": other}).assess().category == "network"
