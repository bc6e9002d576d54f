"""What can be read of a damaged database is saved, and what cannot is counted."""

import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from random import Random

import pytest

from loopdeck.errors import JournalError, NewerDatabase, UsageError
from loopdeck.journal.checking import differs, unsound
from loopdeck.journal.reading import log_of
from loopdeck.journal.salvage import salvage
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import NoteAdded, SessionStarted
from loopdeck.session.labels import label
from loopdeck.session.records import Record
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep, lifelike

PAGE = 4096


@cache
def long() -> list[Record]:
    """A session with outputs that go over several pages."""
    return lifelike(40, output=20_000)


async def made(path: Path) -> Path:
    """A database with a long session, a named one, and one that came from elsewhere."""
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, long(), at_once=30)
        await keep(journal, session("s2"))
        await journal.relabel("s2", label("shelf", ["old"]))
        await journal.mark_imported("s3", 3)
        await keep(journal, session("s3"))
    return path


async def saved(path: Path) -> dict[str, list[Record]]:
    """The sessions of a database, which is sound."""
    async with await SqliteJournal.open(path) as journal:
        assert await unsound(journal) == []
        return {name: await everything(journal, name) for name in await journal.ids()}


def spoil(path: Path, page: int, content: bytes = bytes(PAGE)) -> None:
    """Write over a page."""
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(content)


async def test_of_a_whole_database_everything_is_saved(tmp_path: Path):
    path, new = await made(tmp_path / "old.db"), tmp_path / "new.db"
    found = await salvage(path, new)
    assert [(one.id, one.missing, one.cut) for one in found.saved] == [
        ("s1", 0, False),
        ("s2", 0, False),
        ("s3", 0, False),
    ]
    assert await saved(new) == await saved(path)
    async with await SqliteJournal.open(new) as journal:
        (line,) = await journal.summaries_of(["s2"])
        assert line.label == label("shelf", ["old"])
        assert [await journal.imported(name) for name in ("s1", "s2", "s3")] == [0, 0, 3]


async def test_point_21_each_page_that_is_damaged_costs_only_what_was_on_it(tmp_path: Path):
    path = await made(tmp_path / "old.db")
    count = path.stat().st_size // PAGE
    random = Random(5)
    for page in [0, 3, *random.sample(range(4, count), 4)]:
        hurt, new = tmp_path / f"{page}.db", tmp_path / f"{page}.new"
        shutil.copyfile(path, hurt)
        spoil(hurt, page, random.randbytes(PAGE) if page % 2 else bytes(PAGE))
        content = hurt.read_bytes()
        found = await salvage(hurt, new)
        assert hurt.read_bytes() == content
        have = await saved(new)
        lost = sum(one.missing for one in found.saved)
        wrong = [record for record in have["s1"] if record.event != long()[record.seq - 1].event]
        assert all(isinstance(record.event, NoteAdded | SessionStarted) for record in wrong)
        assert len(wrong) <= lost <= 60
        if lost:
            async with await SqliteJournal.open(new) as journal:
                assert await journal.imported("s1") or await journal.imported("s2")


async def test_a_file_that_was_cut_short_says_whose_end_is_missing(tmp_path: Path):
    path, new = await made(tmp_path / "old.db"), tmp_path / "new.db"
    size = path.stat().st_size // PAGE * PAGE
    path.write_bytes(path.read_bytes()[: size * 6 // 10])
    with pytest.raises(JournalError, match="is damaged"):
        async with await SqliteJournal.open(path) as journal:
            await everything(journal)
    found = await salvage(path, new)
    assert found.saved[0].cut
    have = (await saved(new))["s1"]
    assert len(have) > len(long()) // 4
    assert [record.seq for record in have] == list(range(1, len(have) + 1))


async def test_what_is_in_the_log_alone_is_saved_too(tmp_path: Path):
    path, old = tmp_path / "live.db", tmp_path / "old.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.run(lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        await keep(journal, session("s2"))
        shutil.copyfile(path, old)
        shutil.copyfile(log_of(path), log_of(old))
    spoil(old, 0)
    assert [one.id for one in (await salvage(old, tmp_path / "new.db")).saved] == ["s1", "s2"]
    log = bytearray(log_of(old).read_bytes())
    log[len(log) // 3] ^= 1  # from here on the log cannot be trusted
    log_of(old).write_bytes(log)
    assert [one.id for one in (await salvage(old, tmp_path / "less.db")).saved] == ["s1"]


async def test_what_holds_no_session_is_refused_and_no_file_is_made(tmp_path: Path):
    path, new = tmp_path / "old.db", tmp_path / "new.db"
    for content in (b"", b"hello", Random(1).randbytes(50_000), b"\x0d" * 9_000):
        path.write_bytes(content)
        with pytest.raises(JournalError, match="Nothing of a session"):
            await salvage(path, new)
    with pytest.raises(JournalError, match="cannot be read"):
        await salvage(tmp_path / "none.db", new)
    assert not new.exists()


async def test_where_nothing_can_be_saved_the_way_on_is_said(tmp_path: Path):
    path, other = tmp_path / "old[1].db", tmp_path / "old[1].db.v3.bak"
    path.write_bytes(b"hello")
    for copied in (False, True):
        if copied:
            other.write_bytes(b"")
        with pytest.raises(JournalError) as caught:
            await salvage(path, tmp_path / "new.db")
        assert "aside" in caught.value.hint
        assert "`--db FILE`" in caught.value.hint
        assert (other.name in caught.value.hint) is copied


async def test_a_file_that_is_there_is_not_written_over(tmp_path: Path):
    path = await made(tmp_path / "old.db")
    with pytest.raises(UsageError, match="there already"):
        await salvage(path, path)


async def test_what_a_newer_loopdeck_wrote_is_not_taken_for_damage(tmp_path: Path):
    path = await made(tmp_path / "old.db")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(NewerDatabase):
        await salvage(path, tmp_path / "new.db")


async def test_damage_that_no_reading_of_a_session_meets_is_found(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'marks_of_calls'"
        ).fetchone()
    spoil(path, root - 1)
    async with await SqliteJournal.open(path, read_only=True) as journal:
        assert await everything(journal, "s2") == session("s2")
        assert await unsound(journal) != []


async def test_a_line_that_tells_another_story_than_its_events_is_found(tmp_path: Path):
    path = await made(tmp_path / "loopdeck.db")
    async with await SqliteJournal.open(path) as journal:
        (line,) = await journal.summaries_of(["s1"])
        assert differs(line, long()) == ""
        assert "steps" in differs(line, long()[:-20])
