"""Whoever is asked about git is told which programs the repository has it run."""

import os
from pathlib import Path

import pytest

from loopdeck.ports import Action
from loopdeck.tools.git.told import told, too_old
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.traps import ENV, git


def noted(folder: Path, command: str) -> str:
    """What stands beside the command when it is shown."""
    box = BuiltinToolbox(folder, environ={**ENV, "HOME": str(folder.parent)})
    action: Action = box.prepare("shell", {"command": command})
    preview = action.preview()
    assert preview is not None
    return preview.note


def test_the_programs_of_a_repository_are_named_where_they_would_run(repository: Path) -> None:
    assert "configures" not in noted(repository, "git commit -qam x")
    git(repository, "config", "filter.x.clean", "evil")
    git(repository, "config", "core.fsmonitor", "./evil")
    git(repository, "config", "alias.st", "!evil")
    note = noted(repository, "gi't' commit -qam x")
    assert "this repository configures programs that git runs" in note
    for name in ("filter.x.clean", "core.fsmonitor", "alias.st"):
        assert name in note
    assert "configures" in noted(repository, "cd $X && git commit -qam x")
    assert "configures" not in noted(repository, "git diff")
    assert "configures" not in noted(repository, "touch x")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.fsmonitor", "true"),
        ("core.pager", "cat"),
        ("alias.st", "status"),
        ("log.showSignature", "true"),
        ("user.name", "Ann"),
    ],
)
def test_settings_that_start_nothing_are_not_named(key: str, value: str, repository: Path) -> None:
    git(repository, "config", key, value)
    assert told([str(repository)], ENV) == ""


def test_what_a_human_has_set_for_all_repositories_is_their_own(repository: Path) -> None:
    (repository.parent / ".gitconfig").write_text("[core]\n\tpager = evil\n")
    assert told([str(repository)], {**ENV, "HOME": str(repository.parent)}) == ""


def test_many_are_counted(repository: Path) -> None:
    for number in range(9):
        git(repository, "config", f"filter.f{number}.clean", "evil")
    assert told([str(repository)], ENV).endswith("filter.f5.clean and 3 more")


def test_a_long_name_takes_no_room_from_the_question(repository: Path) -> None:
    git(repository, "config", f"filter.{'x' * 500}.clean", "evil")
    assert len(told([str(repository)], ENV)) < 150


def test_an_old_git_is_said(tmp_path: Path) -> None:
    assert too_old({"PATH": os.environ["PATH"]}) == ""
    assert too_old({"PATH": str(tmp_path)}) == ""
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.25.1\n")
    old.chmod(0o755)
    assert too_old({"PATH": str(tmp_path)}) == "2.25"


def test_a_folder_that_is_no_repository_configures_nothing(tmp_path: Path) -> None:
    assert told([str(tmp_path), "/nowhere", "a\0b"], ENV) == ""
