"""What others obey later is asked for by every door; the sandbox holds the names of that table."""

from pathlib import Path

import pytest

from loopdeck.permissions.obeyed import (
    CHOOSERS,
    OBEYED,
    PLANTABLE,
    STARTUP,
    may_be_obeyed,
    obeyed_by,
    runs_unasked,
    starting_later,
    starts_later,
)
from loopdeck.permissions.policy import Policy, judge
from loopdeck.session.values import Assessment, Decision
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox import names
from tests.permissions.corpus import entries, themes

PUSHED = (
    *(".github/workflows/ci.yml", ".github/actions/x/action.yml", ".gitlab-ci.yml"),
    *(".circleci/config.yml", "azure-pipelines.yml", "Jenkinsfile"),
)
NAMES = tuple(name for name in (*PLANTABLE, *OBEYED, *CHOOSERS) if name != ".loopdeck")
ASKING = (Decision.ASK, Decision.PARK)


def decided(workspace: Path, level: int, tool: str, **args: object) -> Decision:
    """What a policy at a level, with a sandbox that holds, says of a call."""
    assessment: Assessment = BuiltinToolbox(workspace).prepare(tool, args).assess()
    held = assessment.model_copy(update={"facts": {**assessment.facts, "sandboxed": True}})
    return judge(tool, args, held, Policy(level, workspace=workspace, sandboxed=True)).decision


ORDERS = (
    "AGENTS.md",
    "QWEN.md",
    "WARP.md",
    ".rules",
    "docs/CLAUDE.md",
    "GEMINI.md",
    ".github/copilot-instructions.md",
)
CODE = ("sitecustomize.py", ".venv/lib/python3.12/site-packages/x.pth", ".cargo/config.toml")
ORDINARY = ("Makefile", ".gitattributes", "package.json", "config.toml", "docs/agents.py", "x.yml")


def test_what_agents_and_builds_obey_is_asked_about_and_what_a_build_is_made_of_is_not(
    tmp_path: Path,
) -> None:
    for path in (*ORDERS, *CODE, ".yarnrc.yml"):
        assert obeyed_by(path)
        assert decided(tmp_path, 4, "write_file", path=path, content="x") in ASKING
        assert decided(tmp_path, 4, "shell", command=f"echo x > {path}") in ASKING
    for path in ORDINARY:
        assert decided(tmp_path, 4, "write_file", path=path, content="x") is Decision.ALLOW


def test_a_name_that_is_not_marked_is_obeyed_by_nobody_but_for_its_folder() -> None:
    for path in (*NAMES[1:], *PUSHED, *ORDERS, *CODE, ".bashrc", "a.code-workspace"):
        name = path.rpartition("/")[2]
        assert may_be_obeyed(name) or obeyed_by(f"{path.rpartition('/')[0]}/any"), path
    assert not any(may_be_obeyed(name) for name in ("a.py", "Makefile", "README.md"))


def test_only_what_runs_without_a_further_step_is_put_aside() -> None:
    assert all(map(runs_unasked, (".husky/pre-commit", "a/.githooks/x", "lib/sitecustomize.py")))
    assert not any(map(runs_unasked, (".envrc", ".husky", "AGENTS.md", ".vscode/tasks.json")))


@pytest.mark.parametrize("level", [3, 4, 5])
def test_every_door_asks_before_what_others_obey_is_written(level: int, tmp_path: Path) -> None:
    for name in (*NAMES, *PUSHED):
        for path in (name, f"{name}/x", f"part/{name}"):
            if path == f"{name}/x" and name in PUSHED:
                continue
            assert decided(tmp_path, level, "write_file", path=path, content="x") in ASKING, path
            for command in (f"echo x > {path}", f"cp a {path}", f"tee '{path}' < a"):
                assert decided(tmp_path, level, "shell", command=command) in ASKING, command


def test_ordinary_files_of_a_project_are_written_unasked_at_level_four(tmp_path: Path) -> None:
    for path in (
        *("Makefile", "package.json", "pyproject.toml", "src/a.py", ".gitignore", "conftest.py"),
        *(".github/ISSUE_TEMPLATE/bug.md", ".github/CODEOWNERS", "docs/husky.md", "docs/agents.py"),
    ):
        assert decided(tmp_path, 4, "write_file", path=path, content="x") is Decision.ALLOW, path
        assert decided(tmp_path, 4, "shell", command=f"echo x > {path}") is Decision.ALLOW, path


def test_nobody_but_its_human_writes_the_rules_of_a_project(tmp_path: Path) -> None:
    path = ".loopdeck/policy.toml"
    assert decided(tmp_path, 4, "write_file", path=path, content="x") is Decision.DENY


def test_the_sandbox_holds_the_same_names() -> None:
    assert (names.PLANTABLE, names.OBEYED, names.STARTUP) == (PLANTABLE, OBEYED, STARTUP)
    assert not set(PLANTABLE) & set(OBEYED)
    for name in (*PLANTABLE, *OBEYED):
        assert obeyed_by(name), name
    for name in STARTUP:
        assert name == ".config" or obeyed_by(name), name


@pytest.mark.parametrize(
    "path", [".git/hooks/pre-push", ".git/config", ".bashrc", "/etc/cron.d/x", ".ssh/x", "crontab"]
)
def test_files_that_start_later_are_known(path: str) -> None:
    assert starts_later(path)
    assert "later" in obeyed_by(path)


@pytest.mark.parametrize("path", ["", "src/config", "repo.git", ".gitignore", "hooks/x"])
def test_other_files_are_obeyed_by_nobody(path: str) -> None:
    assert not starts_later(path)
    assert not obeyed_by(path)


def test_a_text_is_not_passed_over_where_one_of_its_words_starts_later() -> None:
    words = [word for theme in themes() for each in entries(theme) for word in each.command.split()]
    for word in dict.fromkeys([*words, "ETC//./profile", ".Zlogin", "a/.local//bin/x"]):
        text = f"before {word} behind"
        assert list(starting_later(text.split(), text)) == [word] * starts_later(word)
