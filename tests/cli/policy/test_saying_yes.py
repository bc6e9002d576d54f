"""Rules are taken over, learned, tried on the past and accepted: never without being shown."""

import json
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.cli.policy import adding
from loopdeck.session.codec import dump_record
from loopdeck.session.events import Event, SessionEnded
from loopdeck.session.values import Category, JsonObject
from tests.support.past import told
from tests.support.program import Program
from tests.support.records import recording, started

RECORDING = Path(__file__).parents[3] / "sessions" / "demo-bugfix.jsonl"
CONFIG = "# mine\nlevel = 2 # keep it low\n\n[limits] # small\nsteps = 5\n"
SETTINGS: JsonObject = {
    "permissions": {
        "allow": ["Bash(git diff:*)", "Edit(/src/**)", "NotebookEdit", "Bash(git * main)"],
        "ask": ["Bash(git push:*)"],
        "deny": ["Read(./.env)", "Nonsense(x)"],
        "defaultMode": "acceptEdits",
        "additionalDirectories": ["../docs"],
    },
    "model": "opus",
}


@pytest.fixture
def settings(program: Program) -> Path:
    """A settings file of Claude Code."""
    path = program.folder / "settings.json"
    path.write_text(json.dumps(SETTINGS))
    return path


@pytest.fixture
def config(program: Program) -> Path:
    """A config file with comments."""
    program.home.mkdir()
    path = program.home / "config.toml"
    path.write_text(CONFIG)
    return path


def answering(monkeypatch: pytest.MonkeyPatch, *, yes: bool) -> list[str]:
    """A person at the terminal; what they were asked."""
    asked: list[str] = []

    def confirmed(question: str) -> bool:
        asked.append(question)
        return yes

    for module in ("policy.accept", "policy.suggest"):
        monkeypatch.setattr(f"loopdeck.cli.{module}.confirmed", confirmed)
    return asked


def test_an_import_shows_what_it_would_add_and_adds_nothing(
    program: Program, settings: Path, config: Path
) -> None:
    ran = program("policy", "import", str(settings))
    assert ran.code == 0
    rules = [(rule["decide"], rule["match"]) for rule in tomllib.loads(ran.out)["rule"]]
    assert rules == [
        ("deny", "Read(./.env)"),
        ("ask", "Bash(git push:*)"),
        ("allow", "Bash(git diff:*)"),
        ("allow", "Edit(/src/**)"),
        ("allow", "NotebookEdit"),
        ("allow", "Bash(git * main)"),
    ]
    for words in ("defaultMode", "additionalDirectories", "Nonsense(x)", "no such tool", "star"):
        assert words in ran.err
    assert config.read_text() == CONFIG


def test_an_import_appends_keeps_every_comment_and_a_private_copy(
    program: Program, settings: Path, config: Path
) -> None:
    assert program("policy", "import", str(settings), "--write").code == 0
    assert config.read_text().startswith(CONFIG)
    assert len(tomllib.loads(config.read_text())["rule"]) == 6
    backup = config.with_name("config.toml.before")
    assert backup.read_text() == CONFIG
    for path in (config, backup):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = program("policy", "import", str(settings), "--write")
    assert "nothing to add" in again.err
    assert len(tomllib.loads(config.read_text())["rule"]) == 6
    assert program("policy", "check", "git diff HEAD").out.startswith("deny")  # level 2 stands


def test_one_odd_entry_stops_no_import(program: Program, settings: Path) -> None:
    settings.write_text('{"permissions": {"deny": [7, "Bash(rm *)"], "allow": [null]}}')
    ran = program("policy", "import", str(settings))
    assert (ran.code, "Bash(rm *)" in ran.out) == (0, True)
    assert "A rule in `permissions.deny` is not text. It was not taken." in ran.err
    assert "A rule in `permissions.allow` is not text." in ran.err


def test_an_import_makes_a_config_where_there_is_none(program: Program, settings: Path) -> None:
    assert program("policy", "import", str(settings), "--write").code == 0
    assert len(tomllib.loads((program.home / "config.toml").read_text())["rule"]) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"permissions": 7}',
        '{"permissions": {"allow": "Bash"}}',
        pytest.param("[" * 100_000, id="deep"),
    ],
)
def test_a_file_without_permissions_is_refused_with_a_sentence(
    text: str, program: Program, settings: Path, config: Path
) -> None:
    settings.write_text(text)
    ran = program("policy", "import", str(settings), "--write")
    assert ran.code == 2
    assert str(settings) in ran.err
    assert config.read_text() == CONFIG


def test_a_config_whose_rules_are_inline_is_left_alone(
    program: Program, settings: Path, config: Path
) -> None:
    config.write_text('rule = [{decide = "ask", match = "shell"}]\n')
    before = config.read_text()
    assert program("policy", "import", str(settings), "--write").code == 2
    assert config.read_text() == before


def recorded(program: Program, *calls: list[Event]) -> str:
    """A session with these calls, in the library."""
    events = [event for call in calls for event in call]
    records = recording([started(), *events, SessionEnded(outcome="stopped")], session="past0001")
    path = program.folder / "past.jsonl"
    path.write_text("".join(dump_record(record) + "\n" for record in records))
    return program("sessions", "import", str(path)).out.strip()


