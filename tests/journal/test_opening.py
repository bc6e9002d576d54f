"""A database file is made private, recognised, brought up to date, or refused untouched."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from loopdeck.errors import ForeignDatabase, JournalError, NewerDatabase
from loopdeck.journal.migrations import MIGRATIONS
from loopdeck.journal.opening import APPLICATION_ID, connect, look
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep


def mode(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


async def made(path: Path) -> Path:
    """A database of ours with one session."""
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
    return path


async def test_nobody_else_can_read_what_is_made(tmp_path: Path):
    umask = os.umask(0)
    try:
        async with await SqliteJournal.open(tmp_path / "new" / "loopdeck.db") as journal:
            await keep(journal, session("s1"))
            journal.claim("s1")
            folder = tmp_path / "new"
            assert mode(folder) == 0o700
            files = {path.name: mode(path) for path in folder.iterdir() if path.is_file()}
            assert files == dict.fromkeys(
                ("loopdeck.db", "loopdeck.db-wal", "loopdeck.db-shm"), 0o600
            )
            live = folder / "loopdeck.db.live"
            assert mode(live) == 0o700
            assert {mode(path) for path in live.iterdir()} == {0o600}
    finally:
        os.umask(umask)


async def test_a_folder_that_was_there_keeps_its_permissions(tmp_path: Path):
    tmp_path.chmod(0o755)
    await made(tmp_path / "loopdeck.db")
    assert mode(tmp_path) == 0o755


async def test_the_file_is_ours_in_wal_and_shreds_what_is_deleted(tmp_path: Path):
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        expected = {
            "application_id": APPLICATION_ID,
            "user_version": len(MIGRATIONS),
            "journal_mode": "wal",
            "secure_delete": 1,
            "busy_timeout": 5_000,
        }
        for name, value in expected.items():
            found = await journal.run(lambda db, n=name: db.execute(f"PRAGMA {n}").fetchone()[0])
            assert (name, found) == (name, value)


async def test_an_empty_file_becomes_a_database(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    path.touch()
    await made(path)
    async with await SqliteJournal.open(path) as journal:
        assert await everything(journal) == session("s1")


def test_an_empty_file_that_is_only_looked_at_has_no_sessions_yet(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    path.touch()
    with pytest.raises(JournalError, match="no sessions") as caught:
        look(path)
    assert not isinstance(caught.value, ForeignDatabase)
    assert "demo" in caught.value.hint
    assert path.stat().st_size == 0


async def test_many_may_open_a_new_database_at_once(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    journals = await asyncio.gather(*(SqliteJournal.open(path) for _ in range(8)))
    for number, journal in enumerate(journals):
        await keep(journal, session(f"s{number}"))
    assert len(await journals[0].summaries()) == 8
    for journal in journals:
        await journal.close()


async def test_a_link_to_a_file_that_is_yet_to_be_is_followed(tmp_path: Path):
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    await made(tmp_path / "link.db")
    assert (tmp_path / "real.db").is_file()


@pytest.mark.parametrize("name", ["a %20 b?c#d.db", "naïve ✓.db", "100%.db", "file:x.db"])
async def test_any_file_name_will_do(tmp_path: Path, name: str):
    await made(tmp_path / name)
    async with await SqliteJournal.open(tmp_path / name) as journal:
        assert await journal.head("s1") == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, f"{name}.live"])


@pytest.mark.parametrize(
    "content",
    [
        b"hello",
        b"\0" * 4096,
        Random(1).randbytes(9_000),
        b"SQLite format 3\0",
        b"SQLite format 3\0" * 999,
    ],
    ids=["text", "zeros", "noise", "only a head", "heads"],
)
async def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes):
    path = tmp_path / "loopdeck.db"
    path.write_bytes(content)
    with pytest.raises(JournalError) as caught:
        await SqliteJournal.open(path)
    assert caught.value.hint
    assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["loopdeck.db"]


@pytest.mark.parametrize("journal_mode", ["delete", "wal"])
@pytest.mark.parametrize("sql", ["CREATE TABLE t (x)", "PRAGMA user_version = 1", "VACUUM"])
async def test_a_database_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, journal_mode: str, sql: str
):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA journal_mode = {journal_mode}")
        db.execute(sql)
        db.commit()
    content = path.read_bytes()
    assert content
    for read_only in (False, True):
        with pytest.raises(ForeignDatabase):
            await SqliteJournal.open(path, read_only=read_only)
    assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["other.db"]


async def test_point_23_a_newer_database_is_refused_and_left_alone(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    content = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(NewerDatabase, match="newer Loopdeck"):
            await SqliteJournal.open(path, read_only=read_only)
    assert path.read_bytes() == content


def _m_colour(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE sessions ADD COLUMN colour TEXT")


def _m_fails(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE sessions ADD COLUMN shape TEXT")
    db.execute("CREATE TABLE sessions (key)")


async def test_an_older_database_is_copied_and_migrated(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    with closing(connect(path, migrations=(*MIGRATIONS, _m_colour))) as db:
        assert db.execute("SELECT id, colour FROM sessions").fetchall() == [("s1", None)]
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    copy = path.with_name(f"loopdeck.db.v{len(MIGRATIONS)}.bak")
    assert mode(copy) == 0o600
    async with await SqliteJournal.open(copy) as journal:
        assert await everything(journal) == session("s1")
    with pytest.raises(NewerDatabase):
        await SqliteJournal.open(path)


async def test_a_migration_that_fails_changes_nothing(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    with pytest.raises(JournalError, match="already exists"):
        connect(path, migrations=(*MIGRATIONS, _m_colour, _m_fails))
    async with await SqliteJournal.open(path) as journal:
        assert await everything(journal) == session("s1")
        columns = await journal.run(lambda db: db.execute("SELECT * FROM sessions").description)
        assert not {"colour", "shape"} & {column[0] for column in columns}


async def test_an_older_database_cannot_be_opened_only_to_read(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    with pytest.raises(JournalError, match="older Loopdeck"):
        look(path, newest=len(MIGRATIONS) + 1)


@pytest.mark.parametrize("place", ["folder", "file.txt/loopdeck.db", "pipe", "loop"])
async def test_a_place_that_cannot_be_is_told_in_a_sentence(tmp_path: Path, place: str):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("hello")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(JournalError) as caught:
        await SqliteJournal.open(tmp_path / place)
    assert str(caught.value).endswith(".")
    assert caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(JournalError, match="cannot be made"):
        await SqliteJournal.open(tmp_path / "loopdeck.db")
    tmp_path.chmod(0o700)


async def test_a_database_can_be_read_beside_its_writer(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as writer:
        await keep(writer, session("s1"))
        async with await SqliteJournal.open(path, read_only=True) as reader:
            assert await everything(reader) == session("s1")
            await keep(writer, session("s2"))
            assert await everything(reader, "s2") == session("s2")


async def test_a_database_that_is_only_read_takes_no_writes(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    async with await SqliteJournal.open(path, read_only=True) as journal:
        with pytest.raises(JournalError, match="cannot be written"):
            await keep(journal, session("s2"))
        with pytest.raises(JournalError, match="read only"):
            journal.claim("s1")


async def test_only_a_database_that_exists_can_be_read(tmp_path: Path):
    with pytest.raises(JournalError, match="There is no database"):
        await SqliteJournal.open(tmp_path / "loopdeck.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


async def test_a_closed_database_says_so(tmp_path: Path):
    journal = await SqliteJournal.open(tmp_path / "loopdeck.db")
    await journal.close()
    await journal.close()
    with pytest.raises(JournalError, match="closed"):
        await journal.head("s1")
