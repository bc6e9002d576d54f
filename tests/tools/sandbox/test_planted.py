"""What a command left for other programs to obey is told, or put aside."""

import os
from pathlib import Path

from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import nothing_hidden
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.planted import Planted
from tests.support.sandboxes import EVERY, MakeYard
from tests.support.tools import FakeContext

KEPT = ".kept-by-loopdeck"


def put(root: Path, *names: str) -> None:
    """Files with the folders they need."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x\n")


def said(root: Path, *made: str, named: tuple[str, ...] = ()) -> str:
    """What is said of a command that makes these files."""
    lookout = Lookout(str(root), nothing_hidden)
    lookout.look()
    planted = Planted(root, lookout.obeyed(), named)
    put(root, *made)
    lookout.look()
    return planted.afterwards(lookout.obeyed())


def test_what_somebody_still_has_to_let_in_is_told_and_stays(tmp_path: Path) -> None:
    text = said(
        tmp_path, ".envrc", "sub/.vscode/tasks.json", "AGENTS.md", ".github/workflows/x.yml"
    )
    for name in (".envrc", "sub/.vscode/tasks.json", "AGENTS.md", ".github/workflows/x.yml"):
        assert name in text
        assert (tmp_path / name).exists()


def test_what_would_run_by_itself_is_put_aside(tmp_path: Path) -> None:
    text = said(tmp_path, ".husky/pre-commit", "lib/sitecustomize.py")
    assert f"put aside as *{KEPT}" in text
    assert not (tmp_path / ".husky/pre-commit").exists()
    assert (tmp_path / f".husky/pre-commit{KEPT}").read_text() == "x\n"
    assert (tmp_path / f"lib/sitecustomize.py{KEPT}").exists()


def test_a_folder_that_git_was_told_to_take_hooks_from_counts_by_whatever_name(
    tmp_path: Path,
) -> None:
    put(tmp_path, ".git/HEAD", "tools/hooks/.pre-commit-config.yaml")
    (tmp_path / ".git/config").write_text("[core]\n\thooksPath = tools/hooks\n")
    assert KEPT in said(tmp_path, "tools/hooks/lefthook.yml")


def test_what_was_there_or_was_named_is_not_told(tmp_path: Path) -> None:
    put(tmp_path, "CLAUDE.md", ".husky/pre-commit")
    assert said(tmp_path, ".envrc", ".githooks/x", named=(".envrc", ".githooks")) == ""
    assert said(tmp_path, "Makefile", ".gitattributes", "src/config.toml") == ""
    assert "CLAUDE.md" in said(tmp_path, "CLAUDE.md")


def test_of_an_environment_of_python_what_each_start_runs_is_seen(tmp_path: Path) -> None:
    packages = ".venv/lib/python3.12/site-packages"
    put(tmp_path, f"{packages}/pip/config.py")
    assert f"{packages}/x.pth" in said(tmp_path, f"{packages}/x.pth", f"{packages}/pip/y.pth")
    assert "y.pth" not in said(tmp_path, f"{packages}/pip/y.pth")


def test_many_files_make_a_short_sentence(tmp_path: Path) -> None:
    text = said(tmp_path, *(f".github/workflows/{number}.yml" for number in range(9)))
    assert "and 3 more" in text


@EVERY
async def test_code_that_plants_a_hook_is_found_out(yard: MakeYard) -> None:
    there = await yard()
    (there.workspace / "x.sh").write_text("mkdir .husky; echo id > .husky/pre-commit; > .envrc\n")
    result = await there("sh x.sh")
    assert ".husky/pre-commit unasked" in result.output
    assert "wrote: .envrc" in result.output
    assert not (there.workspace / ".husky/pre-commit").exists()


@EVERY
async def test_a_git_on_the_path_of_its_human_is_never_run_outside(yard: MakeYard) -> None:
    there = await yard()
    planted = there.workspace / ".venv/bin/git"
    planted.parent.mkdir(parents=True)
    planted.write_text(
        f"#!/bin/sh\necho out > {there.outside}/file\necho ran >> {there.workspace}/ran\n"
    )
    planted.chmod(0o755)
    environ = {"HOME": str(there.home), "PATH": f"{planted.parent}:{os.environ['PATH']}"}
    box = BuiltinToolbox(there.workspace, environ=environ, sandbox=there.sandbox)
    action = box.prepare("shell", {"command": "true > new; git add new; git stash -u"})
    action.preview()
    assert not (there.workspace / "ran").exists()
    await action.run(FakeContext(there.folder / "spool"))
    assert (there.workspace / "ran").read_text() == "ran\n" * 2  # the command's own, inside
    assert (there.outside / "file").read_text() == "untouched"
