"""The list of files that git has is read in each of its forms, or said to be none that is read."""

import shutil
from pathlib import Path

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.git.index import is_unreadable, tracked
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.traps import git

NAMES = ["a b", "conf/a.py", "conf/ab.py", "conf/secrets.yml", f"long/{'x' * 200}", "z"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a secret in its only commit."""
    root = tmp_path_factory.mktemp("index") / "kept"
    for name in NAMES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("password: correct\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "why")
    return root


@pytest.fixture
def root(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path / "root")


def test_the_packed_form_says_the_same_as_the_plain_one(root: Path) -> None:
    plain = tracked(root)
    git(root, "update-index", "--index-version", "4")
    packed = tracked(root)
    assert plain is not None
    assert packed is not None
    assert [*packed.files] == NAMES
    assert packed.files == plain.files
    assert (root / ".git/index").read_bytes()[7] == 4


@pytest.mark.parametrize("form", ["split", "folders", "damaged"])
def test_a_form_that_is_not_read_is_said_to_be_and_secrets_may_be_in_it(
    root: Path, form: str
) -> None:
    index = root / ".git/index"
    match form:
        case "split":
            git(root, "update-index", "--split-index")
        case "folders":
            git(root, "sparse-checkout", "set", "--cone", "--sparse-index", "long")
        case _:
            index.write_bytes(index.read_bytes()[:-30])
    assert (tracked(root), is_unreadable(root)) == (None, True)
    judged = BuiltinToolbox(root).prepare("shell", {"command": "git log -p"}).assess()
    assert (judged.category, judged.facts["sensitive"]) == (Category.READ, True)
    listed = BuiltinToolbox(root).prepare("shell", {"command": "git log --stat"}).assess()
    assert not listed.facts.get("sensitive")


def test_where_git_has_no_files_nothing_is_unreadable(root: Path, tmp_path: Path) -> None:
    assert not is_unreadable(root)
    assert not is_unreadable(tmp_path)
    (root / ".git/index").unlink()
    assert not is_unreadable(root)
