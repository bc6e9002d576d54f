"""What a pattern, or a name in a listing, stands for on the disk."""

from pathlib import Path

import pytest

from loopdeck.permissions.shell.marks import LISTED
from loopdeck.tools.disk import expanding
from loopdeck.tools.disk.expanding import standing_for


@pytest.fixture
def shed(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.py", "deep/a.txt", "deep/c.txt", "node_modules/x.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def names(root: Path, pattern: str) -> set[str]:
    found = standing_for(f"{root}/{pattern}")
    assert found is not None
    return {path.removeprefix(f"{root}/") for path in found}


def test_a_pattern_stays_in_its_folder(shed: Path) -> None:
    assert names(shed, "*.txt") == {"a.txt"}
    assert names(shed, "*/a.txt") == {"deep/a.txt"}


def test_what_a_listing_names_may_lie_at_any_depth(shed: Path) -> None:
    assert names(shed, f"{LISTED}.txt") == {"a.txt", "deep/a.txt", "deep/c.txt"}
    assert names(shed, f"a{LISTED}.txt") == {"a.txt", "deep/a.txt", "deep/c.txt"}
    assert "deep" in names(shed, LISTED)
    assert names(shed, f"deep/{LISTED}") == {"deep/a.txt", "deep/c.txt"}


def test_too_many_are_nobody_can_tell_which(shed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "_MOST", 1)
    assert standing_for(f"{shed}/{LISTED}") is None
