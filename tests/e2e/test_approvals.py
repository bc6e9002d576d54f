"""Calls that wait: parked, answered from elsewhere, taken up again; asked in place; questions."""

import json

import pytest

from loopdeck.app.paint.account import ANSWERS
from loopdeck.cli.approvals import SPOKEN
from loopdeck.cli.runs.headless import EXIT_CODES
from loopdeck.session.values import JsonObject
from tests.e2e.saying import DONE, call, calls, heard, results, writes
from tests.support.program import Program, Ran, answering


def waiting(program: Program) -> list[JsonObject]:
    """What `approvals list` shows."""
    return program("approvals", "list", "--json").lines


def resume(program: Program, *argv: str) -> Ran:
    """Take the last session up again."""
    return program("resume", "--headless", "--json", "last", *argv)


def test_a_parked_call_waits_for_its_approval_and_then_runs(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]) as server:
        parked = program.run()
        assert parked.code == EXIT_CODES["waiting"]
        assert "waits for you" in parked.err
        assert f"loopdeck resume {parked.session}" in parked.err
        (one,) = waiting(program)
        assert one["id"].startswith(f"{parked.session}/call-1@")
        assert (one["tool"], one["category"]) == ("write_file", "write")
        assert program.listed()[0]["state"] == "waiting"
        assert program.listed()[0]["pending"] == 1
        approved = program("approvals", "approve", one["id"])
        assert approved.code == 0
        assert f"loopdeck resume {parked.session}" in approved.out
        assert not (program.workspace / "note.txt").exists()
        ran = resume(program)
    assert ran.code == 0
    assert (program.workspace / "note.txt").read_text() == "hello\n"
    assert ran.of("call_answered")[0]["by"] == "human"
    assert len(server.bodies) == 2
    assert waiting(program) == []
    assert program("sessions", "verify", parked.session).code == 0


def test_the_model_hears_why_it_was_denied(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]) as server:
        parked = program.run()
        denied = program("approvals", "deny", "call-1", "--reason", "The shed is read-only.")
        ran = resume(program)
    assert (parked.code, denied.code, ran.code) == (4, 0, 0)
    assert "Denied by your human: The shed is read-only." in heard(server.bodies[1])
    assert not (program.workspace / "note.txt").exists()


def test_resuming_without_an_answer_waits_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes()]) as server:
        assert program.run().code == 4
        assert resume(program).code == 4
        assert resume(program).code == 4
    assert len(server.bodies) == 1
    assert len(waiting(program)) == 1


def test_an_approval_of_what_has_changed_meanwhile_is_asked_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes("rake.txt", "two rakes\n"), DONE]):
        program.run()
        (before,) = waiting(program)
        assert program("approvals", "approve", "call-1").code == 0
        (program.workspace / "rake.txt").write_text("somebody else's rake\n")
        ran = resume(program)
        assert ran.code == EXIT_CODES["waiting"]
        assert "changed" in ran.of("call_asked")[0]["again"]
        assert (program.workspace / "rake.txt").read_text() == "somebody else's rake\n"
        unseen = program("approvals", "approve", "call-1")
        assert (unseen.code, "more than once" in unseen.err) == (2, True)
        stale = program("approvals", "approve", before["id"])
        assert (stale.code, "again meanwhile" in stale.err) == (2, True)
        (now,) = waiting(program)
        assert program("approvals", "approve", now["id"]).code == 0
        assert resume(program).code == 0
    assert (program.workspace / "rake.txt").read_text() == "two rakes\n"


