"""A queued message reaches a real run from the deck's side, or is refused where nobody takes it."""

from pathlib import Path

import pytest

from loopdeck.cli.queueing import MailQueue
from loopdeck.errors import ReadOnlyError
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.conformance import session
from tests.journal.keeping import keep


async def test_messages_wait_for_one_session_and_are_taken_back_by_their_ticket(
    tmp_path: Path,
) -> None:
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        await keep(journal, session("s2"))
        queue = MailQueue(journal, "s1", lambda: True)
        await queue.add("one")
        await queue.add("two")
        assert await MailQueue(journal, "s2", lambda: True).waiting() == []
        first, second = await queue.waiting()
        assert (first.text, second.text) == ("one", "two")
        assert await queue.take_back(first.ticket)
        assert list(await queue.waiting()) == [second]


async def test_nothing_is_queued_for_a_run_that_is_over(tmp_path: Path) -> None:
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        queue = MailQueue(journal, "s1", lambda: False)
        with pytest.raises(ReadOnlyError):
            await queue.add("too late")
        assert await queue.waiting() == []
