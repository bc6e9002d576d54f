"""A session starts, and goes on, under its project's rules and its human's lasting grants."""

from pathlib import Path

import pytest

from loopdeck.cli.places import Places
from loopdeck.cli.policy.bylaws import Bylaws, ProjectWatch, accept, bylaws
from loopdeck.errors import ConfigError
from loopdeck.harness.opening import Terms, begin, reopen
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.events import RuleRevoked
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Rule
from tests.support.clock import FakeClock
from tests.support.message_script import Call, Script, Text
from tests.support.program import Program, answering

NOW = 1_900_000_000_000_000_000


def places(root: Path) -> Places:
    names = ("loopdeck.db", "config.toml", "themes", "spool", "log")
    return Places(*(root / name for name in names))


def test_most_workspaces_have_nothing_of_the_kind(tmp_path: Path) -> None:
    assert bylaws(tmp_path, places(tmp_path), NOW) == Bylaws()


def test_both_are_found(tmp_path: Path) -> None:
    (tmp_path / ".loopdeck").mkdir()
    rules = '[[rule]]\ndecide = "deny"\nmatch = "web_fetch"\n'
    (tmp_path / ".loopdeck" / "policy.toml").write_text(rules)
    grants = '[[grant]]\nid = "g1"\nmatch = "web_fetch"\nscope = "user"\n'
    (tmp_path / "grants.toml").write_text(grants)
    found = bylaws(tmp_path, places(tmp_path), NOW)
    assert [(rule.match, rule.scope) for rule in found.rules] == [("web_fetch", "project")]
    assert [grant.grant_id for grant in found.grants] == ["g1"]
    assert len(found.notices) == 1
    assert found.pending is not None
    accept(tmp_path, places(tmp_path), found.pending)
    later = bylaws(tmp_path, places(tmp_path), NOW)
    assert (later.rules, later.pending, later.notices) == (found.rules, None, ())


def test_what_a_project_tightens_while_an_agent_works_there_is_seen(tmp_path: Path) -> None:
    spots = places(tmp_path)
    watch = ProjectWatch(tmp_path, spots.projects, FakeClock())
    assert watch() == ()
    policy = tmp_path / ".loopdeck" / "policy.toml"
    policy.parent.mkdir()
    policy.write_text('[[rule]]\ndecide = "deny"\nmatch = "web_fetch"\n')
    assert [(rule.decide, rule.match) for rule in watch()] == [("deny", "web_fetch")]
    policy.write_text('[[rule]]\ndecide = "allow"\nmatch = "shell"\n')
    assert watch() == ()
    policy.write_text("[[rule]")
    for _ in range(2):
        with pytest.raises(ConfigError):
            watch()
    policy.unlink()
    assert watch() == ()


def grant(name: str, scope: str) -> Grant:
    rule = Rule.model_validate({"decide": "allow", "match": "web_fetch", "scope": scope})
    return Grant(grant_id=name, rule=rule)


def names(state: SessionState) -> list[str]:
    return [view.grant.grant_id for view in state.grants]


async def test_a_lasting_grant_that_was_taken_back_meanwhile_is_over_in_the_session_too() -> None:
    journal, clock = MemoryJournal(), FakeClock()
    given = (grant("kept", "user"), grant("dropped", "project"), grant("own", "session"))
    terms = Terms(goal="g", model="m", workspace="/w", grants=given)
    recorder, _ = await begin(journal, clock, "s1", terms)
    assert names(recorder.state) == ["kept", "dropped", "own"]
    now = (grant("kept", "user"), grant("new", "project"))
    recorder, _ = await reopen(journal, clock, "s1", grants=now)
    assert names(recorder.state) == ["kept", "own", "new"]
    events = [record.event for record in await journal.read("s1")]
    assert [event.grant_id for event in events if isinstance(event, RuleRevoked)] == ["dropped"]
    recorder, _ = await reopen(journal, clock, "s1")
    assert names(recorder.state) == ["kept", "own", "new"]


def test_a_grant_lets_a_call_run_in_a_whole_session(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.home.mkdir()
    grants = program.home / "grants.toml"
    table = '[[grant]]\nid = "g1"\nmatch = "write_file(./notes/**)"\nscope = "user"\ncalls = 2\n'
    grants.write_text(table)
    policy = program.workspace / ".loopdeck" / "policy.toml"
    policy.parent.mkdir()
    policy.write_text('[[rule]]\ndecide = "deny"\nmatch = "read_file"\n')
    write = Call("write_file", {"path": "notes/a.txt", "content": "x"}, call_id="w1")
    read = Call("read_file", {"path": "README.md"}, call_id="r1")
    with answering(monkeypatch, [Script((write, read), stop="tool_use"), Script((Text("Done."),))]):
        ran = program.run()
    assert ran.code == 0, ran.err
    judged = {event["call_id"]: event for event in ran.of("call_judged")}
    assert (judged["w1"]["verdict"], judged["w1"]["grant_id"]) == ("allow", "g1")
    assert (judged["r1"]["verdict"], judged["w1"]["policy"] != "") == ("deny", True)
    assert (program.workspace / "notes" / "a.txt").read_text() == "x"
    assert "calls = 1" in grants.read_text()
    assert "have to be accepted" in ran.err
