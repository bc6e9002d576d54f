"""Everything a model server can do wrong ends in a sentence, an event and the right exit code."""

import socket

import pytest

from loopdeck.cli.runs.headless import EXIT_CODES
from tests.e2e.saying import DONE, call, calls, heard, results
from tests.support.message_script import Answer, Call, Fault, HttpFault, NoAnswer, Script, Text
from tests.support.program import KEY, Program, answering

SAYING = (Text("I was about to say", pieces=4),)
LISTING = call("list_files", path=".")


@pytest.mark.parametrize(
    "fault",
    [
        Script(SAYING, fault=Fault("cut", after=3)),
        Script(SAYING, fault=Fault("drop", after=3)),
        Script(SAYING, fault=Fault("reset", after=3)),
        Script(SAYING, fault=Fault("garbage", after=3)),
        Script(SAYING, fault=Fault("error", after=3)),
        Script(SAYING, stop=None),
        Script((*SAYING, LISTING), stop="tool_use", fault=Fault("cut", after=9)),
        NoAnswer(),
        HttpFault(500),
        HttpFault(529, "overloaded_error", "Overloaded"),
        HttpFault(502, body=b"<html>bad gateway</html>"),
    ],
    ids=[
        "cut",
        "drop",
        "reset",
        "garbage",
        "error event",
        "no stop reason",
        "cut inside a call",
        "no answer",
        "status 500",
        "overloaded",
        "a proxy's page",
    ],
)
def test_point_04_a_stream_without_its_end_is_tried_again_and_runs_nothing(
    fault: Answer, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [fault, DONE]) as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (0, 2)
    (failed,) = ran.of("model_failed")
    assert failed["error"].endswith(".")
    assert failed["wait_s"] == 1.0
    assert not ran.of("call_proposed")
    assert server.bodies[0]["messages"] == server.bodies[1]["messages"]
    assert [event["attempt"] for event in ran.of("model_requested")] == [1, 2]


def test_the_wait_is_the_one_the_server_asks_for(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = HttpFault(429, "rate_limit_error", "slow down", headers={"retry-after": "7"})
    with answering(monkeypatch, [busy, DONE]):
        ran = program.run()
    assert ran.code == 0
    assert ran.of("model_failed")[0]["wait_s"] == 7.0
    assert 7.0 in program.waits


def test_a_server_that_stays_down_pauses_the_run_and_loses_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [calls(LISTING), *[HttpFault(503)] * 5, DONE]):
        ran = program.run()
        assert ran.code == EXIT_CODES["paused"]
        assert [event["wait_s"] for event in ran.of("model_failed")[:4]] == [1, 2, 4, 8]
        assert "wait_s" not in ran.of("model_failed")[4]
        assert "is overloaded" in ran.err
        assert (ran.events[-1]["type"], ran.events[-1]["reason"]) == ("session_paused", "model")
        assert "is paused: " in ran.err
        again = program("resume", "--headless", "--json", "last")
    assert again.code == 0


def test_a_server_that_is_not_there(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: every connection is refused
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        ran = program.run()
    assert ran.code == EXIT_CODES["failed"]
    assert "The model server at 127.0.0.1 cannot be reached." in ran.err
    assert "ANTHROPIC_BASE_URL" in ran.err
    assert len(ran.of("model_failed")) == 5


def test_a_wrong_key_is_not_tried_twice_and_never_shown(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE], key="a-wrong-key") as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (EXIT_CODES["failed"], 1)
    assert "does not accept the key" in ran.err
    assert "ANTHROPIC_API_KEY" in ran.err
    assert "a-wrong-key" not in ran.err + ran.out
    assert KEY not in ran.err + ran.out


def test_an_unknown_model_is_named(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, [HttpFault(404, "not_found_error", "model: claude-test")]):
        ran = program.run()
    assert ran.code == EXIT_CODES["failed"]
    assert "knows no model “claude-test”" in ran.err


