"""Search in a session: every place is found, shown and counted, and no key denies by accident."""

from dataclasses import replace

from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.deck.searching import STRETCH, stretches
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.commands import Deny
from loopdeck.session.events import Event, HumanMessage, ModelChunk, SessionEnded
from tests.app.screens import Desk, deck
from tests.support import stories


def finished() -> list[Event]:
    """A story nobody works on any more."""
    return [*stories.beginning(), SessionEnded(outcome="stopped")]


async def look_for(desk: Desk, words: str) -> None:
    """Type words to look for."""
    await desk.press("slash", *words, "enter")
    await desk.until(lambda: desk.deck.scene.find is not None and desk.deck.scene.find.whole)


def places(desk: Desk) -> list[int]:
    """The events that say what was looked for."""
    return [
        record.seq
        for record in desk.journal.records
        if "ada-hour" in record.event.model_dump_json()
    ]


async def test_the_first_place_after_the_playhead_is_gone_to_and_they_are_counted() -> None:
    async with deck(finished(), accepts=False, position=1) as desk:
        await look_for(desk, "ADA-hour")
        hits = places(desk)
        assert desk.deck.scene.find is not None
        assert list(desk.deck.scene.find.hits) == hits
        await desk.until(lambda: desk.deck.scene.position == hits[0])
        await desk.shows(f"“ADA-hour” 1 of {len(hits)}")
        assert "┃" in desk.screen()


async def test_n_and_shift_n_walk_through_the_places_in_a_ring() -> None:
    async with deck(finished(), accepts=False, position=1) as desk:
        await look_for(desk, "ada-hour")
        hits = places(desk)
        await desk.until(lambda: desk.deck.scene.position == hits[0])
        for goal in (*hits[1:], hits[0]):
            await desk.press("n")
            await desk.until(lambda goal=goal: desk.deck.scene.position == goal)
        await desk.press("N")
        await desk.until(lambda: desk.deck.scene.position == hits[-1])


async def test_the_next_place_is_gone_to_from_the_one_that_the_library_found() -> None:
    async with deck(finished(), accepts=False, position=1) as desk:
        hits, opened = places(desk), desk.deck.opened
        await desk.app.open_session(replace(opened, position=hits[0], sought="hour ada-hour"))
        found = desk.app.screen
        assert isinstance(found, DeckScreen)
        await desk.until(lambda: found.scene.find is not None and found.scene.find.whole)
        assert (found.scene.position, found.scene.find and found.scene.find.at) == (hits[0],) * 2
        await desk.press("n")
        await desk.until(lambda: found.scene.position == hits[1])


async def test_the_row_of_the_place_is_selected_and_the_words_are_in_sight() -> None:
    async with deck(finished(), accepts=False, position=1) as desk:
        await look_for(desk, "host")
        pane = desk.deck.query_one(LoopPane)
        await desk.until(lambda: (row := pane.row) is not None and row.ref == "c4")
        assert pane.row is not None
        assert pane.row.kind == "call"
        await desk.shows('"Ada Hour", "host":')
        result = desk.deck.query_one(ResultPane)
        lines = [result.line_at(at, 40) for at in range(len(result.lines))]
        assert [part.text for line in lines for part in line if part.ink == "mark"] == ["host"]


async def test_what_is_nowhere_is_said_and_escape_ends_the_search() -> None:
    async with deck(finished(), accepts=False) as desk:
        await look_for(desk, "zebra")
        await desk.shows("“zebra” is nowhere in it")
        await desk.press("escape")
        await desk.until(lambda: desk.deck.scene.find is None)
        assert "zebra" not in desk.screen()


async def test_what_happens_while_it_is_looked_for_is_found_by_the_next_key() -> None:
    async with deck(stories.beginning()) as desk:
        await look_for(desk, "podcast")
        await desk.until(lambda: desk.deck.scene.position == 1)
        desk.journal.push(HumanMessage(text="one podcast more"))
        head = len(desk.journal.records)
        await desk.until(lambda: desk.deck.scene.head.last_seq == head)
        await desk.press("n")
        await desk.until(
            lambda: desk.deck.scene.find is not None and desk.deck.scene.find.at == head
        )
        await desk.until(lambda: desk.deck.scene.position is None)


async def test_a_call_that_appears_under_the_search_key_is_not_denied_by_it() -> None:
    async with deck(stories.beginning()) as desk:
        await look_for(desk, "zebra")
        await desk.press("n")
        desk.journal.push(*stories.waiting_for_two()[len(stories.beginning()) :])
        await desk.shows("Approve? 1 of 2")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await desk.press("n")
        await desk.settled()
        await desk.shows("n denies while a call waits")
        assert desk.sink.sent == []
        await desk.press("n")
        await desk.until(lambda: desk.sink.sent == [Deny(call_id="c7")])
        await desk.press("n")
        await desk.settled()
        assert len(desk.sink.sent) == 1  # the next request is warned of by itself


async def test_in_the_past_the_key_goes_on_while_a_call_waits_now() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await look_for(desk, "ada-hour")
        await desk.until(lambda: not desk.deck.scene.at_end)
        first = desk.deck.scene.position
        await desk.press("n")
        await desk.until(lambda: desk.deck.scene.position not in (first, None))
        assert desk.sink.sent == []


async def test_a_long_session_is_looked_through_to_its_end() -> None:
    chunks: list[Event] = [ModelChunk(kind="text", text="owl")] * (2 * STRETCH)
    story = [*stories.beginning(), *chunks, HumanMessage(text="the owl"), *stories.turn(5, "ok")]
    async with deck([*story, SessionEnded(outcome="stopped")], accepts=False, position=1) as desk:
        await look_for(desk, "the owl")
        await desk.until(lambda: desk.deck.scene.position == len(stories.beginning()) + 4_001)


def test_stretches_cover_every_event_once_the_nearest_first() -> None:
    found = list(stretches(2_500, 9_000))
    seqs = [seq for after, until in found for seq in range(after + 1, until + 1)]
    assert sorted(seqs) == list(range(1, 9_001))
    assert seqs[0] == 2_501
    assert list(stretches(0, 0)) == []
