"""Queued messages wait for the agent, and belong to whoever gets them first."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import GoOn, Say
from tests.journal.conformance import session
from tests.journal.keeping import keep

ONE, TWO = Say(text="one", ticket="t1"), Say(text="two", ticket="t2")
Store = SqliteJournal | MemoryJournal


@pytest.fixture(params=["sqlite", "memory"])
async def store(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    """A journal with a session, on the disk and in memory."""
    if request.param == "memory":
        memory = MemoryJournal()
        await keep(memory, session("s1"))
        yield memory
        return
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        await keep(journal, session("s1"))
        yield journal


async def test_a_queued_message_is_no_mail(store: Store) -> None:
    await store.post("s1", ONE)
    assert not await store.mail_waits("s1")
    assert await store.collect("s1") == []
    assert await store.queued("s1") == [ONE]


async def test_queued_messages_come_out_once_in_their_order_and_leave_the_mail_alone(
    store: Store,
) -> None:
    for letter in (ONE, GoOn(), TWO):
        await store.post("s1", letter)
    assert await store.collect_queued("s1") == [ONE, TWO]
    assert await store.collect_queued("s1") == []
    assert await store.collect("s1") == [GoOn()]


async def test_what_was_taken_back_is_taken_by_nobody(store: Store) -> None:
    await store.post("s1", ONE)
    await store.post("s1", TWO)
    assert await store.take_back("s1", "t1")
    assert not await store.take_back("s1", "t1")
    assert await store.collect_queued("s1") == [TWO]
    assert not await store.take_back("s1", "t2")


async def test_of_the_agent_and_its_human_only_one_gets_a_message(store: Store) -> None:
    letters = [Say(text=str(n), ticket=f"t{n}") for n in range(30)]
    for letter in letters:
        await store.post("s1", letter)
    backs = [store.take_back("s1", letter.ticket) for letter in reversed(letters)]
    taking = asyncio.ensure_future(_all_of(store))
    outcome = await asyncio.gather(*backs)
    first = await taking
    back = {letter.text for letter, got in zip(reversed(letters), outcome, strict=True) if got}
    assert not back & set(first)
    assert back | set(first) == {letter.text for letter in letters}


async def test_a_queued_message_outlives_its_process_and_a_foreign_text_does_no_harm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "loopdeck.db"
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.post("s1", ONE)
        await journal.run(
            lambda db: db.execute(
                "INSERT INTO mailbox (session, body) SELECT session, '{' FROM mailbox"
            )
        )
    async with await SqliteJournal.open(path) as journal:
        assert await journal.queued("s1") == [ONE]
        assert await journal.collect("s1") == []
        assert await journal.collect_queued("s1") == [ONE]


async def test_nothing_of_a_message_that_was_taken_back_stays_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "loopdeck.db"
    secret = Say(text="hunter2-hunter2", ticket="t1")
    async with await SqliteJournal.open(path) as journal:
        await keep(journal, session("s1"))
        await journal.post("s1", secret)
        assert await journal.take_back("s1", "t1")
        files = [file for file in tmp_path.iterdir() if file.is_file()]
        assert not [file for file in files if secret.text.encode() in file.read_bytes()]


async def _all_of(store: Store) -> list[str]:
    await asyncio.sleep(0)
    return [say.text for say in await store.collect_queued("s1")]
