"""`shell`: output, limits, and that nothing of a command outlives its call."""

import asyncio
import contextlib
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.ports import ToolResult
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.tools.conftest import Run


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be reaped by somebody else does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return True


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test's own time limit ends it if it never comes."""
    while not condition():  # noqa: ASYNC110 - nothing tells of another process's end
        await asyncio.sleep(0.01)


async def gone(pid: int) -> None:
    await until(lambda: not alive(pid))


async def test_both_streams_and_the_exit_code_come_back(run: Run) -> None:
    result = await run("shell", command="echo out; echo err >&2; exit 3")
    assert result == ToolResult(ok=False, output="out\nerr\n[exit code 3]", exit_code=3)


async def test_a_silent_command_says_so(run: Run) -> None:
    assert await run("shell", command="true") == ToolResult(
        ok=True, output="[no output]", exit_code=0
    )


async def test_it_runs_in_the_workspace_without_input(ws: Path, run: Run) -> None:
    result = await run("shell", command="pwd; cat; echo end")
    assert result.output == f"{ws.resolve()}\nend"


async def test_each_call_is_a_fresh_shell(run: Run) -> None:
    await run("shell", command="cd /; X=1; export X")
    assert (await run("shell", command="echo [$X]")).output == "[]"


async def test_invalid_utf8_and_escapes_come_through_as_text(run: Run) -> None:
    result = await run("shell", command=r"printf 'caf\xe9 \x1b[2J [/] \0 end'")
    assert result.output == "caf\ufffd \x1b[2J [/] \0 end"


async def test_point_17_a_command_that_alone_is_killed_has_ended_and_is_not_unknown(
    run: Run,
) -> None:
    result = await run("shell", command="echo begun; kill -SEGV $$")
    assert result.exit_code == -11
    assert "SIGSEGV" in result.output
    result = await run("shell", command="echo begun; kill -KILL $$")
    assert (result.ok, result.exit_code) == (False, -9)
    assert result.output == "begun\n[ended by signal 9 (SIGKILL), perhaps for want of memory]"


async def test_a_server_that_was_to_go_on_is_said_to_have_ended(run: Run) -> None:
    served = await run("shell", command="mkfifo requests; cat > log < requests & echo up")
    assert served.ok
    assert "[what it left in the background was ended with it" in served.output
    assert (await run("shell", command="echo up")).output == "up"


async def test_long_output_keeps_head_and_tail_and_all_of_it_on_disk(run: Run) -> None:
    result = await run("shell", command="seq 1 20000")
    lines = result.output.split("\n")
    assert lines[0] == "1"
    assert lines[-1] == "20000"
    assert len(result.output) < 17_000
    assert any("left out" in line and "lines" in line for line in lines)
    assert Path(result.full_output).read_text() == "".join(f"{n}\n" for n in range(1, 20_001))
    assert Path(result.full_output).stat().st_mode & 0o777 == 0o600


async def test_what_was_left_out_is_counted_right(run: Run) -> None:
    result = await run("shell", command="seq 1 20000")
    head, _, rest = result.output.partition("\n[… ")
    note, _, tail = rest.partition(" …]\n")
    kept = len(head.split("\n")) + len(tail.split("\n"))
    assert f"{20_000 - kept:,} lines" in note


async def test_short_output_makes_no_file(run: Run, context: FakeContext) -> None:
    result = await run("shell", command="seq 1 2000")
    assert result.full_output == ""
    assert result.output == "\n".join(str(n) for n in range(1, 2_001))
    assert not context.folder.exists()


async def test_a_hundred_megabytes_need_little_memory(run: Run) -> None:
    await run("shell", command="seq 1 20000")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = await run("shell", command="yes 0123456789abcdef | head -c 100000000")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert Path(result.full_output).stat().st_size == 100_000_000
    assert grown * 1024 < 20_000_000
    assert "100.0 MB in 5,8" in result.output


@pytest.mark.parametrize("command", ["head -c 10G /dev/zero", "echo first; (yes &); yes"])
async def test_a_command_that_prints_without_end_is_stopped_and_says_so(
    command: str, run: Run
) -> None:
    result = await run("shell", command=command)
    assert not result.ok
    assert result.exit_code == -15
    assert result.output.endswith("[stopped: it printed more than 100.0 MB; print less of it]")
    assert result.output[0] == ("f" if "first" in command else "\0")
    assert "left out; its full output was not kept" in result.output
    assert Path(result.full_output).stat().st_size <= 100_000_000


async def test_output_is_shown_while_it_runs_and_within_bounds(
    ws: Path, run: Run, context: FakeContext
) -> None:
    os.mkfifo(ws / "go")
    task = asyncio.ensure_future(run("shell", command="echo héllo; read < go; seq 1 100000"))
    await until(lambda: bool(context.shown))
    assert context.shown == ["héllo\n"]
    (ws / "go").write_text("go\n")
    await task
    assert len("".join(context.shown)) < 100_000


