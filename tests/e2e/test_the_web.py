"""Searches of the maker and pages, from the config file to exports and the run from the log."""

import pytest

from tests.models.test_searching import ASKED, FOUND
from tests.support.message_script import Call, HttpFault, Other, Script, Text
from tests.support.program import Program, answering

PAGE = "http://127.0.0.1:9/paint"
USAGE = {"input_tokens": 100, "output_tokens": 20}
FIRST = Script(
    (Text("I look."), Other(ASKED), Other(FOUND), Call("web_fetch", {"url": PAGE})),
    stop="tool_use",
    usage=USAGE,
)
LAST = Script((Text("Blue."),), usage=USAGE)


def configured(program: Program, text: str) -> None:
    """Write the config file."""
    program.home.mkdir()
    (program.home / "config.toml").write_text(text)


def test_a_run_that_searches_and_is_kept_from_its_own_machine(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = '[prices."claude-test"]\ninput = 0\noutput = 0\n'
    configured(program, f"[web]\nsearch = true\nsearch_usd = 0.25\n{prices}")
    with answering(monkeypatch, [FIRST, LAST]) as server:
        ran = program.run("--on-ask", "deny", "--level", "3")
    assert [tool["name"] for tool in server.bodies[0]["tools"]][-1] == "web_search"
    said = server.bodies[1]["messages"][1]["content"]
    assert [block for block in said if block["type"].startswith(("server", "web"))] == [
        ASKED,
        FOUND,
    ]
    proposed = {event["call_id"]: event["tool"] for event in ran.of("call_proposed")}
    assert list(proposed.values()) == ["web_search", "web_fetch"]
    results = {proposed[call_id]: event for call_id, event in ran.results().items()}
    assert "https://sheds.example/paint" in results["web_search"]["output"]
    judged = {proposed[event["call_id"]]: event for event in ran.of("call_judged")}
    assert judged["web_search"]["facts"]["by_maker"]
    assert "outside content came in through web_search" in judged["web_fetch"]["rule"]
    assert ran.of("model_replied")[0]["cost_usd"] == pytest.approx(0.25)
    for form in ("markdown", "html"):
        text = program("sessions", "export", "last", "--format", form).out
        assert "paint for sheds" in text
        assert "https://sheds.example/paint" in text
    assert program("rerun", "last").out.startswith("identical")
    denied = program.folder / "policy.toml"
    denied.write_text('[[rule]]\ndecide = "deny"\nmatch = "WebSearch"\n')
    changed = program("policy", "replay", "--policy", str(denied)).out
    assert "allow → deny  web_search paint for sheds" in changed


def test_a_server_or_a_model_without_a_search_is_told_of(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(program, "[web]\nsearch = true\n")
    no = HttpFault(400, "invalid_request_error", "tools.9: Input tag 'web_search_20250305' found")
    with answering(monkeypatch, [no, LAST]) as server:
        ran = program.run()
    assert "no search of the web" in ran.of("model_replied")[0]["note"]
    assert len(server.bodies) == 2
    ran = program("demo", "bugfix", "--headless", "--on-ask", "deny")
    assert "search of the web" not in ran.err  # a script looks for nothing
    options = ("--workspace", str(program.workspace), "--model", "http://127.0.0.1:9#x")
    ran = program("run", "--headless", "--max-steps", "1", *options, "--", "tidy")
    assert "http://127.0.0.1:9#x has no search of the web of its own" in ran.err
