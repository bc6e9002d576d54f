"""From the journal to the deck: complete, in order, and never more often than needed."""

import asyncio
from collections.abc import Collection

import pytest

from loopdeck.app.view import feed as feed_module
from loopdeck.app.view.feed import KEYFRAMES, Feed, Keyframes
from loopdeck.session.events import Event, ModelChunk, ModelRequested, NoteAdded
from loopdeck.session.outline import Outline, Row
from loopdeck.session.records import Mark, Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.timeline import Timeline
from tests.support import stories
from tests.support.journal import ListJournal
from tests.support.records import started


class StoringJournal(ListJournal):
    """Keeps a fold every so many events, as a database does."""

    every = 50

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """The nearest stored fold."""
        place = seq // self.every * self.every
        return project(self.records[:place]) if place else None


def long_story(steps: int) -> list[Event]:
    """Many steps."""
    events: list[Event] = [started()]
    for step in range(1, steps + 1):
        call = (f"c{step}", "read_file", {"path": f"{step}.txt"})
        events += stories.turn(step, f"step {step}", call)
        events += stories.ran(f"c{step}", "text", 1)
    return events


async def until_head(feed: Feed, seq: int, rows: int = 0) -> None:
    """Wait until the feed has caught up."""
    for _ in range(100_000):
        behind = len(feed.outline.rows) < rows
        if feed.head.last_seq >= seq and feed.timeline.head >= seq and not behind:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"the feed stays at {feed.head.last_seq}")


async def no_pause() -> None:
    """One turn of the loop."""
    await asyncio.sleep(0)


async def test_it_loads_what_is_there_and_follows_what_comes() -> None:
    journal = ListJournal(long_story(30))
    updates: list[int] = []
    feed = Feed(journal, "s1", pace=no_pause)
    task = asyncio.create_task(feed.follow(lambda: updates.append(feed.head.last_seq)))
    await until_head(feed, len(journal.records))
    journal.push(NoteAdded(at=1, text="more"))
    await until_head(feed, len(journal.records))
    task.cancel()
    assert feed.head == project(journal.records)
    assert updates[-1] == len(journal.records)


async def test_loading_from_a_stored_state_gives_the_same_as_loading_all() -> None:
    events = long_story(40)
    feeds: list[Feed] = []
    for journal in (ListJournal(events), StoringJournal(events)):
        feed = Feed(journal, "s1", pace=no_pause)
        task = asyncio.create_task(feed.follow(lambda: None))
        await until_head(feed, len(events))
        journal.push(*stories.turn(41, "one more"))
        await until_head(feed, len(journal.records))
        task.cancel()
        feeds.append(feed)
    one, other = feeds
    assert one.head == other.head
    assert [row.marks for row in one.outline.rows] == [row.marks for row in other.outline.rows]
    assert one.timeline.steps == other.timeline.steps


async def test_marks_that_were_read_ahead_are_not_counted_twice() -> None:
    journal = StoringJournal(long_story(40))

    class Growing(StoringJournal):
        async def marks(
            self,
            session: str,
            *,
            after: int = 0,
            until: int | None = None,
            kinds: Collection[str] = (),
        ) -> list[Mark]:
            self.push(*stories.turn(41, "meanwhile"))
            return await super().marks(session, after=after, until=until, kinds=kinds)

    growing = Growing(long_story(40))
    feed = Feed(growing, "s1", pace=no_pause)
    task = asyncio.create_task(feed.follow(lambda: None))
    await until_head(feed, len(journal.records) + 2)
    task.cancel()
    assert len(feed.outline.rows) == len(Outline(await ListJournal.marks(growing, "s1")).rows)


async def test_a_long_session_shows_first_what_is_around_the_playhead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_module, "LONG", 100)
    monkeypatch.setattr(feed_module, "AROUND", 10)
    journal = StoringJournal(long_story(60))
    feed = Feed(journal, "s1", pace=no_pause)
    seen: list[tuple[list[Row], Timeline]] = []
    task = asyncio.create_task(
        feed.follow(lambda: seen.append((list(feed.outline.rows), feed.timeline)), at=lambda: 150)
    )
    whole = Outline(await journal.marks("s1")).rows
    await until_head(feed, len(journal.records), rows=len(whole))
    task.cancel()
    near, timeline = next((rows, line) for rows, line in seen if rows)
    among = [row for row in whole if near[0].seq <= row.seq <= 160]
    assert near[0].kind == "step"
    assert [(row.kind, row.step, row.seq) for row in near] == [
        (row.kind, row.step, row.seq) for row in among
    ]
    assert near[0].seq <= 140 < len(journal.records)
    assert timeline.steps == feed.timeline.steps
    assert timeline.where(150) == feed.timeline.where(150)
    assert [row.marks for row in feed.outline.rows] == [row.marks for row in whole]


async def test_a_playhead_that_moves_while_a_long_session_is_read_finds_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_module, "LONG", 100)
    monkeypatch.setattr(feed_module, "AROUND", 10)
    monkeypatch.setattr(feed_module, "STRETCH", 50)
    journal = StoringJournal(long_story(60))
    feed = Feed(journal, "s1", pace=no_pause)
    playhead, seen = [300], list[list[int]]()

    def updated() -> None:
        seen.append([row.seq for row in feed.outline.rows])
        playhead[0] = 60 if seen[-1] else 300

    task = asyncio.create_task(feed.follow(updated, at=lambda: playhead[0]))
    whole = Outline(await journal.marks("s1")).rows
    await until_head(feed, len(journal.records), rows=len(whole))
    task.cancel()
    near = [rows for rows in seen if rows and len(rows) < len(whole)]
    assert [min(rows) <= 300 - 10 < max(rows) for rows in near] == [True, False]
    assert min(near[1]) <= 50 < max(near[1]) <= 70


async def test_a_burst_is_one_update() -> None:
    journal = ListJournal([started(), ModelRequested(step=1, model="m")])
    updates: list[int] = []
    gate = asyncio.Event()

    async def frame() -> None:
        await gate.wait()
        gate.clear()

    feed = Feed(journal, "s1", pace=frame)
    task = asyncio.create_task(feed.follow(lambda: updates.append(feed.head.last_seq)))
    await until_head(feed, 2)
    before = len(updates)
    for number in range(300):
        journal.push(ModelChunk(kind="text", text=f"{number} "))
        await asyncio.sleep(0)
    assert len(updates) == before
    gate.set()
    await until_head(feed, 302)
    task.cancel()
    assert len(updates) == before + 1


async def test_any_moment_is_the_fold_of_all_before_it() -> None:
    journal = StoringJournal(long_story(60))
    seen: list[Record] = []
    feed = Feed(journal, "s1", pace=no_pause, on_records=seen.extend)
    task = asyncio.create_task(feed.follow(lambda: None))
    await until_head(feed, len(journal.records))
    task.cancel()
    for seq in (1, 2, 49, 50, 51, 199, 200, 201, len(journal.records), 7):
        assert await feed.state_at(seq) == project(journal.records[:seq])


def test_keyframes_forget_what_was_not_used_for_longest() -> None:
    frames = Keyframes(limit=3)
    for seq in (10, 20, 30):
        frames.keep(SessionState(last_seq=seq))
    assert frames.before(15) == SessionState(last_seq=10)
    frames.keep(SessionState(last_seq=40))
    assert frames.before(25) == SessionState(last_seq=10)
    assert frames.before(5) is None
    assert KEYFRAMES < 1000
