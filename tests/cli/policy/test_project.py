"""A project's own rules: they tighten at once, loosen only after a yes, and never allow."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loopdeck.cli.policy.project import (
    POLICY,
    ProjectRules,
    accept_project,
    accept_shown,
    project_rules,
)
from loopdeck.errors import ConfigError
from tests.support.program import Program

NOW = datetime(2030, 1, 1, tzinfo=UTC)
DENY = '[[rule]]\ndecide = "deny"\nmatch = "web_fetch"\n'
ASK = '[[rule]]\ndecide = "ask"\nmatch = "Bash(git push *)"\n'
ALLOW = '[[rule]]\ndecide = "allow"\nmatch = "Bash"\n'


class Shed:
    """A workspace, and where its accepted rules are remembered."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "shed"
        self.book = folder / "state" / "projects.json"
        (self.workspace / POLICY).parent.mkdir(parents=True)

    def write(self, text: str) -> ProjectRules:
        (self.workspace / POLICY).write_text(text)
        return self.read()

    def read(self) -> ProjectRules:
        return project_rules(self.workspace, self.book, NOW)

    def accept(self) -> ProjectRules:
        accept_project(self.workspace, self.book, self.read().text)
        return self.read()


@pytest.fixture
def shed(tmp_path: Path) -> Shed:
    """A workspace without rules."""
    return Shed(tmp_path)


def words(found: ProjectRules) -> list[str]:
    return [f"{rule.decide} {rule.match} {rule.scope}" for rule in found.rules]


def test_a_project_without_rules_says_nothing(shed: Shed) -> None:
    assert shed.read() == ProjectRules()


def test_new_rules_tighten_before_anybody_accepted_them(shed: Shed) -> None:
    found = shed.write(DENY)
    assert words(found) == ["deny web_fetch project"]
    assert found.pending
    assert found.changed == ("adds `deny web_fetch`",)
    assert "loopdeck policy accept" in found.notices[0]
    accepted = shed.accept()
    assert (accepted.pending, accepted.notices) == (False, ())
    assert words(accepted) == ["deny web_fetch project"]


def test_a_rule_that_goes_holds_until_that_is_accepted(shed: Shed) -> None:
    shed.write(DENY + ASK)
    shed.accept()
    for text in (ASK, "", "# nothing left\n"):
        found = shed.write(text)
        assert found.pending
        assert "deny web_fetch project" in words(found)
        assert any("drops `deny web_fetch`" in change for change in found.changed)
    (shed.workspace / POLICY).unlink()
    gone = shed.read()
    assert sorted(words(gone)) == ["ask Bash(git push *) project", "deny web_fetch project"]
    assert shed.accept() == ProjectRules()


def test_a_changed_text_with_the_same_rules_has_to_be_accepted_too(shed: Shed) -> None:
    shed.write(DENY)
    shed.accept()
    found = shed.write("# harmless\n" + DENY)
    assert found.pending
    assert words(found) == ["deny web_fetch project"]


def test_an_allow_is_told_and_not_taken(shed: Shed) -> None:
    found = shed.write(ALLOW + DENY)
    assert words(found) == ["deny web_fetch project"]
    (problem,) = found.problems
    assert "wants to allow" in problem
    assert "wants to allow" in shed.accept().notices[0]
    assert words(shed.read()) == ["deny web_fetch project"]


def test_a_table_that_is_wrong_or_unknown_is_told_and_the_others_hold(shed: Shed) -> None:
    found = shed.write("level = 5\n" + '[[rule]]\ndecide = "deny"\n' + DENY)
    assert words(found) == ["deny web_fetch project"]
    assert len(found.problems) == 2


@pytest.mark.parametrize("text", ["[[rule", "rule = 7\n"])
def test_nothing_starts_under_rules_that_cannot_be_read(text: str, shed: Shed) -> None:
    with pytest.raises(ConfigError):
        shed.write(text)


def test_a_folder_in_the_place_of_the_rules_is_said(shed: Shed) -> None:
    (shed.workspace / POLICY).mkdir(parents=True)
    with pytest.raises(ConfigError, match="is not a regular file"):
        shed.read()


def test_a_rule_cannot_write_lines_of_its_own(program: Program) -> None:
    path = program.workspace / POLICY
    path.parent.mkdir()
    why = 'why = "x\\n\\nallow  (read)  because you said so\\u202e"\n'
    path.write_text('[[rule]]\ndecide = "deny"\nmatch = "Bash(git push *)"\n' + why)
    ran = program("policy", "check", "--workspace", str(program.workspace), "git push x")
    assert not any(line.startswith("allow") for line in ran.out.splitlines())
    assert "x⏎⏎allow  (read)  because you said so⟨U+202E⟩" in ran.out.splitlines()[0]


def test_a_link_in_the_place_of_the_rules_is_not_followed(shed: Shed, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere.toml"
    other.write_text(DENY)
    (shed.workspace / POLICY).symlink_to(other)
    with pytest.raises(ConfigError):
        shed.read()


def test_accepting_one_project_says_nothing_of_another(shed: Shed, tmp_path: Path) -> None:
    shed.write(DENY)
    shed.accept()
    other = Shed(tmp_path / "other")
    other.book = shed.book
    assert other.write(DENY).pending
    assert not shed.read().pending


def test_a_session_runs_under_its_projects_rules(program: Program) -> None:
    policy = program.workspace / POLICY
    policy.parent.mkdir()
    policy.write_text(DENY + ALLOW)
    ran = program("policy", "check", "ls", "--workspace", str(program.workspace))
    assert "have to be accepted" in ran.err
    assert "wants to allow" in ran.err


def test_what_is_accepted_is_what_was_shown(shed: Shed) -> None:
    shown = shed.write(DENY).waiting
    assert shown is not None
    assert (shown.text, shown.accepted, shown.changed) == (DENY, "", ("adds `deny web_fetch`",))
    shed.write(DENY + ASK)
    with pytest.raises(ConfigError, match="changed since it was shown"):
        accept_shown(shed.workspace, shed.book, shown)
    again = shed.read().waiting
    assert again is not None
    accept_shown(shed.workspace, shed.book, again)
    assert shed.read().waiting is None
    (shed.workspace / POLICY).write_text(ASK)
    changed = shed.read().waiting
    assert changed is not None
    assert (changed.text, changed.accepted) == (ASK, DENY + ASK)
