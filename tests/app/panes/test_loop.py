"""The loop's rows: a long session's first ones are replaced by all of them, under the cursor."""

from dataclasses import replace

import pytest

from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.view import feed
from loopdeck.session.events import CallFinished, CallStarted, Event, SandboxChecked
from loopdeck.session.outline import Outline
from tests.app.screens import deck
from tests.support import stories
from tests.support.records import started


def long_story(steps: int) -> list[Event]:
    """Many steps with a call each."""
    events: list[Event] = [started()]
    for step in range(1, steps + 1):
        events += stories.turn(step, f"step {step}", (f"c{step}", "read_file", {"path": "a"}))
        events += stories.ran(f"c{step}", "text", 1)
    return events


async def test_a_long_session_ends_up_whole_with_the_cursor_on_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "LONG", 100)
    monkeypatch.setattr(feed, "AROUND", 20)
    async with deck(long_story(60), position=200, accepts=False) as desk:
        loop, scene = desk.deck.query_one(LoopPane), desk.deck.scene
        await desk.until(lambda: len(desk.deck.scene.outline.rows) > 120)
        whole = desk.deck.scene.outline
        assert loop.shown.count == whole.count(200)
        marks = [mark for row in whole.rows if row.seq > 150 for mark in row.marks]
        near = Outline(sorted(marks, key=lambda mark: mark.seq))
        scene = replace(desk.deck.scene, outline=near)
        loop.show(scene)
        loop.action_move(-5)
        row = loop.row
        assert row is not None
        assert row in near.rows
        loop.show(replace(scene, outline=whole))
        assert loop.row is not None
        assert loop.row is not row
        assert (loop.row.seq, loop.row in whole.rows) == (row.seq, True)
        loop.show(scene)
        assert loop.row is not None
        assert loop.row.seq == row.seq


async def test_a_note_that_comes_while_a_call_runs_does_not_take_its_place() -> None:
    story = long_story(1) + stories.turn(2, "It runs.", ("c2", "shell", {"command": "make"}))
    story += [*stories.ran("c2", "", 1)[:1], CallStarted(call_id="c2")]
    async with deck(story) as desk:
        loop = desk.deck.query_one(LoopPane)
        desk.journal.push(SandboxChecked(backend="landlock", passed=True))
        await desk.shows("landlock")
        assert loop.row is not None
        assert (loop.row.kind, loop.row.marks[0].ref) == ("call", "c2")
        desk.journal.push(CallFinished(call_id="c2", ok=True, output="made", duration_ms=1))
        await desk.until(lambda: loop.row is not None and loop.row.kind != "call")
        assert loop.following