async def test_a_time_limit_stops_the_whole_group(
    ws: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loopdeck.tools.commands.process.GRACE", 0.1)
    command = "sleep 300 & echo $! > child; trap '' TERM; sleep 300"
    result = await run("shell", command=command, timeout=1)
    assert not result.ok
    assert result.output == "[stopped: it ran longer than 1 s]"
    await gone(int((ws / "child").read_text()))


async def test_a_command_may_clean_up_when_its_time_is_over(ws: Path, run: Run) -> None:
    command = "trap 'echo bye; exit 5' TERM; while true; do sleep 0.05; done"
    result = await run("shell", command=command, timeout=1)
    assert result.output.endswith("bye\n[stopped: it ran longer than 1 s]")


async def test_a_background_child_holds_nothing_up_and_is_ended(ws: Path, run: Run) -> None:
    result = await asyncio.wait_for(run("shell", command="sleep 300 & echo $! > child; echo hi"), 5)
    assert result.output == "hi"
    await gone(int((ws / "child").read_text()))


async def test_a_child_outside_the_group_holds_nothing_up_and_is_ended(ws: Path, run: Run) -> None:
    command = "setsid sh -c 'echo $$ > child; exec sleep 300' & until [ -s child ]; do :; done"
    result = await asyncio.wait_for(run("shell", command=command), 10)
    assert result.ok
    await gone(int((ws / "child").read_text()))


async def test_cancelling_kills_the_group(ws: Path, run: Run) -> None:
    command = "sleep 300 & echo $! > child; echo $$ > self; wait"
    task = asyncio.ensure_future(run("shell", command=command))
    files = [ws / "child", ws / "self"]
    await until(lambda: all(file.exists() and file.read_text() for file in files))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for file in files:
        await gone(int(file.read_text()))


async def test_closed_output_does_not_end_the_command(ws: Path, run: Run) -> None:
    result = await run("shell", command="exec >&- 2>&-; sleep 0.1; touch done")
    assert result.ok
    assert (ws / "done").exists()


async def test_secrets_and_steering_variables_do_not_reach_it(
    ws: Path, context: FakeContext
) -> None:
    bad = {
        "ANTHROPIC_API_KEY": "s3cret",
        "MY_TOKEN": "s3cret",
        "DB_PASSWORD": "s3cret",
        "AWS_PROFILE": "s3cret",
        "client_secret": "s3cret",
        "LD_PRELOAD": "",
        "PYTHONSTARTUP": "s3cret",
        "GIT_SSH_COMMAND": "s3cret",
        "BASH_FUNC_ls%%": "() { echo s3cret; }",
        "PROMPT_COMMAND": "s3cret",
    }
    startup = ws / "startup"
    startup.write_text("echo s3cret\n")
    kept = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "EXTRA": "kept"}
    environ = {**kept, **bad, "BASH_ENV": str(startup), "ENV": str(startup)}
    box = BuiltinToolbox(ws, environ=environ)
    result = await box.prepare("shell", {"command": "env; ls >/dev/null"}).run(context)
    assert "s3cret" not in result.output
    assert {"TERM=dumb", "NO_COLOR=1", "PAGER=cat", "EXTRA=kept"} <= set(result.output.split("\n"))


async def test_a_program_planted_in_the_workspace_is_no_plain_read(
    ws: Path, context: FakeContext
) -> None:
    (ws / "bin").mkdir()
    (ws / "bin/ls").write_text("#!/bin/sh\necho planted\n")
    (ws / "bin/ls").chmod(0o755)
    environ = {"PATH": f"{ws}/bin:.:{os.environ['PATH']}"}
    box = BuiltinToolbox(ws, environ=environ)
    read = box.prepare("shell", {"command": "ls"})
    assert (await read.run(context)).output == "bin"
    assert not str(read.binding()["programs"]["ls"]).startswith(str(ws))
    asked = box.prepare("shell", {"command": "ls; frobnicate"})
    assert (await asked.run(context)).output.startswith("planted")


def test_it_is_judged_by_the_classifier(ws: Path, box: BuiltinToolbox) -> None:
    (ws / "x").write_text("mine")
    assert box.prepare("shell", {"command": "ls"}).assess().category is Category.READ
    assert box.prepare("shell", {"command": "rm y"}).assess().category is Category.WRITE
    assert box.prepare("shell", {"command": "rm x"}).assess().category is Category.DESTRUCTIVE


def test_the_preview_is_the_exact_command_and_its_place(ws: Path, box: BuiltinToolbox) -> None:
    command = "make  test \\\n  -j2"
    preview = box.prepare("shell", {"command": command, "timeout": 9}).preview()
    assert preview is not None
    assert preview.kind == "command"
    assert preview.text == command
    assert preview.note == f"in {ws.resolve()}, at most 9 s"


def test_the_binding_names_folder_and_program(ws: Path, box: BuiltinToolbox) -> None:
    binding = box.prepare("shell", {"command": "cat a"}).binding()
    assert binding["cwd"] == str(ws.resolve())
    assert "/cat " in binding["programs"]["cat"] or "/coreutils " in binding["programs"]["cat"]
    assert binding["shell"].endswith("/bash")
