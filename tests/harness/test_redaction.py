"""Secrets on their way to the log: taken out of every event, held back in streams."""

from pathlib import Path

from hypothesis import given

from loopdeck.harness.gating.context import CallContext
from loopdeck.harness.gating.desk import Desk
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.redaction import redacted
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.memory import MemoryJournal
from loopdeck.permissions.secrets.redacting import MARK, Redactor
from loopdeck.ports import UserTurn
from loopdeck.session.codec import dump_event
from loopdeck.session.commands import Say
from loopdeck.session.events import (
    CallFinished,
    CallOutput,
    CallProposed,
    Event,
    HumanMessage,
    ModelChunk,
    ModelReplied,
)
from loopdeck.session.state import SessionState
from loopdeck.session.values import JsonObject, OpaqueBlock, TextBlock, ThinkingBlock
from tests.support.anyevent import any_events
from tests.support.clock import FakeClock
from tests.support.models import calls, says
from tests.support.records import started
from tests.support.rig import SESSION, Rig, nobody

TOKEN = "ghp" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"


class TickingClock(FakeClock):
    """Moves on by itself, so that every piece of a reply is due to be written."""

    def mono(self) -> int:
        self.now += 60_000_000
        return super().mono()


REDACTOR = Redactor(b"installation", ["hunter2-hunter2"])


def test_every_string_of_an_event_is_cleaned_and_its_ids_are_not() -> None:
    event = CallProposed(
        call_id="hunter2-hunter2", step=1, tool="put", args={"a": [{"b": TOKEN}], TOKEN: 1}
    )
    clean = redacted(event, REDACTOR)
    assert isinstance(clean, CallProposed)
    assert TOKEN not in dump_event(clean)
    assert clean.call_id == "hunter2-hunter2"
    assert event.args["a"] == [{"b": TOKEN}]


def test_blocks_inside_a_reply_are_cleaned_and_signed_reasoning_loses_its_signature() -> None:
    sealed: JsonObject = {"type": "redacted_thinking", "data": TOKEN}
    event = ModelReplied(
        step=1,
        blocks=(
            TextBlock(text=f"It is {TOKEN}"),
            ThinkingBlock(text=f"hm {TOKEN}", signature="sig"),
            ThinkingBlock(text="hm", signature="sig"),
            OpaqueBlock(data={"type": "x", "said": TOKEN}),
            OpaqueBlock(data=sealed),
        ),
        stop="end_turn",
    )
    clean = redacted(event, REDACTOR)
    assert isinstance(clean, ModelReplied)
    assert dump_event(clean).count(TOKEN) == 1
    _, changed, same, _, kept = clean.blocks
    assert isinstance(changed, ThinkingBlock)
    assert changed.signature == ""
    assert same == event.blocks[2]
    assert kept == OpaqueBlock(data=sealed)


def test_an_event_without_secrets_is_itself() -> None:
    event = CallFinished(call_id="c", ok=True, output="fine", files=("a", "b"))
    assert redacted(event, REDACTOR) is event


async def test_what_the_recorder_stores_and_tells_is_clean() -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, FakeClock(), "s1", SessionState(), REDACTOR)
    heard: list[Event] = []
    recorder.listen(lambda record: heard.append(record.event))
    await recorder.record(started(goal=f"use {TOKEN}"))
    await recorder.record(HumanMessage(text="hunter2-hunter2"))
    stored = [record.event for record in await journal.read("s1")]
    assert stored == heard
    assert all(MARK.search(dump_event(event)) for event in stored)
    assert TOKEN not in recorder.state.goal


async def test_a_call_runs_with_the_secret_and_the_log_and_the_model_have_the_mark() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": TOKEN})), says("Done.")])
    await rig.run()
    assert rig.box.files["a"] == TOKEN
    assert not any(TOKEN in dump_event(event) for event in await rig.events())
    assert TOKEN not in str(rig.model.requests)
    assert "‹redacted:token:" in str(rig.model.requests[1].turns)


async def test_a_result_is_redacted_for_the_model_as_for_the_log() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")])
    rig.box.files["a"] = f"TOKEN={TOKEN}"
    await rig.run()
    turn = rig.model.requests[1].turns[-1]
    assert isinstance(turn, UserTurn)
    (finished,) = (event for event in await rig.events() if isinstance(event, CallFinished))
    assert turn.results[0].text == finished.output
    assert MARK.search(finished.output)


