"""One plain line an event: what the permission layer did is among them."""

import pytest

from loopdeck.cli.prose import sentence
from loopdeck.session.events import (
    CallFinished,
    CallProposed,
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
            "  ⊘ c1 the sandbox kept it from: a write to /etc",
        ),
        (
            CallFinished(call_id="c1", ok=True, output="‹not stored›", withheld=12),
            "  c1 12 characters went to the agent, unstored",
        ),
        (CallFinished(call_id="c1", ok=True, output="fine"), ""),
        (
            CallProposed(
                call_id="c1", step=1, tool="shell", args={"command": "echo ok\nrm -rf src\n"}
            ),
            "  ○ shell echo ok⏎rm -rf src",
        ),
    ],
)
def test_what_the_permission_layer_did_is_told(event: Event, words: str) -> None:
    assert sentence(event) == words


def test_a_call_whose_end_nobody_saw_is_one_line_without_its_evidence() -> None:
    text = "Did it take effect?\n\n    shell make\n\nIt started at 14:02.\nNothing still runs."
    asked = HumanCalled(ask_id="a1", kind="unknown", text=text)
    assert sentence(asked) == "◐ Did it take effect? shell make"
    shortened = ContextCompacted(upto=3, summary="")
    assert sentence(shortened) == "≡ what the model is told lost the middle of long results"
