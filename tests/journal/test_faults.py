"""Every complaint of SQLite becomes a sentence that names the file and a next step."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.errors import StorageBlocked
from loopdeck.journal.faults import of_folder, translate

FILE = Path("place/loopdeck.db")
NAMES = [name for name in dir(sqlite3) if name.startswith("SQLITE_")]


def fault(name: str) -> sqlite3.OperationalError:
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError("something")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SQLITE_FULL", "disk is full"),
        ("SQLITE_BUSY_SNAPSHOT", "locked"),
        ("SQLITE_READONLY_DIRECTORY", "cannot be written"),
        ("SQLITE_CANTOPEN_ISDIR", "cannot be opened"),
        ("SQLITE_CORRUPT_INDEX", "damaged"),
        ("SQLITE_NOTADB", "damaged"),
        ("SQLITE_IOERR_SHMSIZE", "disk failed"),
    ],
)
def test_what_can_be_helped_is_told_with_help(name: str, says: str):
    found = translate(fault(name), FILE)
    assert says in str(found)
    assert str(FILE) in str(found)
    assert found.hint


def test_a_folder_without_room_is_a_full_disk_and_not_a_question_of_rights():
    full = of_folder(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), FILE)
    assert isinstance(full, StorageBlocked)
    assert "space" in full.hint
    assert "permissions" in of_folder(PermissionError(errno.EACCES, "no"), FILE).hint


@pytest.mark.parametrize("name", NAMES)
def test_every_code_becomes_a_sentence(name: str):
    found = str(translate(fault(name), FILE))
    assert str(FILE) in found
    assert found.endswith(".")


def test_an_error_without_a_code_keeps_its_words():
    assert "no such table" in str(translate(sqlite3.OperationalError("no such table: x"), FILE))


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the system does not tell")
@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_point_20_who_keeps_the_file_locked_is_named(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "loopdeck.db"
    locks = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "db.execute(f'PRAGMA journal_mode = {sys.argv[2]}'); db.execute('CREATE TABLE a (b)'); "
        "db.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
    )
    words = (sys.executable, "-S", "-c", locks, str(path), mode)
    with (
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as db,
    ):
        assert other.stdout is not None
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(sqlite3.OperationalError) as caught:
            db.execute("BEGIN IMMEDIATE")
        said = str(translate(caught.value, path))
        assert f"Process {other.pid} (" in said
        assert f"keeps {path} locked" in said
        other.communicate()
    assert "Another program keeps" in str(translate(caught.value, path))
