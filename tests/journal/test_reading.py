"""Who only reads is let in also where no side file can be made, and loses nothing by it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.errors import DamagedDatabase, JournalError, StorageBlocked, Unwritable
from loopdeck.journal import opening, reading
from loopdeck.journal import sqlite as database
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep, lifelike
from tests.journal.test_faults import fault


async def left_behind(folder: Path) -> Path:
    """A database as a killed process leaves it: the second session is in its log alone."""
    folder.mkdir()
    path = folder / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.run(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        await keep(journal, session("s2"))
        for file in (path, reading.log_of(path)):
            shutil.copyfile(file, folder.parent / file.name)
    return folder.parent / path.name


@pytest.fixture
def no_side_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk: the file in which readers share their places cannot be made."""
    real = reading.open_uri

    def refuse(path: Path, how: str) -> sqlite3.Connection:
        if how == "mode=ro":
            raise fault("SQLITE_IOERR_SHMSIZE")
        return real(path, how)

    monkeypatch.setattr(reading, "open_uri", refuse)


@pytest.mark.usefixtures("no_side_file")
async def test_what_is_in_the_log_alone_is_read_where_no_side_file_can_be_made(tmp_path: Path):
    path = await left_behind(tmp_path / "lived")
    before = {file: file.read_bytes() for file in (path, reading.log_of(path))}
    async with await SqliteJournal.open(path, read_only=True) as journal:
        assert await everything(journal, "s2") == session("s2")
        assert journal.caveat == ""
        with pytest.raises(JournalError):
            await keep(journal, session("s3"))
    assert {file: file.read_bytes() for file in before} == before


@pytest.mark.usefixtures("no_side_file")
async def test_where_not_even_a_copy_can_be_made_the_file_is_read_and_says_what_may_be_missing(
    tmp_path: Path,
):
    path = await left_behind(tmp_path / "lived")

    def nowhere() -> str:
        raise OSError("no space left")

    reader = reading.open_reader(path, nowhere)
    with closing(reader.db):
        found = reader.db.execute("SELECT id FROM sessions").fetchall()
    assert found == [("s1",)]
    assert "newest events may be missing" in reader.caveat


@pytest.mark.usefixtures("no_side_file")
async def test_no_copy_stays_behind(tmp_path: Path):
    path = await left_behind(tmp_path / "lived")
    scratch = tmp_path / "scratch"

    def here() -> str:
        scratch.mkdir()
        return str(scratch)

    reader = reading.open_reader(path, here)
    with closing(reader.db):
        assert not scratch.exists()
        assert len(reader.db.execute("SELECT id FROM sessions").fetchall()) == 2


@pytest.mark.parametrize("error", [StorageBlocked("The disk is full."), Unwritable("No.")])
async def test_who_only_reads_is_told_that_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: JournalError
):
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))

    def refuse(path: Path) -> sqlite3.Connection:
        raise error

    monkeypatch.setattr(database, "connect", refuse)
    with pytest.raises(type(error)):
        await SqliteJournal.open(tmp_path / "loopdeck.db")
    async with await SqliteJournal.open_to_read(tmp_path / "loopdeck.db") as journal:
        assert await everything(journal) == session("s1")
        assert journal.caveat == f"{error} It is only read."


async def test_an_emptied_file_is_not_taken_for_a_new_one(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
    path.write_bytes(b"")
    for read_only in (False, True):
        with pytest.raises(DamagedDatabase, match="though sessions were kept in it"):
            await SqliteJournal.open(path, read_only=read_only)
    assert path.read_bytes() == b""
    path.unlink()
    async with await SqliteJournal.open(path) as journal:
        assert await journal.ids() == []


async def test_the_log_beside_an_emptied_file_is_left_alone(tmp_path: Path):
    path = await left_behind(tmp_path / "lived")
    path.write_bytes(b"")
    log = reading.log_of(path).read_bytes()
    assert not opening.live_folder(path).exists()
    with pytest.raises(DamagedDatabase):
        await SqliteJournal.open(path)
    assert reading.log_of(path).read_bytes() == log


async def test_a_file_that_the_disk_had_no_room_for_is_whole_with_its_log(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, lifelike(20), at_once=20)
        shutil.copyfile(reading.log_of(path), tmp_path / "log")
        await journal.run(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    path.write_bytes(path.read_bytes()[: 2 * 4096])  # merged so far, and no further
    shutil.copyfile(tmp_path / "log", reading.log_of(path))
    async with await SqliteJournal.open(path, read_only=True) as journal:
        assert await everything(journal) == lifelike(20)
    shutil.copyfile(tmp_path / "log", reading.log_of(path))
    async with await SqliteJournal.open(path) as journal:
        assert await everything(journal) == lifelike(20)
        assert await journal.run(lambda db: db.execute("PRAGMA integrity_check").fetchall()) == [
            ("ok",)
        ]
