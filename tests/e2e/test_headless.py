"""Whole runs without a screen: the real client, real tools, a real database."""

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest

from loopdeck.cli.runs.headless import EXIT_CODES
from loopdeck.session.events import Event
from tests.e2e.saying import DONE, call, calls, heard, results, writes
from tests.support.message_script import HttpFault, Script, Text, Thinking, steps
from tests.support.program import MODEL, Program, answering

ROOT = Path(__file__).parents[2]
TYPES = {kind.model_fields["type"].default for kind in get_args(get_args(Event)[0])}


def test_ten_steps_read_the_workspace_and_meet_the_goal(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, steps(10)) as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (0, 11)
    assert len(ran.results()) == 10
    assert all(event["ok"] for event in ran.of("call_finished"))
    assert "The shed" in str(server.bodies[-1])
    assert ran.events[-1] == {
        "type": "session_ended",
        "outcome": "done",
        "verified": "unchecked",
        "text": "All of it is read. Done.",
    }
    assert f"session {ran.session} is done" in ran.err


def test_every_line_of_json_keeps_the_contract(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]):
        ran = program.run("--on-ask", "deny")
    assert [line["seq"] for line in ran.lines] == list(range(1, len(ran.lines) + 1))
    assert {line["session"] for line in ran.lines} == {ran.session}
    assert {line["v"] for line in ran.lines} == {1}
    assert {event["type"] for event in ran.events} <= TYPES
    moments = [datetime.fromisoformat(line["ts"]) for line in ran.lines]
    assert moments == sorted(moments)
    assert {str(moment.tzinfo) for moment in moments} == {"UTC"}
    assert all(event["call_id"] for event in ran.events if event["type"].startswith("call_"))
    (proposed,), (answered,) = ran.of("call_proposed"), ran.of("call_answered")
    assert proposed["tool"] == "write_file"
    assert proposed["args"] == {"path": "note.txt", "content": "hello\n"}
    assert (answered["answer"], answered["by"]) == ("denied", "rule")
    assert ran.lines == program.shown().lines


def test_the_list_tells_the_same_story(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, steps(2)):
        ran = program.run("--level", "2")
    (line,) = program.listed()
    assert line.pop("ended") > line.pop("started")
    assert line.pop("cost_usd") is None  # nobody knows what this server costs
    assert line == {
        "id": ran.session,
        "goal": "tidy the shed",
        "model": MODEL,
        "level": 2,
        "state": "done",
        "steps": 3,
        "calls": 2,
        "tokens": 360,
        "workspace": str(program.workspace),
        "pending": 0,
        "name": "",
        "tags": [],
        "parent": None,
        "cost_is_all": False,
    }