async def test_a_secret_split_over_chunks_is_in_none_of_them() -> None:
    text = f"The key is {TOKEN} and it works well enough."
    rig = Rig([says(text)])
    rig.model.piece = 9
    rig.clock = TickingClock()
    await rig.run()
    events = await rig.events()
    chunks = [event.text for event in events if isinstance(event, ModelChunk)]
    assert len(chunks) > 1
    assert not any("aB3dE5" in dump_event(event) for event in events)
    assert MARK.search("".join(chunks))


async def test_the_model_cannot_run_what_it_only_knows_as_a_mark() -> None:
    mark = REDACTOR.clean(TOKEN)
    rig = Rig([calls(("c1", "put", {"key": "a", "value": f"x {mark}"})), says("Oh.")])
    await rig.run(level=4)
    assert rig.box.ran == []
    assert rig.box.files["a"] == "one"
    assert "stands for a secret" in str(rig.model.requests[1].turns[-1])


async def test_a_plan_may_speak_of_a_mark() -> None:
    items = [{"text": f"replace {REDACTOR.clean(TOKEN)}", "state": "todo"}]
    rig = Rig([calls(("c1", "update_plan", {"items": items})), says("Oh.")])
    await rig.run()
    assert "stands for a secret" not in str(rig.model.requests[1].turns[-1])


async def test_a_waiting_call_whose_secret_was_lost_with_its_process_fails_plainly() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": TOKEN})), says("Again.")], human=nobody)
    assert (await rig.run(on_ask="park")).outcome == "waiting"
    assert (await rig.resume(on_ask="park")).outcome == "done"
    assert rig.box.ran == []
    assert "stands for a secret" in str(rig.model.requests[1].turns[-1])


async def test_a_check_with_a_secret_is_not_run_with_a_mark() -> None:
    rig = Rig([says("Done.")] * 3)
    await rig.run(check=f"curl -H 'x: {TOKEN}'", on_ask="park")
    assert rig.box.ran == []
    assert "cannot be run" in str(rig.model.requests[1].turns[-1])


async def test_words_of_the_human_are_cleaned_too() -> None:
    rig = Rig([calls(("c1", "put", {"key": "a", "value": "x"})), says("Yes.")])
    await rig.inbox.send(Say(text=f"use {TOKEN}"))
    await rig.run()
    records = await rig.journal.read(SESSION, limit=100)
    assert not any(TOKEN in dump_event(record.event) for record in records)


@given(any_events())
def test_any_event_without_a_secret_comes_back_as_it_is(event: Event) -> None:
    assert redacted(event, Redactor()) is event


async def test_live_output_is_held_back_where_a_secret_may_go_on(tmp_path: Path) -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, FakeClock(), "s1", SessionState(), REDACTOR)
    desk = Desk(recorder, lambda: "a1", attended=True)
    await recorder.record(started())
    context = CallContext(recorder, desk, Spooling(tmp_path), "c1")
    for piece in ("token ", TOKEN[:12], TOKEN[12:20], f"{TOKEN[20:]} is", " it\n"):
        await context.output(piece)
    events = [record.event for record in await journal.read("s1")]
    shown = [event.text for event in events if isinstance(event, CallOutput)]
    assert TOKEN[4:12] not in "".join(shown)
    assert MARK.search("".join(shown))
    assert "".join(shown).endswith(" is it\n")


async def test_what_is_not_stored_has_no_live_output_either(tmp_path: Path) -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, FakeClock(), "s1", SessionState())
    await recorder.record(started())
    desk = Desk(recorder, lambda: "a1", attended=True)
    context = CallContext(recorder, desk, Spooling(tmp_path), "c1", stores=False)
    await context.output("what nobody is to keep\n")
    assert len(await journal.read("s1")) == 1


async def test_a_call_that_is_not_stored_has_no_place_on_the_disk_and_no_guard(
    tmp_path: Path,
) -> None:
    recorder = Recorder(MemoryJournal(), FakeClock(), SESSION, SessionState(), REDACTOR)
    desk = Desk(recorder, lambda: "id", attended=False)
    folder = tmp_path / "spool"
    spool = Spooling(folder)
    stored = CallContext(recorder, desk, spool, "c1")
    unstored = CallContext(recorder, desk, spool, "c2", stores=False)
    nobodys = CallContext(recorder, desk, spool, None)
    assert unstored.spool is None
    assert unstored.guard() is None
    assert nobodys.spool is None
    assert not folder.exists()
    for context in (stored, nobodys):
        guard = context.guard()
        assert guard is not None
        assert TOKEN not in guard.add(f"the {TOKEN} ") + guard.finish()
    kept = stored.spool
    assert kept is not None
    assert kept.folder == folder
    assert folder.stat().st_mode & 0o777 == 0o700
