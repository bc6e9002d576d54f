"""Recordings go to files and journals and come back the same, or are refused with the reason."""

from pathlib import Path

import pytest

from loopdeck.errors import CodecError, JournalError, SessionBusy
from loopdeck.journal.jsonl import (
    export_records,
    import_records,
    read_recording,
    read_records,
)
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import CallStarted, NoteAdded
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.summary import summarize
from tests.journal.conformance import session
from tests.journal.keeping import everything, keep, lifelike
from tests.support.records import recording, started, write_records
from tests.support.strategies import walk


def written(path: Path, records: list[Record]) -> Path:
    """A file of these records."""
    write_records(path, records)
    return path


def test_a_file_holds_what_was_written(tmp_path: Path):
    records = walk(4, 200)
    assert read_records(written(tmp_path / "a.jsonl", records)) == records


def test_empty_lines_and_a_missing_last_break_do_not_matter(tmp_path: Path):
    path = written(tmp_path / "a.jsonl", walk(4, 9))
    path.write_text(path.read_text().replace("\n", "\n\n").rstrip())
    assert read_records(path) == walk(4, 9)


def test_a_line_that_is_no_record_is_named_by_its_number(tmp_path: Path):
    path = written(tmp_path / "a.jsonl", walk(4, 9))
    lines = path.read_bytes().splitlines(keepends=True)
    for bad in (b"{}\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b'{"session": "s1"\n'):
        path.write_bytes(b"".join([*lines[:3], bad, *lines[3:]]))
        with pytest.raises(CodecError, match=r"a\.jsonl, line 4: not a record"):
            read_records(path)


def test_a_last_line_that_was_cut_is_told_apart_from_damage(tmp_path: Path):
    records = walk(4, 9)
    path = written(tmp_path / "a.jsonl", records)
    path.write_bytes(path.read_bytes()[:-20])
    found = read_recording(path)
    assert found.cut
    assert found.records == records[:-1]
    with pytest.raises(CodecError, match=f"line {len(records)}: the line ends in the middle"):
        read_records(path)


def test_a_whole_file_is_not_cut(tmp_path: Path):
    assert not read_recording(written(tmp_path / "a.jsonl", walk(4, 9))).cut


def test_what_is_no_file_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(JournalError, match="is not a file"):
        read_records(tmp_path)
    with pytest.raises(JournalError, match="cannot be read"):
        read_records(tmp_path / "missing.jsonl")


async def test_an_export_of_an_import_is_the_same(tmp_path: Path):
    records = lifelike(130)
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        assert await import_records(journal, records) == "s1"
        assert [record async for record in export_records(journal, "s1")] == records
        assert await journal.summaries() == [summarize(project(records))]
        stored = await journal.state_before("s1", len(records))
        assert stored is not None
        assert stored == project(records[: stored.last_seq])
        assert not journal.is_live("s1")


@pytest.mark.parametrize("seed", range(4))
async def test_any_session_can_be_imported(seed: int):
    records = walk(seed, 300)
    journal = MemoryJournal()
    await import_records(journal, records)
    assert await everything(journal) == records


async def test_importing_again_changes_nothing():
    records = walk(4, 60)
    journal = MemoryJournal()
    assert await import_records(journal, records) == await import_records(journal, records)
    assert await everything(journal) == records


async def test_an_import_that_was_cut_short_can_be_done_again():
    records = lifelike(60)
    journal = MemoryJournal()
    state = await keep(journal, records[:207], at_once=50)
    assert state.last_seq == 207
    await import_records(journal, records)
    assert await everything(journal) == records


async def test_another_session_of_the_same_id_is_not_touched():
    journal = MemoryJournal()
    mine = session("s1", goal="mine", events=2)
    await keep(journal, mine)
    with pytest.raises(JournalError, match="another session s1 already"):
        await import_records(journal, session("s1", goal="theirs", events=5))
    longer = MemoryJournal.of(session("s1", events=5))
    with pytest.raises(JournalError, match="another session s1 already"):
        await import_records(longer, session("s1", events=3))
    assert await everything(journal) == mine
    assert not journal.is_live("s1")


async def test_a_live_session_is_not_imported_over():
    journal = MemoryJournal()
    journal.claim("s1")
    with pytest.raises(SessionBusy):
        await import_records(journal, session("s1"))
    assert journal.is_live("s1")


async def test_a_recording_that_breaks_a_rule_is_refused_whole():
    journal = MemoryJournal()
    unpermitted = recording([started(), CallStarted(call_id="c1")])
    two = [*session("s1"), *session("s2")]
    headless = recording([NoteAdded(at=1, text="?")])
    for records in (unpermitted, two, headless, session("s1")[1:]):
        with pytest.raises(JournalError, match="not a valid session") as caught:
            await import_records(journal, records)
        assert "seq" in str(caught.value)
    assert await journal.summaries() == []


async def test_only_the_first_problems_are_told():
    noise = recording([started(), *[CallStarted(call_id=f"c{n}") for n in range(50)]])
    with pytest.raises(JournalError) as caught:
        await import_records(MemoryJournal(), noise)
    assert str(caught.value).count("seq ") == 3
    assert "and more" in str(caught.value)


async def test_an_empty_recording_is_refused():
    with pytest.raises(JournalError, match="empty"):
        await import_records(MemoryJournal(), [])


@pytest.mark.parametrize("name", ["../up", "a/b", ".hidden", "a..b", "x" * 65, "a\nb", "-rf", "é"])
async def test_an_id_that_could_name_another_place_is_refused(name: str):
    with pytest.raises(JournalError, match="session id"):
        await import_records(MemoryJournal(), session(name))
