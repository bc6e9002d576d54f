"""Two answers to one call, from two terminals: it is never said of both that they count."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from loopdeck.cli import rivals
from loopdeck.cli.folding import state_of
from loopdeck.cli.rivals import standing
from loopdeck.errors import LoopdeckError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.commands import Approve, Deny
from tests.journal.keeping import keep
from tests.support.records import recording
from tests.support.stories import approved, waiting_for_two


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[SqliteJournal]:
    """With a session of which two calls wait."""
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as opened:
        await keep(opened, recording(waiting_for_two()), at_once=100)
        yield opened


async def answers(journal: SqliteJournal) -> tuple[Approve, Deny]:
    """A yes and a no to the first call that waits."""
    call = (await state_of(journal, "s1")).waiting[0]
    yes = Approve(call_id=call.call_id, binding=call.binding)
    return yes, Deny(call_id=call.call_id, reason="")


async def test_while_nobody_works_the_last_answer_says_that_it_replaces_the_other(
    journal: SqliteJournal,
) -> None:
    yes, no = await answers(journal)
    await journal.post("s1", yes)
    assert await standing(journal, "s1", yes, live=False) == ""
    await journal.post("s1", no)
    assert "takes the place" in await standing(journal, "s1", no, live=False)
    with pytest.raises(LoopdeckError, match="Another answer was left after this one"):
        await standing(journal, "s1", yes, live=False)


async def test_an_answer_to_another_call_is_no_rival(journal: SqliteJournal) -> None:
    _, no = await answers(journal)
    other = (await state_of(journal, "s1")).waiting[1]
    await journal.post("s1", Approve(call_id=other.call_id, binding=other.binding))
    await journal.post("s1", no)
    assert await standing(journal, "s1", no, live=False) == ""


async def test_an_answer_that_a_session_at_work_had_before_is_not_said_to_be_the_other(
    journal: SqliteJournal,
) -> None:
    yes, no = await answers(journal)
    after = await journal.head("s1")
    await keep(journal, recording([approved(yes.call_id)], after=after))
    assert await standing(journal, "s1", yes, live=True) == ""
    with pytest.raises(LoopdeckError, match="was approved meanwhile: this answer came too late"):
        await standing(journal, "s1", no, live=True)


async def test_a_session_that_is_busy_has_not_taken_it_up_yet(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rivals, "SOON_S", 0.01)
    yes, _ = await answers(journal)
    assert "not taken it up yet" in await standing(journal, "s1", yes, live=True)
