"""The journal in memory obeys the rules, and is built whole from a recording."""

import pytest

from loopdeck.errors import SequenceConflict
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.reducer import project
from loopdeck.session.summary import summarize
from tests.journal.conformance import LibraryRules, LogRules, MailRules, session
from tests.journal.keeping import everything, lifelike
from tests.support.strategies import walk


@pytest.fixture
def store() -> MemoryJournal:
    """An empty journal."""
    return MemoryJournal()


class TestLog(LogRules):
    """The log."""


class TestLibrary(LibraryRules):
    """The library."""


class TestMail(MailRules):
    """The mailbox."""


async def test_a_journal_of_records_holds_them_and_their_folds():
    records = lifelike(60)
    journal = MemoryJournal.of([*records, *session("s2")])
    assert await everything(journal) == records
    assert [line.id for line in await journal.summaries()] == ["s2", "s1"]
    assert (await journal.summaries())[1] == summarize(project(records))
    stored = await journal.state_before("s1", 300)
    assert stored == project(records[:256])


async def test_a_journal_of_records_can_go_on():
    records = walk(5, 60)
    journal = MemoryJournal.of(records[:30])
    for record in records[30:]:
        await journal.append([record], project(records[: record.seq]))
    assert await everything(journal) == records
    assert await journal.state_before("s1", 999) == project(records)


def test_a_journal_of_half_a_session_is_refused():
    with pytest.raises(SequenceConflict):
        MemoryJournal.of(walk(5, 60)[10:])


def test_a_journal_of_no_records_is_empty():
    assert MemoryJournal.of([]).is_live("s1") is False
