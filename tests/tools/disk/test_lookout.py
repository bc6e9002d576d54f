"""What lies in a workspace is known, and known anew when it changes."""

import os
from pathlib import Path

import pytest

from loopdeck.tools.disk import lookout as module
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import nothing_hidden
from loopdeck.tools.registry import BuiltinToolbox


def look(root: Path) -> Lookout:
    """A lookout that has looked once."""
    found = Lookout(str(root), nothing_hidden)
    found.look()
    return found


def put(path: Path, text: str = "x") -> Path:
    """A file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_secrets_are_found_at_any_depth_and_ordinary_files_are_not(tmp_path: Path):
    secrets = [put(tmp_path / ".env"), put(tmp_path / "a/b/id_ed25519"), put(tmp_path / "k/x.pem")]
    put(tmp_path / "README.md")
    put(tmp_path / ".env.example")
    assert sorted(look(tmp_path).covered(secrets=True)) == sorted(map(str, secrets))
    assert look(tmp_path).covered(secrets=False) == ()


def test_what_a_rule_denies_is_found_whether_it_is_secret_or_not(tmp_path: Path):
    denied = put(tmp_path / "notes/private.md")
    put(tmp_path / "notes/public.md")
    found = Lookout(str(tmp_path), lambda path: path == "notes/private.md")
    found.look()
    assert found.covered(secrets=False) == (str(denied),)


def test_a_file_that_comes_or_goes_is_noticed(tmp_path: Path):
    put(tmp_path / "deep/a")
    found = look(tmp_path)
    late = put(tmp_path / "deep/.env")
    found.look()
    assert found.covered(secrets=True) == (str(late),)
    late.unlink()
    found.look()
    assert found.covered(secrets=True) == ()


def test_a_folder_that_stayed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path / "old/a")
    for folder in (tmp_path / "old", tmp_path):
        os.utime(folder, (1_000_000_000, 1_000_000_000))
    found = look(tmp_path)

    def scandir(path: str) -> object:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(module.os, "scandir", scandir)
    found.look()


def test_a_link_leads_to_the_file_it_names_and_never_outside(tmp_path: Path):
    root = tmp_path / "root"
    real = put(root / "plain")
    put(tmp_path / "outside/.env")
    (root / ".env").symlink_to("plain")
    (root / "x.pem").symlink_to("../outside/.env")
    assert look(root).covered(secrets=True) == (str(real),)


def test_repositories_below_are_named_and_the_own_one_is_not(tmp_path: Path):
    put(tmp_path / ".git/config")
    put(tmp_path / "vendor/a/.git/config")
    put(tmp_path / "module/.git", "gitdir: ../.git/modules/module\n")
    found = set(look(tmp_path).repositories())
    assert found == {str(tmp_path / "vendor/a"), str(tmp_path / "module")}


def test_a_huge_tree_is_looked_at_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_FOLDERS", 3)
    for number in range(10):
        put(tmp_path / f"{number}/.env")
    assert len(look(tmp_path).covered(secrets=True)) == 2


def test_a_workspace_that_is_gone_holds_nothing(tmp_path: Path):
    assert look(tmp_path / "gone").covered(secrets=True) == ()


def test_a_hard_link_to_a_secret_is_one(tmp_path: Path):
    secret = put(tmp_path / "conf/secrets.yml", "key")
    other = tmp_path / "docs/notes.txt"
    other.parent.mkdir()
    other.hardlink_to(secret)
    (tmp_path / "copy").hardlink_to(put(tmp_path / "plain.txt"))
    assert sorted(look(tmp_path).covered(secrets=True)) == [str(secret), str(other)]


def test_the_other_name_of_a_secret_asks_like_its_own(tmp_path: Path):
    (tmp_path / "notes.txt").hardlink_to(put(tmp_path / "conf/secrets.yml", "key"))
    put(tmp_path / "plain.txt")
    box = BuiltinToolbox(tmp_path)
    calls = {
        "read_file": {"path": "notes.txt"},
        "search_text": {"pattern": "key", "path": "notes.txt"},
        "shell": {"command": "head -1 notes.txt"},
    }
    for tool, args in calls.items():
        assert box.prepare(tool, args).assess().facts["sensitive"] is True
    assert "sensitive" not in box.prepare("shell", {"command": "cat plain.txt"}).assess().facts