def push(number: int, answer: str) -> list[Event]:
    args = {"command": f"git push origin b{number}"}
    facts: JsonObject = {"hosts": ["origin"]}
    return told(f"p{number}", "shell", args, Category.NETWORK, answer=answer, facts=facts)


def test_what_was_approved_often_is_suggested_with_its_evidence(program: Program) -> None:
    wreck = told("w1", "shell", {"command": "rm -r a"}, Category.DESTRUCTIVE, answer="approved")
    again = told("w2", "shell", {"command": "rm -r a"}, Category.DESTRUCTIVE, answer="approved")
    recorded(program, *(push(n, "approved") for n in range(4)), wreck, again)
    (line,) = program("policy", "suggest", "--json").lines
    assert (line["match"], line["saved"], line["calls"]) == ("shell(git push *)", 4, 6)
    assert line["categories"]["destructive"] == 0
    words = program("policy", "suggest").out
    assert "would have saved 4 questions in 6 calls: 4 network, 0 destructive" in words
    assert "you approved all 4" in words


def test_what_was_refused_even_once_is_not_suggested(program: Program) -> None:
    recorded(program, *(push(n, "approved") for n in range(4)), push(9, "denied"))
    assert program("policy", "suggest", "--json").out == ""


def test_a_suggestion_is_added_only_after_a_yes(
    program: Program, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(program, *(push(n, "approved") for n in range(3)))
    assert program("policy", "suggest", "--accept", "1").code == 2  # nobody is at a terminal
    assert config.read_text() == CONFIG
    answering(monkeypatch, yes=False)
    assert program("policy", "suggest", "--accept", "1").code == 1
    assert config.read_text() == CONFIG
    asked = answering(monkeypatch, yes=True)
    assert program("policy", "suggest", "--accept", "1").code == 0
    assert len(asked) == 1
    (rule,) = tomllib.loads(config.read_text())["rule"]
    assert (rule["decide"], rule["match"]) == ("allow", "shell(git push *)")
    assert "saved 3 questions" in rule["why"]
    assert program("policy", "suggest", "--json").out == ""
    assert program("policy", "suggest", "--accept", "1").code == 2


def test_another_policy_over_what_was_recorded(program: Program) -> None:
    session = program("sessions", "import", str(RECORDING)).out.strip()
    policy = program.folder / "policy.toml"
    policy.write_text('[[rule]]\ndecide = "deny"\nmatch = "edit_file"\n')
    ran = program("policy", "replay", "--policy", str(policy), "--json")
    assert ran.code == 0
    changes = [line for line in ran.lines if line["tool"] == "edit_file"]
    assert changes
    for change in changes:
        assert (change["session"], change["was"], change["now"]) == (session, "ask", "deny")
        assert change["human"] in ("approved", "denied")
        assert change["disagrees"] is False
    policy.write_text("")
    assert program("policy", "replay", "--policy", str(policy), "--json", session[:5]).code == 0
    words = program("policy", "replay", "--policy", str(policy)).out
    assert words.splitlines()[-1].endswith("changed")


def test_a_policy_that_would_run_what_was_refused_fails(program: Program) -> None:
    recorded(program, push(1, "approved"), push(2, "denied"))
    policy = program.folder / "policy.toml"
    policy.write_text('[[rule]]\ndecide = "allow"\nmatch = "Bash(git push:*)"\n')
    ran = program("policy", "replay", "--policy", str(policy), "--json")
    assert ran.code == 1
    assert [line["disagrees"] for line in ran.lines] == [False, True]
    words = program("policy", "replay", "--policy", str(policy)).out
    assert "newly: 2 allow, 0 ask, 0 deny, 0 park · 1 against what you did" in words


def test_a_projects_rules_are_accepted_by_a_yes_at_a_terminal(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = str(program.workspace)
    assert "nothing to do" in program("policy", "accept", where).err
    policy = program.workspace / ".loopdeck" / "policy.toml"
    policy.parent.mkdir()
    policy.write_text('[[rule]]\ndecide = "deny"\nmatch = "web_fetch"\n')
    assert program("policy", "accept", where).code == 2
    answering(monkeypatch, yes=False)
    assert program("policy", "accept", where).code == 1
    answering(monkeypatch, yes=True)
    ran = program("policy", "accept", where)
    assert ran.code == 0
    assert 'match = "web_fetch"' in ran.out
    assert "adds `deny web_fetch`" in ran.out
    assert "nothing to do" in program("policy", "accept", where).err


class Stream:
    """A standard stream that may be a terminal."""

    def __init__(self, line: str, *, tty: bool) -> None:
        self.line = line
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def fileno(self) -> int:
        raise OSError

    def readline(self) -> str:
        return self.line

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


@pytest.mark.parametrize(
    ("line", "yes"), [("y\n", True), ("YES\n", True), ("\n", False), ("", False), ("no\n", False)]
)
def test_only_a_yes_is_a_yes(line: str, monkeypatch: pytest.MonkeyPatch, *, yes: bool) -> None:
    monkeypatch.setattr(adding.sys, "stdin", Stream(line, tty=True))
    monkeypatch.setattr(adding.sys, "stderr", Stream("", tty=True))
    ask: Callable[[str], bool] = adding.confirmed
    assert ask("Well?") is yes
