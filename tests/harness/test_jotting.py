"""Bookmarks and notes are kept in every state of a session, and change nothing of its run."""

import asyncio

import pytest

from loopdeck.errors import UnknownSession
from loopdeck.harness.jotting import jot_down
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.commands import Bookmark, Note
from loopdeck.session.events import BookmarkAdded, NoteAdded
from tests.support.models import calls, says
from tests.support.rig import SESSION, Rig

WORK = calls(("c1", "look", {"key": "a"}))


async def test_a_run_keeps_a_bookmark_and_the_agent_never_sees_it() -> None:
    rig = Rig([WORK, says("Done.")])
    rig.box.gate = asyncio.Event()
    running = asyncio.ensure_future(rig.run())
    await rig.box.begun.wait()
    await rig.inbox.send(Bookmark(at=2, label="odd"))
    await rig.inbox.send(Note(at=3, text="why this file?"))
    while "note_added" not in await rig.types():  # noqa: ASYNC110 - a condition of the log
        await asyncio.sleep(0)
    rig.box.gate.set()
    assert (await running).outcome == "done"
    events = await rig.events()
    assert BookmarkAdded(at=2, label="odd") in events
    assert NoteAdded(at=3, text="why this file?") in events
    assert "why this file?" not in str(rig.model.requests)


async def test_a_session_that_is_over_takes_a_note_and_stays_as_it_was() -> None:
    rig = Rig([WORK, says("Done.")])
    await rig.run()
    before = await rig.state()
    rig.clock.advance(7_200)
    note = Note(at=4, text="the token is sk-ant-api03-" + "a1B2" * 20)
    await jot_down(rig.journal, rig.clock, SESSION, note, Redactor(b"key"))
    after = await rig.state()
    assert (after.status, after.elapsed_ns) == (before.status, before.elapsed_ns)
    assert after.last_seq == before.last_seq + 1
    assert (await rig.records())[-1].ts > before.last_ts
    kept = (await rig.events())[-1]
    assert isinstance(kept, NoteAdded)
    assert "sk-ant" not in kept.text


async def test_a_session_that_was_cut_off_gains_no_time_at_work_by_a_note() -> None:
    rig = Rig([WORK, says("Done.")])
    await rig.run()
    cut = [record for record in await rig.records() if record.seq <= 6]
    await rig.rewrite(cut)
    before = await rig.state()
    assert not before.rests
    rig.clock.advance(7_200)
    await jot_down(rig.journal, rig.clock, SESSION, Bookmark(at=1), Redactor(b"key"))
    assert (await rig.state()).elapsed_ns == before.elapsed_ns


async def test_there_is_nothing_to_mark_in_a_session_that_does_not_exist() -> None:
    rig = Rig([])
    with pytest.raises(UnknownSession):
        await jot_down(rig.journal, rig.clock, "nothere1", Bookmark(at=1), Redactor(b"key"))
