"""Sessions are put away whole before they go, and come back as they were."""

import stat
from pathlib import Path

import pytest

from loopdeck.errors import JournalError, SessionBusy, UnknownSession
from loopdeck.journal import archive as archiving
from loopdeck.journal.archive import Archive
from loopdeck.journal.jsonl import import_records, read_records
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import CallStarted
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.summary import Label
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep, lifelike
from tests.support.records import recording, started

NAMED = Label("the lamps", ("old", "shelf"))


async def test_a_session_goes_and_comes_back_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        records = lifelike(120)
        await keep(journal, records, at_once=50)
        await keep(journal, session("s2"))
        await journal.relabel("s1", NAMED)
        (line,) = await journal.summaries_of(["s1"])
        archive = Archive(journal, path)
        kept = await archive.put_away("s1")
        assert await journal.ids() == ["s2"]
        assert read_records(kept) == records
        assert [(one.id, one.label) for one in archive.sessions()] == [("s1", NAMED)]
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
        assert await archive.restore(NAMED.name) == "s1"
        assert await everything(journal) == records
        assert await journal.summaries_of(["s1"]) == [line]
        assert archive.sessions() == []


async def test_a_session_that_breaks_a_rule_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        records = recording([started(), CallStarted(call_id="never proposed")])
        assert list(problems(records))
        await keep(journal, records)
        archive = Archive(journal, path)
        await archive.put_away("s1")
        await archive.restore("s1")
        assert await everything(journal) == records
        assert await journal.imported("s1") == 0


async def test_a_live_session_stays_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as one, await SqliteJournal.open(path) as other:
        await keep(one, session("s1"))
        one.claim("s1")
        with pytest.raises(SessionBusy):
            await Archive(other, path).put_away("s1")
        assert await everything(other) == session("s1")


async def test_what_cannot_be_read_back_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))

        def cut(_record: Record) -> str:
            return '{"session": "s1"'

        monkeypatch.setattr(archiving, "dump_record", cut)
        with pytest.raises(JournalError):
            await Archive(journal, path).put_away("s1")
        assert await everything(journal) == session("s1")
        assert not journal.is_live("s1")
        assert list((tmp_path / "loopdeck.db.archive").iterdir()) == []


async def test_a_session_that_came_again_is_not_overwritten_by_a_restore(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        archive = Archive(journal, path)
        await archive.put_away("s1")
        await keep(journal, session("s1", goal="another"))
        with pytest.raises(JournalError, match="another session"):
            await archive.restore("s1")
        assert await everything(journal) == session("s1", goal="another")
        assert [one.id for one in archive.sessions()] == ["s1"]


async def test_only_whole_names_and_recordings_are_found(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        archive = Archive(journal, path)
        with pytest.raises(UnknownSession, match="nothing in the archive"):
            archive.remove("s1")
        await keep(journal, session("s1"))
        kept = await archive.put_away("s1")
        (kept.parent / "note.jsonl").write_text("hello\n")
        (kept.parent / "other.jsonl").write_bytes(kept.read_bytes())
        assert [one.id for one in archive.sessions()] == ["s1"]
        with pytest.raises(UnknownSession):
            archive.remove("other")
        with pytest.raises(UnknownSession):
            await archive.put_away("s1")
        assert archive.remove("s1") == "s1"
        assert archive.sessions() == []


async def test_what_was_imported_is_still_somebody_elses_after_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await import_records(journal, session("s1"))
        await keep(journal, session("s2"))
        upto = await journal.imported("s1")
        archive = Archive(journal, path)
        for name in ("s1", "s2"):
            await archive.put_away(name)
            assert await journal.imported(name) == 0
            await archive.restore(name)
        assert await journal.imported("s1") == upto == len(session("s1"))
        assert await journal.imported("s2") == 0
