"""What may be deleted as a write: git has it, the log has it, or a program makes it again."""

import os
import subprocess
from pathlib import Path

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.disk.making import is_given_back
from loopdeck.tools.disk.sparing import Sparing
from loopdeck.tools.registry import BuiltinToolbox

WHO = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
BYTECODE = b"\xcb\r\r\n" + bytes(12)
TAG = "Signature: 8a477f597d28d172789f06886806bc55"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two files and a link, and beside them what git does not have."""
    (tmp_path / "src/deep").mkdir(parents=True)
    for name in ("src/a.py", "src/deep/b.py"):
        (tmp_path / name).write_text(f"{name}\n")
    (tmp_path / "src/link").symlink_to("a.py")
    (tmp_path / ".gitignore").write_text("__pycache__\n")
    for words in (("init", "-q"), ("add", "."), (*WHO, "commit", "-qm", "x")):
        subprocess.run(("git", *words), cwd=tmp_path, check=True)
    (tmp_path / "notes.md").write_text("mine\n")
    return tmp_path


def spares(root: Path, path: str, *made: str) -> bool:
    return Sparing(root, made.__contains__, os.environ).spares(path)


def test_what_git_has_is_spared_alone_and_with_its_folder(root: Path) -> None:
    assert all(spares(root, path) for path in ("src/a.py", "src/link", "src", "src/deep"))
    os.utime(root / "src/a.py")  # another time, the same content
    assert spares(root, "src")


def test_where_nothing_is_nothing_is_lost(root: Path) -> None:
    assert spares(root, "missing")
    assert spares(root, "src/missing/below")
    assert not spares(root, "a\0b"), "what cannot be looked at may be there"
    (root / "hanging").symlink_to("missing")
    assert not spares(root, "hanging"), "a link is something, and only here"


def test_what_is_nowhere_else_is_not_spared(root: Path) -> None:
    assert not spares(root, "notes.md")
    assert not spares(root, ".git")
    (root / "src/a.py").write_text("changed\n")
    assert not spares(root, "src/a.py")
    assert not spares(root, "src")
    assert spares(root, "src/deep")


@pytest.mark.parametrize("name", ["src/.env", "src/deep/new.py", "src/deep/x/y/z"])
def test_one_file_that_git_does_not_have_keeps_its_folder(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("mine\n")
    assert not spares(root, "src")
    assert spares(root, "src", name)


def test_what_is_only_staged_is_not_spared(root: Path) -> None:
    subprocess.run(("git", "add", "notes.md"), cwd=root, check=True)
    assert not spares(root, "notes.md")
    (root / "src/a.py").write_text("staged\n")
    subprocess.run(("git", "add", "src/a.py"), cwd=root, check=True)
    assert not spares(root, "src")
    assert spares(root, "src/deep")


def test_a_link_that_leads_elsewhere_now_is_not_spared(root: Path) -> None:
    (root / "src/link").unlink()
    (root / "src/link").symlink_to("../notes.md")
    assert not spares(root, "src/link")


def test_nothing_in_a_file_or_a_folder_is_nothing_lost(root: Path) -> None:
    (root / "empty/in").mkdir(parents=True)
    (root / "empty/file").touch()
    assert spares(root, "empty")


def test_what_programs_make_again_is_spared_and_what_was_put_beside_it_is_not(root: Path) -> None:
    compiled = root / "src/__pycache__/a.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(BYTECODE)
    (root / ".pytest_cache/v").mkdir(parents=True)
    (root / ".pytest_cache/v/nodeids").write_text("[]")
    assert not spares(root, ".pytest_cache")
    (root / ".pytest_cache/CACHEDIR.TAG").write_text(TAG)
    assert spares(root, ".pytest_cache")
    assert spares(root, "src/__pycache__")
    assert spares(root, "src")
    compiled.with_name("mine.pyc").write_text("words of a person")
    assert not spares(root, "src/__pycache__")


def test_too_much_to_look_at_is_not_spared(root: Path) -> None:
    (root / "many").mkdir()
    for number in range(2_001):
        (root / f"many/{number}").touch()
    assert not spares(root, "many")


def test_calls_that_delete_are_judged_by_it(root: Path) -> None:
    box = BuiltinToolbox(root, undone=lambda path: is_given_back(root, path, "", ""))

    def said(tool: str, **args: object) -> tuple[Category, object]:
        judged = box.prepare(tool, args).assess()
        return judged.category, judged.facts.get("undoable")

    assert said("delete_file", path="src/a.py") == (Category.WRITE, "git")
    assert said("delete_file", path="notes.md") == (Category.DESTRUCTIVE, False)
    assert said("shell", command="rm -rf src")[0] is Category.WRITE
    assert said("shell", command="rm src/*.py")[0] is Category.WRITE
    assert said("shell", command="rm -rf src notes.md")[0] is Category.DESTRUCTIVE
    assert said("shell", command="rm *")[0] is Category.DESTRUCTIVE
    assert said("shell", command="git rm -qf src/a.py")[0] is Category.WRITE
    assert said("shell", command="git rm -qf notes.md")[0] is Category.DESTRUCTIVE
    (root / "src/a.py").unlink()
    assert said("shell", command="git checkout -- src/a.py")[0] is Category.WRITE


def test_what_find_deletes_by_its_name_is_looked_for_first(root: Path) -> None:
    compiled = root / "src/__pycache__/a.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(BYTECODE)
    box = BuiltinToolbox(root)

    def said(command: str) -> Category:
        return box.prepare("shell", {"command": command}).assess().category

    for command in ("find . -name '*.pyc' -delete", "find src -type f -name '*.py' -delete"):
        assert said(command) is Category.WRITE
    for command in ("find . -type d -empty -delete", "find src -empty -delete"):
        assert said(command) is Category.WRITE
    for command in (
        "find . -name '*.md' -delete",
        "find . -delete -name '*.pyc'",
        "find . -name '*.pyc' -o -name '*.md' -delete",
        "find . ! -name '*.pyc' -delete",
        "find . -name '[*.pyc' -delete",
        "find . -name '*' -delete",
        "find -L . -name '*.pyc' -delete",
        "find . -name '*.pyc' -delete -exec mv notes.md src/x.pyc ';'",
        "mv notes.md src/x.pyc; find . -name '*.pyc' -delete",
        "find .. -name '*.pyc' -delete",
    ):
        assert said(command) is Category.DESTRUCTIVE, command
    compiled.with_name("mine.pyc").write_text("words of a person")
    assert said("find . -name '*.pyc' -delete") is Category.DESTRUCTIVE


def test_what_is_judged_for_later_may_find_there_what_is_not_there_now(root: Path) -> None:
    now, later = BuiltinToolbox(root), BuiltinToolbox(root, ahead=True)
    for command in ("rm -rf build", "find . -name '*.orig' -delete"):
        missing = {"command": command}
        assert now.prepare("shell", missing).assess().category is Category.WRITE
        assert later.prepare("shell", missing).assess().category is Category.DESTRUCTIVE
    moved = {"command": "mv notes.md src/x.orig; find . -name '*.orig' -delete"}
    assert now.prepare("shell", moved).assess().category is Category.DESTRUCTIVE