def test_a_call_cut_by_the_output_limit_never_runs_and_the_model_hears_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = Call("write_file", raw='{"path": "rake.txt", "content": "no')
    with answering(monkeypatch, [Script((half,), stop="max_tokens"), DONE]) as server:
        ran = program.run("--level", "4")
    assert ran.code == 0
    assert not ran.of("call_proposed")
    assert "reached the output limit" in heard(server.bodies[1])
    assert (program.workspace / "rake.txt").read_text() == "one rake\n"


def test_a_model_that_never_fits_its_limit_fails(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, lambda body: Script(SAYING, stop="max_tokens")) as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (EXIT_CODES["failed"], 3)
    assert "cut off several times" in ran.err


def test_a_whole_call_beside_another_stop_reason_does_not_run(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [Script((*SAYING, LISTING), stop="end_turn")]):
        ran = program.run()
    assert ran.code == 0
    assert not ran.of("call_proposed")
    assert "1 calls of this reply were not run" in ran.of("model_replied")[0]["note"]


def test_a_refusal_says_why(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "This looks like an attack."}
    with answering(monkeypatch, [Script(stop="refusal", details=details)]):
        ran = program.run()
    assert ran.code == EXIT_CODES["failed"]
    assert "The model refused: cyber: This looks like an attack." in ran.err


def test_a_paused_turn_goes_on(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(monkeypatch, [Script(SAYING, stop="pause_turn"), DONE]) as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (0, 2)
    assert [turn["role"] for turn in server.bodies[1]["messages"]][:2] == ["user", "assistant"]


@pytest.mark.parametrize(
    ("stop", "said"),
    [("bored", "unknown reason 'bored'"), ("model_context_window_exceeded", "window is full")],
)
def test_other_reasons_to_stop_are_said(
    stop: str, said: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [Script(SAYING, stop=stop)]):
        ran = program.run()
    assert ran.code == EXIT_CODES["failed"]
    assert said in ran.err


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (call("launch_rocket"), "There is no tool 'launch_rocket'"),
        (call("read_flie", path="rake.txt"), "Did you mean read_file?"),
        (call("read_file"), "Wrong arguments for read_file: path"),
        (call("read_file", path=7), "Wrong arguments for read_file: path"),
        (call("read_file", path="rake.txt", colour="red"), "colour"),
        (call("read_file", path="../../etc/passwd\0"), "path"),
        (call("web_fetch", url="file:///etc/passwd"), "does not begin with http:// or https://"),
    ],
    ids=lambda value: value.tool if isinstance(value, Call) else "",
)
def test_a_call_nobody_can_make_is_an_error_for_the_model(
    made: Call, said: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [calls(made), DONE]) as server:
        ran = program.run()
    assert ran.code == 0
    (block,) = server.bodies[1]["messages"][-1]["content"]
    assert block["is_error"] is True
    assert said in heard(server.bodies[1])
    assert not ran.of("call_started")


@pytest.mark.parametrize("bad", [Call("read_file", raw="[1]"), Call("", {"path": "."})])
def test_a_malformed_call_alone_fails_and_the_others_of_its_reply_run(
    bad: Call, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = calls(bad, call("list_files", "c2", path="."))
    with answering(monkeypatch, [both, DONE]) as server:
        ran = program.run()
    assert (ran.code, len(server.bodies)) == (0, 2)
    assert not ran.of("model_failed")
    faulty, fine = server.bodies[1]["messages"][-1]["content"]
    assert faulty["is_error"] is True
    assert "malformed and did not run" in faulty["content"]
    assert "rake.txt" in fine["content"]
    sent = server.bodies[1]["messages"][-2]["content"]
    assert [block["id"] for block in sent] == results(server.bodies[1])
    assert program("rerun", "last").code == 0


def test_calls_that_share_an_id_are_told_apart(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = calls(call("read_file", "c", path="rake.txt"), call("list_files", "c", path="."))
    with answering(monkeypatch, [twice, DONE]) as server:
        ran = program.run()
    assert ran.code == 0
    assert len(ran.results()) == 2
    assert len(set(results(server.bodies[1]))) == 2