def test_a_run_reads_this_repository_and_leaves_it_alone(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _status(ROOT)
    with answering(monkeypatch, steps(10)) as server:
        ran = program.run("--workspace", str(ROOT))
    assert ran.code == 0
    assert all(event["ok"] for event in ran.of("call_finished"))
    assert "pyproject.toml" in str(server.bodies[1])
    assert not any(event["type"] == "call_asked" for event in ran.events)
    assert _status(ROOT) == before


def _status(folder: Path) -> set[str]:
    """Files that are new here; edits by somebody else meanwhile are not ours to see."""
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return {name for name in listed.stdout.splitlines() if not name.startswith(("src", "tests"))}


def test_words_for_people_go_to_stderr_and_the_result_to_stdout(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--workspace", str(program.workspace), "--model", MODEL)
    with answering(monkeypatch, [calls(call("list_files", path=".")), DONE]):
        ran = program("run", "--headless", *options, "look around")
    assert (ran.code, ran.out) == (0, "Done.\n")
    assert "goal: look around" in ran.err
    assert "list_files" in ran.err


def test_reads_of_one_turn_all_start_before_the_first_ends(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [call("read_file", f"call-{n}", path="rake.txt") for n in range(4)]
    with answering(monkeypatch, [calls(*made), DONE]) as server:
        ran = program.run()
    kinds = [event["type"] for event in ran.events]
    assert kinds.count("call_started") == kinds.count("call_finished") == 4
    first_end = kinds.index("call_finished")
    assert kinds[:first_end].count("call_started") == 4
    assert results(server.bodies[1]) == ["call-0", "call-1", "call-2", "call-3"]


def test_a_thought_goes_back_with_its_signature(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    thought = Thinking("The rake first.", signature="sealed-1")
    script = Script((thought, Text("I look."), call("list_files", path=".")), stop="tool_use")
    with answering(monkeypatch, [script, DONE]) as server:
        assert program.run().code == 0
    said = server.bodies[1]["messages"][1]
    assert said["role"] == "assistant"
    assert said["content"][0] == {
        "type": "thinking",
        "thinking": "The rake first.",
        "signature": "sealed-1",
    }
    assert [block["type"] for block in said["content"]] == ["thinking", "text", "tool_use"]


def test_done_is_believed_when_the_check_says_so(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE]):
        ran = program.run("--check", "test -f rake.txt")
    assert ran.code == 0
    assert ran.events[-1]["verified"] == "checked"


def test_a_failing_check_goes_back_to_the_agent_and_calls_the_human_after_three(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE] * 3) as server:
        ran = program.run("--check", "echo no broom here; test -f broom.txt")
    assert (ran.code, len(server.bodies)) == (EXIT_CODES["waiting"], 3)
    assert "no broom here" in heard(server.bodies[1])
    assert [event["ok"] for event in ran.of("check_finished")] == [False] * 3
    (asked,) = ran.of("human_called")
    assert asked["kind"] == "check"
    assert "waits for you" in ran.err


@pytest.mark.parametrize(
    ("option", "value", "name", "turns"),
    [
        ("--max-steps", "2", "steps", 2),
        ("--max-tokens", "100", "tokens", 1),
        ("--max-minutes", "0.000001", "minutes", 0),
        ("--max-cost", "1", "cost_usd", 1),
    ],
)
def test_a_limit_stops_the_run_before_the_next_model_call(
    option: str,
    value: str,
    name: str,
    turns: int,
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(monkeypatch, steps(10)) as server:
        ran = program.run(option, value)
    assert (ran.code, len(server.bodies)) == (EXIT_CODES["limit"], turns)
    (hit,) = ran.of("limit_hit")
    assert hit["limit"] == name
    assert ran.events[-1]["outcome"] == "limit"
    assert "limit" in ran.err
    way_on = "[prices]" if name == "cost_usd" else f"loopdeck resume {ran.session} {option} "
    assert way_on in ran.err
    (line,) = program.listed()
    assert line["state"] == "limit"


def test_a_raised_limit_lets_it_go_on(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, steps(3)):
        stopped = program.run("--max-steps", "2")
        words = f"loopdeck resume {stopped.session} --max-steps 4 goes on with it."
        assert words in stopped.err
        ran = program("resume", "--headless", "--json", *words.split()[2:5])
    assert (stopped.code, ran.code) == (EXIT_CODES["limit"], 0)
    assert ran.lines[0]["seq"] == stopped.lines[-1]["seq"] + 1
    assert ran.events[0]["type"] == "session_resumed"


@pytest.mark.parametrize("on_ask", ["park", "deny"])
def test_the_same_call_again_and_again_calls_the_human(
    program: Program, monkeypatch: pytest.MonkeyPatch, on_ask: str
) -> None:
    with answering(
        monkeypatch, lambda body: calls(call("read_file", "c", path="rake.txt"))
    ) as server:
        ran = program.run("--on-ask", on_ask)
    assert (ran.code, len(server.bodies)) == (EXIT_CODES["waiting"], 5)
    assert program.listed()[0]["state"] == "waiting"
    assert program("rerun", ran.session).code == 0
    assert "Doing it again will not help" in heard(server.bodies[3])
    assert ran.of("human_called")[0]["kind"] == "loop"


def test_a_run_that_its_human_stops_says_so(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, lambda body: calls(call("read_file", "c", path="rake.txt"))):
        waits = program.run()
        program("approvals", "answer", waits.of("human_called")[0]["ask_id"], "stop")
        ran = program("resume", "--headless", "--json", waits.session)
    assert ran.code == EXIT_CODES["stopped"]
    assert ran.events[-1]["outcome"] == "stopped"
    assert program.listed()[0]["state"] == "stopped"


def test_a_failed_run_can_be_taken_up_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = HttpFault(400, "invalid_request_error", "no such thing")
    with answering(monkeypatch, [fault, DONE]):
        failed = program.run()
        ran = program("resume", "--headless", "--json", "last")
    assert (failed.code, ran.code) == (EXIT_CODES["failed"], 0)


def test_an_export_is_the_run_and_nothing_else(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, steps(2)):
        ran = program.run()
    exported = program("sessions", "export", "last")
    assert [json.loads(line) for line in exported.out.splitlines()] == ran.lines
