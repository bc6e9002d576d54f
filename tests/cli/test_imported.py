"""Whoever takes up an imported session is asked by it; whoever changed a rule is obeyed by it."""

from pathlib import Path

from loopdeck.session.events import CallProposed, ModelReplied, ModelRequested
from loopdeck.session.values import CallBlock, JsonObject, Rule
from tests.support.program import Program
from tests.support.records import recording, started, write_records

RULES = tuple(
    Rule(decide="allow", match=f"category({name})", scope="cli")
    for name in ("write", "network", "destructive")
)


def theirs(folder: Path) -> Path:
    """A log that wants a file gone, and allows itself to take it away."""
    args: JsonObject = {"command": "rm -rf keep"}
    opening = started(level=5, workspace=str(folder), model="scripted:bugfix", check="rm -rf keep")
    log = [
        opening.model_copy(update={"rules": RULES}),
        ModelRequested(step=1, model="scripted:bugfix"),
        ModelReplied(step=1, blocks=(CallBlock(call_id="c1"),), stop="tool_use"),
        CallProposed(call_id="c1", step=1, tool="shell", args=args),
    ]
    path = folder.parent / "theirs.jsonl"
    write_records(path, recording(log, session="theirs01"))
    return path


def test_an_imported_session_runs_nothing_before_somebody_here_said_yes(
    program: Program, tmp_path: Path
) -> None:
    folder = tmp_path / "shed"
    (folder / "keep").mkdir(parents=True)
    program("sessions", "import", str(theirs(folder)))
    ran = program("resume", "theirs01", "--headless", "--json")
    assert ran.code == 4
    assert (folder / "keep").is_dir()
    assert "was imported" in ran.err
    (waiting,) = program("approvals", "list", "--json").lines
    assert waiting["tool"] == "shell"
    (line,) = program.listed()
    assert line["level"] == 3
    forked = program("fork", "theirs01", "--yes", "--headless", "--json")
    assert forked.events[0]["foreign"]
    assert (folder / "keep").is_dir()


def test_a_rule_that_left_the_config_file_is_gone_when_a_session_goes_on(
    program: Program, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[[rule]]\ndecide = "allow"\nmatch = "write_file"\nexpires = 2999-01-01\n')
    named = ("--config", str(config))
    begun = program(*named, "demo", "bugfix", "--headless", "--json", "--deny", "shell(curl *)")
    assert begun.code == 4
    (first,) = begun.of("session_started")[0]["rules"][1:]
    assert (first["match"], "until" in first) == ("write_file", True)
    config.write_text('[[rule]]\ndecide = "ask"\nmatch = "shell(make *)"\n')
    resumed = program(*named, "resume", begun.session, "--headless", "--json")
    assert [rule["match"] for rule in resumed.of("session_resumed")[0]["rules"]] == [
        "shell(make *)"
    ]
