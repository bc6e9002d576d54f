"""One plain line an event: what the permission layer did is among them."""

import pytest

from loopdeck.cli.prose import Calls, sentence
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    CallUnknown,
    ContextCompacted,
    Event,
    HumanCalled,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
)
from loopdeck.session.values import Grant, Rule

GRANT = Grant(grant_id="g1", rule=Rule(decide="allow", match="shell(ls *)", scope="session"))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (RuleGranted(grant=GRANT), "✚ standing permission (session): shell(ls *)"),
        (RuleRevoked(grant_id="g1"), "⊘ standing permission g1 taken back"),
        (SandboxChecked(backend="bubblewrap", passed=True), "sandbox bubblewrap"),
        (SandboxChecked(passed=False, says="not here"), "no sandbox: not here"),
        (
            ServerChecked(server="notes", says="It\nended."),
            "! the MCP server notes cannot be used: It ended.",
        ),
        (ServerChecked(server="notes", passed=True), "▣ the MCP server notes can be used again"),
        (
            ServerChecked(server="notes", passed=True, says="It ended."),
            "▣ the MCP server notes was begun anew: It ended.",
        ),
        (
            ServiceEnded(service="d\nev", why="itself", exit_code=7, output="no port"),
            "⚙ the service d ev ended, exit code 7",
        ),
        (
            ServiceEnded(service="dev", why="lost"),
            "⚙ the service dev is gone with the process that ran it",
        ),
        (
            CallFinished(call_id="c1", ok=False, output="no", blocked="a write to /etc"),
            "  ⊘ call 1 the sandbox kept it from: a write to /etc",
        ),
        (
            CallFinished(call_id="c1", ok=True, output="‹not stored›", withheld=12),
            "  ✓ call 1 12 characters went to the agent, unstored",
        ),
        (CallFinished(call_id="c1", ok=True, output="fine", duration_ms=1_200), "  ✓ call 1 1.2 s"),
        (
            CallProposed(
                call_id="c1", step=1, tool="shell", args={"command": "echo ok\nrm -rf src\n"}
            ),
            "  ○ call 1 shell echo ok⏎rm -rf src",
        ),
    ],
)
def test_what_the_permission_layer_did_is_told(event: Event, words: str) -> None:
    assert sentence(event, Calls()) == words


def test_a_call_whose_end_nobody_saw_is_one_line_without_its_evidence() -> None:
    text = "Did it take effect?\n\n    shell make\n\nIt started at 14:02.\nNothing still runs."
    asked = HumanCalled(ask_id="a1", kind="unknown", text=text)
    assert sentence(asked, Calls()) == "◐ Did it take effect? shell make"
    shortened = ContextCompacted(upto=3, summary="")
    assert (
        sentence(shortened, Calls()) == "≡ what the model is told lost the middle of long results"
    )


def test_each_line_of_a_call_says_which_of_several_it_is() -> None:
    calls = Calls(["before"])
    events: list[Event] = [
        *(CallProposed(call_id=name, step=1, tool="shell", args={}) for name in ("a", "b")),
        CallAsked(call_id="b", binding="x"),
        CallAnswered(call_id="b", answer="approved", by="human"),
        CallFinished(call_id="b", ok=False, output="no\nway"),
        CallFinished(call_id="a", ok=True, output="", duration_ms=40),
        CallUnknown(call_id="before", reason=""),
    ]
    lines = [sentence(event, calls) for event in events]
    assert [line.strip() for line in lines[:2]] == ["○ call 2 shell", "○ call 3 shell"]
    assert lines[2:6] == [
        "  ◐ call 3 waits for approval, as b",
        "  call 3 approved by human",
        "  ✗ call 3 no way",
        "  ✓ call 2 40 ms",
    ]
    assert lines[6].startswith("  ? call 1 ")
