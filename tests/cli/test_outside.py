"""An editor or a notice never comes from where an agent works."""

from pathlib import Path

import pytest

from loopdeck.cli.outside import program_outside


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a home, with programs in both."""
    root = tmp_path / "home/ws"
    for folder in (root / ".venv/bin", tmp_path / "home/bin", tmp_path / "other/bin"):
        folder.mkdir(parents=True)
        (folder / "nano").touch(0o700)
    (root / ".venv/bin/planted").touch(0o700)
    (tmp_path / "link").symlink_to(root / ".venv/bin")
    monkeypatch.chdir(root)
    return root


def _env(ws: Path, *before: str) -> dict[str, str]:
    folders = (*before, f"{ws}/.venv/bin", f"{ws.parents[1]}/link", "bin", f"{ws.parent}/bin")
    return {"PATH": ":".join(folders), "HOME": str(ws.parent)}


def test_what_lies_in_the_folder_one_is_in_is_passed_over(ws: Path) -> None:
    assert program_outside("nano", _env(ws)) == f"{ws.parent}/bin/nano"
    for name in ("planted", ".venv/bin/planted", "./planted"):
        with pytest.raises(FileNotFoundError):
            program_outside(name, _env(ws))


def test_so_is_what_lies_in_a_workspace_that_was_named(ws: Path) -> None:
    other = ws.parents[1] / "other"
    env = _env(ws, f"{other}/bin")
    assert program_outside("nano", env) == f"{other}/bin/nano"
    assert program_outside("nano", env, str(other)) == f"{ws.parent}/bin/nano"


def test_a_full_path_is_the_humans_own_word(ws: Path) -> None:
    assert program_outside(f"{ws}/.venv/bin/nano", _env(ws)) == f"{ws}/.venv/bin/nano"


def test_at_home_ones_own_programs_are_found(ws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ws.parent)
    env = {"PATH": f"{ws.parent}/bin", "HOME": str(ws.parent)}
    assert program_outside("nano", env) == f"{ws.parent}/bin/nano"
