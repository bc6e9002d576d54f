"""The full-text index reads on from where it was, finds what was said, and forgets."""

import sqlite3
from pathlib import Path

import pytest

from loopdeck.errors import JournalError
from loopdeck.journal import index as indexing
from loopdeck.journal import indexfile
from loopdeck.journal.index import SearchIndex
from loopdeck.journal.indexfile import index_path
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import (
    CallAnswered,
    CallOutput,
    CallProposed,
    Event,
    HumanMessage,
    NoteAdded,
)
from loopdeck.session.records import Record
from loopdeck.session.summary import Label
from tests.journal.conformance import session
from tests.journal.keeping import keep, lifelike
from tests.support.records import recording, started

TALK: tuple[Event, ...] = (
    started(goal="Draft a letter to Ægir"),
    HumanMessage(text="Mind the drafts/ada-hour.md file, it's naïve."),
    CallProposed(
        call_id="c1",
        step=1,
        tool="shell",
        args={"command": "grep -rn needle_42 src", "type": "odd"},
    ),
    CallOutput(call_id="c1", text="streamed pineapple"),
    CallAnswered(call_id="c1", answer="denied", by="human", reason="Not on the payroll host"),
)


def talk(name: str, *more: Event) -> list[Record]:
    """A session in which words are said."""
    return recording([*TALK, *more], session=name)


async def read_all(index: SearchIndex) -> int:
    """Let the index read everything; in how many batches."""
    batches = 0
    while await index.read_on():
        batches += 1
    return batches


async def places(index: SearchIndex, text: str) -> list[tuple[str, int]]:
    """Where a text is found."""
    return [(hit.session, hit.seq) for hit in await index.search(text)]


@pytest.mark.parametrize(
    ("text", "seq"),
    [
        ("ægir", 1),
        ("LETTER draft", 1),
        ("drafts/ada-hour.md", 2),
        ("naive", 2),
        ("it's", 2),
        ("needle_4", 3),
        ("shell", 3),
        ("odd", 3),
        ('"payroll host"', 5),
        ("not payroll", 5),
    ],
)
async def test_what_was_said_is_found_where_it_was_said(
    tmp_path: Path, text: str, seq: int
) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        await keep(journal, talk("s1"), at_once=9)
        await read_all(journal.index)
        assert await places(journal.index, text) == [("s1", seq)]


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", '"', "* OR (", "pineapple", "call_proposed", '"host payroll"', "\udcff", "x\0y"],
)
async def test_what_nobody_said_is_not_found_and_breaks_nothing(tmp_path: Path, text: str) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        await keep(journal, talk("s1"), at_once=9)
        await read_all(journal.index)
        assert await places(journal.index, text) == []


async def test_a_hit_shows_the_words_in_one_line(tmp_path: Path) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        text = "one\n two " * 40 + "a Needle\x1b[31m in\nthe hay " + "end " * 90
        await keep(journal, talk("s1", NoteAdded(at=1, text=text)), at_once=9)
        await journal.relabel("s1", Label("hay"))
        await read_all(journal.index)
        (hit, *_) = [one for one in await journal.index.search("need") if one.seq == 6]
        assert (hit.title, hit.kind) == ("hay", "note_added")
        assert "\n" not in hit.text
        assert hit.text.startswith("… ")
        assert [hit.text[start:end].casefold() for start, end in hit.spans] == ["need"]


async def test_the_newest_session_comes_first_and_its_story_in_order(tmp_path: Path) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        for name in ("s1", "s2"):
            await keep(journal, talk(name, HumanMessage(text="needle_42 again")), at_once=9)
        await read_all(journal.index)
        found = [("s2", 3), ("s2", 6), ("s1", 3), ("s1", 6)]
        assert await places(journal.index, "needle_42") == found
        assert len(await journal.index.search("needle_42", limit=1)) == 1


async def test_it_reads_on_from_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 7)
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        records = lifelike(6)
        await keep(journal, records[:30], at_once=30)
        await keep(journal, session("s2"))
        assert await journal.index.behind() == 33
        assert await read_all(journal.index) == 5
        assert await journal.index.behind() == 0
        await keep(journal, records[30:], at_once=40)
        assert await journal.index.behind() == len(records) - 30
        await journal.index.read_session("s1")
        again = SearchIndex(tmp_path / "a.db")
        assert await again.behind() == 0
        whole = await again.search("lamps")
        assert len({(hit.session, hit.seq) for hit in whole}) == len(whole) > 10
        await again.close()


async def test_two_readers_read_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with await SqliteJournal.open(path) as one, await SqliteJournal.open(path) as two:
        await keep(one, talk("s1"), at_once=9)
        assert (await one.index.behind(), await two.index.behind()) == (5, 5)
        await read_all(one.index)
        await read_all(two.index)
        assert await places(two.index, "needle_42") == [("s1", 3)]


async def test_a_deleted_session_leaves_no_word_behind(tmp_path: Path) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        await keep(journal, session("s0"))
        await keep(journal, talk("s1"), at_once=9)
        await read_all(journal.index)
        assert b"needle" in _bytes(tmp_path)
        await journal.delete("s1")
        assert await places(journal.index, "needle_42") == []
        await keep(journal, session("s1"))
        await read_all(journal.index)
        assert await places(journal.index, "needle_42") == []
    assert b"needle" not in _bytes(tmp_path)


async def test_what_was_deleted_past_the_index_is_not_found_again(tmp_path: Path) -> None:
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        await keep(journal, session("s0", goal="stay"))
        await keep(journal, talk("s1"), at_once=9)
        await read_all(journal.index)
        await journal.run(lambda db: db.execute("DELETE FROM sessions WHERE id = 's1'"))
        assert await places(journal.index, "needle_42") == []
        await read_all(journal.index)
        assert await places(journal.index, "stay") == [("s0", 1)]


@pytest.mark.parametrize("damage", ["text", "version", "gone"])
async def test_an_index_that_is_of_no_use_is_made_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, talk("s1"), at_once=9)
        await read_all(journal.index)
    match damage:
        case "text":
            index_path(path).write_bytes(b"not a database, but longer than a header" * 200)
        case "version":
            with sqlite3.connect(index_path(path)) as db:
                db.execute("PRAGMA user_version = 99")
            db.close()
        case _:
            index_path(path).unlink()
    async with await SqliteJournal.open(path) as journal:
        await read_all(journal.index)
        assert await places(journal.index, "needle_42") == [("s1", 3)]


async def test_without_full_text_search_a_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tuple(text.replace("fts5(", "fts5_not_there(") for text in _schema())
    monkeypatch.setattr(indexfile, "SCHEMA", missing)
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        await keep(journal, session("s1"))
        with pytest.raises(JournalError, match=r"without full-text search \(FTS5\)") as caught:
            await journal.index.search("tidy")
        assert "Python" in caught.value.hint
    assert not indexfile.can_search()


def _schema() -> tuple[str, ...]:
    return indexfile.SCHEMA


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("a.db*") if path.is_file())
