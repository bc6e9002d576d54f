"""Whole outputs on the disk: private, bounded for a session and for all, the oldest go first."""

import os
from pathlib import Path

from loopdeck.harness.spooling import Spooling, kept_bytes

MOST = 8_000


def write(folder: Path, name: str, size: int, age: int) -> None:
    """A file of an earlier output; `age` is how long ago, in any unit."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"x" * size)
    os.utime(path, (1_000_000 - age, 1_000_000 - age))


def names(root: Path) -> set[str]:
    """The files that are left in all folders."""
    return {path.name for path in root.rglob("*") if path.is_file()}


def test_every_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    root = tmp_path / "spool"
    root.mkdir(mode=0o755)
    for session in ("s1", "s2"):
        spool = Spooling(root / session).ready()
        assert spool is not None
        assert spool.folder.stat().st_mode & 0o777 == 0o700
    assert root.stat().st_mode & 0o777 == 0o700


def test_a_sessions_oldest_outputs_make_room_for_a_new_one(tmp_path: Path) -> None:
    session = tmp_path / "s1"
    for age in (1, 2, 3, 4):
        write(session, f"age-{age}", 900, age)
    write(tmp_path / "s2", "of-another", 3_000, 9)
    spool = Spooling(session, MOST).ready()
    assert spool is not None
    assert spool.room == MOST // 4
    assert names(tmp_path) == {"age-1", "age-2", "of-another"}
    assert kept_bytes(session) + spool.room <= MOST // 2


def test_all_sessions_leave_room_for_the_one_that_begins(tmp_path: Path) -> None:
    write(tmp_path / "s1", "old", 2_000, 7)
    write(tmp_path / "s2", "older", 2_000, 8)
    write(tmp_path / "s3", "new", 2_000, 1)
    write(tmp_path / "mine", "own", 3_000, 9)
    Spooling(tmp_path / "mine", MOST).thin()
    assert names(tmp_path) == {"old", "new", "own"}


def test_nothing_is_kept_where_nothing_may_be(tmp_path: Path) -> None:
    assert Spooling(tmp_path / "spool" / "s1", 0).ready() is None
    assert not (tmp_path / "spool").exists()


def test_a_link_is_neither_followed_nor_counted(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    write(precious, "mine", 50_000, 9)
    session = tmp_path / "spool" / "s1"
    session.mkdir(parents=True)
    (session / "link").symlink_to(precious / "mine")
    assert Spooling(session, MOST).ready() is not None
    assert (precious / "mine").exists()


def test_where_there_is_no_folder_yet_there_is_nothing_to_thin(tmp_path: Path) -> None:
    Spooling(tmp_path / "spool" / "s1", MOST).thin()
    assert not (tmp_path / "spool").exists()