def test_calls_that_need_nobody_run_beside_one_that_waits(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = calls(
        call("write_file", "call-1", path="note.txt", content="x"),
        call("read_file", "call-2", path="rake.txt"),
    )
    with answering(monkeypatch, [both, DONE]) as server:
        parked = program.run()
        assert parked.code == 4
        assert parked.results()["call-2"]["ok"]
        program("approvals", "approve", f"{parked.session}/call-1")
        assert resume(program).code == 0
    assert results(server.bodies[1]) == ["call-1", "call-2"]


def test_two_that_wait_are_answered_one_by_one(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = calls(
        call("write_file", "call-1", path="a.txt", content="a"),
        call("write_file", "call-2", path="b.txt", content="b"),
    )
    with answering(monkeypatch, [both, DONE]):
        program.run()
        program("approvals", "approve", "call-1")
        half = resume(program)
        assert half.code == 4
        assert (program.workspace / "a.txt").exists()
        assert [one["call_id"] for one in waiting(program)] == ["call-2"]
        program("approvals", "deny", "call-2")
        assert resume(program).code == 0
    assert not (program.workspace / "b.txt").exists()


@pytest.mark.parametrize(
    ("verbs", "counted"), [(("approve", "deny"), "denied"), (("deny", "approve"), "approved")]
)
def test_of_two_answers_to_a_parked_call_the_second_says_that_it_counts(
    program: Program, monkeypatch: pytest.MonkeyPatch, verbs: tuple[str, str], counted: str
) -> None:
    with answering(monkeypatch, [writes(), DONE]):
        program.run()
        first, second = (program("approvals", verb, "call-1") for verb in verbs)
        ran = resume(program)
    place = "It takes the place of the answer that was left before."
    assert (first.code, second.code) == (0, 0)
    assert place not in first.out
    assert place in second.out
    assert [one["answer"] for one in ran.of("call_answered")] == [counted]
    assert (program.workspace / "note.txt").exists() == (counted == "approved")


@pytest.mark.parametrize("words", ["blue", "neither, take green"])
def test_a_question_is_answered_by_an_option_or_in_words(
    words: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = calls(call("ask_human", question="Red or blue?", options=["red", "blue"]))
    with answering(monkeypatch, [asks, DONE]) as server:
        assert program.run().code == EXIT_CODES["waiting"]
        (one,) = waiting(program)
        assert (one["kind"], one["text"]) == ("question", "Red or blue?")
        refused = program("approvals", "approve", one["id"])
        assert (refused.code, "is a question" in refused.err) == (2, True)
        assert program("approvals", "answer", one["id"], words).code == 0
        assert resume(program).code == 0
    assert words in heard(server.bodies[1])


def test_denying_everything_lets_the_run_go_on(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]) as server:
        ran = program.run("--on-ask", "deny")
    assert ran.code == 0
    assert "nobody is watching" in heard(server.bodies[1])


def test_rules_of_the_command_line_decide(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = [writes(), writes("rake.txt", "no\n", "call-2"), DONE]
    with answering(monkeypatch, script) as server:
        ran = program.run("--allow", "Edit(./note.txt)", "--deny", "write_file(./rake.txt)")
    assert ran.code == 0
    assert (program.workspace / "note.txt").exists()
    assert "Denied by a rule" in heard(server.bodies[2])


def test_a_run_that_waits_in_place_is_answered_by_another_process(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [writes(), DONE]):
        options = ("--workspace", str(program.workspace), "--model", "claude-test")
        process = program.start(
            "run", "--headless", "--json", "--on-ask", "wait", *options, "write a note"
        )
        assert process.stdout is not None
        session = ""
        for line in process.stdout:
            record = json.loads(line)
            if record["event"]["type"] == "call_asked":
                session = record["session"]
                break
        assert program.listed()[0]["state"] == "waiting"
        busy = program("resume", "--headless", session)
        assert (busy.code, "is live in process" in busy.err) == (1, True)
        refused = program("sessions", "delete", session)
        assert refused.code == 2
        approved = program("approvals", "approve", f"{session}/call-1")
        assert "resume" not in approved.out
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert json.loads(rest.splitlines()[-1])["event"]["outcome"] == "done"
    assert (program.workspace / "note.txt").exists()


def test_the_words_of_the_deck_are_answers_too() -> None:
    assert {shown: answer for answer, (shown, _) in ANSWERS.items()} == SPOKEN
