"""Writing to the agent on the real deck: lines, what was written before, what is queued."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from textual import events

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.first import First, at_once
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.message import MessageBox
from loopdeck.errors import UsageError
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Means, Opened
from loopdeck.ports.sayings import Kind
from loopdeck.session.attached import Attachment
from loopdeck.session.commands import Bookmark, GoOn, Note, Pause, Say, SetLevel, Steer
from tests.app.screens import Desk, deck
from tests.support import stories
from tests.support.clock import FakeClock
from tests.support.journal import ListJournal, SinkOfLists
from tests.support.records import recording


class Remembered:
    """Texts in lists."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)

    async def recent(self, kind: Kind) -> Sequence[str]:
        """Those from before."""
        del kind
        return list(self.texts)

    async def keep(self, kind: Kind, text: str) -> None:
        """One more."""
        self.texts.append(f"{kind}: {text}")


class MemoryQueue:
    """The queue of one session in memory."""

    def __init__(self) -> None:
        self.journal = MemoryJournal.of(recording(stories.beginning(), session="s1"))

    async def add(self, text: str, attached: tuple[Attachment, ...] | None = None) -> None:
        """Queue it; its ticket is its text."""
        await self.journal.post("s1", Say(text=text, ticket=text, attached=attached))

    async def waiting(self) -> Sequence[Say]:
        """What is queued."""
        return await self.journal.queued("s1")

    async def take_back(self, ticket: str) -> bool:
        """Take it back."""
        return await self.journal.take_back("s1", ticket)


async def test_the_end_of_a_paste_opens_no_box_under_a_request() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.clock.advance(1)
        for key, character in (("y", "y"), ("enter", "\r")):
            desk.app.post_message(events.Key(key, character))
        await desk.shows("too many keys at once")
        await desk.settled()
        assert not desk.deck.messages.box.has_class("-open")
        assert desk.sink.sent == []
        await desk.press("enter")
        await desk.shows("escape back to these")
        await desk.press("escape")
        await desk.until(lambda: "back to these" not in desk.screen())


async def test_a_box_that_loses_the_keys_closes_and_keeps_its_words() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter")
        await desk.press(*"abc")
        await desk.until(lambda: desk.deck.messages.box.text == "abc")
        await desk.press("tab")
        await desk.shows("your draft is kept")
        assert not desk.deck.messages.box.has_class("-open")
        assert desk.deck.draft.text == "abc"
        await desk.press("enter")
        await desk.until(lambda: desk.deck.messages.box.text == "abc")


async def shout(text: str) -> str:
    """An editor that writes in capitals; it breaks where there is nothing to write."""
    if not text:
        raise UsageError("The editor ended with code 3.", "")
    return text.upper()


class Desks:
    """Drafts of several sessions."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    async def recall(self, session: str) -> str:
        """What was begun there."""
        return self.texts.get(session, "")

    async def keep(self, session: str, text: str) -> None:
        """What is begun there now."""
        self.texts[session] = text


@asynccontextmanager
async def desk_with(
    sayings: Remembered,
    queue: MemoryQueue | None,
    *,
    motion: bool = True,
    drafts: Desks | None = None,
) -> AsyncGenerator[Desk]:
    """The deck of somebody who has written before."""
    journal, sink, clock = ListJournal(stories.beginning()), SinkOfLists(accepts=True), FakeClock()
    opened = Opened("s1", journal, sink, means=Means(queue=queue))
    first = First(opened, sayings=sayings, drafts=drafts, edit=shout, motion=motion)
    app = LoopdeckApp(at_once(first), clock=clock)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        desk = Desk(app, pilot, journal, sink, clock, asyncio.Event())
        await desk.until(lambda: isinstance(app.screen, DeckScreen))
        await desk.until(lambda: desk.deck.scene.head.last_seq == len(stories.beginning()))
        await desk.press("enter")
        await desk.until(lambda: app.focused is desk.deck.messages.box)
        yield desk


def box_of(desk: Desk) -> MessageBox:
    """The message box."""
    return desk.deck.messages.box


async def test_a_line_is_broken_by_three_keys_and_by_a_backslash_before_enter() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.app.focused is box_of(desk))
        await desk.press("a", "shift+enter", "b", "alt+enter", "c", "ctrl+j", "d", "backslash")
        await desk.press("enter", "e")
        assert box_of(desk).text == "a\nb\nc\nd\ne"
        assert desk.sink.sent == []
        await desk.press("enter")
        await desk.until(lambda: desk.sink.sent == [Say(text="a\nb\nc\nd\ne")])


async def test_a_paste_sends_nothing_and_hides_nothing() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter")
        await desk.until(lambda: desk.app.focused is box_of(desk))
        desk.app.post_message(events.Paste("one\r\ntwo\x1b[2J\nq\n"))
        await desk.until(lambda: "one" in box_of(desk).text)
        assert box_of(desk).text == "one\ntwo␛[2J\nq\n"
        assert desk.sink.sent == []


async def test_up_and_down_go_through_what_was_written_in_any_session_and_back_to_the_draft() -> (
    None
):
    async with desk_with(Remembered("old\nlines", "newer"), None) as desk:
        await desk.press(*"now", "up")
        assert box_of(desk).text == "newer"
        await desk.press("up", "up")
        assert box_of(desk).text == "old\nlines"
        await desk.press("up", "up")
        assert box_of(desk).text == "old\nlines"
        await desk.press("down", "down", "down")
        assert box_of(desk).text == "now"


async def test_what_is_said_is_remembered_for_later() -> None:
    sayings = Remembered()
    async with desk_with(sayings, None) as desk:
        await desk.press(*"hi", "enter")
        await desk.until(lambda: sayings.texts == ["message: hi"])
        await desk.press("enter")
        await desk.until(lambda: desk.app.focused is box_of(desk))
        await desk.press("up")
        assert box_of(desk).text == "hi"


async def test_a_queued_message_is_seen_and_can_be_taken_back_into_the_box() -> None:
    queue = MemoryQueue()
    async with desk_with(Remembered(), queue) as desk:
        await desk.press(*"one", "enter")
        await desk.shows("next step: one")
        await desk.press("enter", *"two", "enter")
        await desk.shows("next step: two")
        await desk.press("enter", "ctrl+r")
        await desk.until(lambda: box_of(desk).text == "two")
        await desk.until(lambda: "next step: two" not in desk.screen())
        assert [say.text for say in await queue.waiting()] == ["one"]
        assert desk.sink.sent == []


async def test_a_click_on_a_queued_message_takes_that_one_back() -> None:
    queue = MemoryQueue()
    async with desk_with(Remembered(), queue) as desk:
        await desk.press(*"one", "enter", "enter", *"two", "enter")
        await desk.shows("next step: two")
        assert "next step: one  " in desk.screen()
        await desk.pilot.click("#queued", offset=(4, 0))
        await desk.until(lambda: "next step: one" not in desk.screen())
        assert [say.text for say in await queue.waiting()] == ["two"]
        assert desk.deck.draft.text == "one"


async def test_what_the_agent_has_taken_cannot_be_taken_back() -> None:
    queue = MemoryQueue()
    async with desk_with(Remembered(), queue) as desk:
        await desk.press(*"one", "enter")
        await desk.shows("next step: one")
        await queue.journal.collect_queued("s1")
        await desk.press("ctrl+r")
        await desk.shows("The agent has it already.")
        await desk.until(lambda: "next step: one" not in desk.screen())


async def test_what_is_said_at_once_waits_in_no_queue() -> None:
    queue = MemoryQueue()
    async with desk_with(Remembered(), queue) as desk:
        await desk.press(*"stop", "ctrl+s")
        await desk.until(lambda: desk.sink.sent == [Steer(text="stop")])
        assert await queue.waiting() == []


async def test_an_editor_of_ones_own_changes_the_message_and_its_crash_is_a_sentence() -> None:
    async with desk_with(Remembered(), None) as desk:
        await desk.press("ctrl+e")
        await desk.shows("The editor ended with code 3.")
        await desk.press(*"hi", "ctrl+e")
        await desk.until(lambda: box_of(desk).text == "HI")
        assert desk.sink.sent == []


async def test_a_slash_command_is_completed_and_done_and_never_said() -> None:
    async with desk_with(Remembered(), MemoryQueue()) as desk:
        await desk.press("slash", "l")
        await desk.shows("/level [1-5]")
        assert "/limit" not in desk.screen()  # no limit asks
        await desk.press("e", "tab", "4", "enter")
        await desk.until(lambda: desk.sink.sent == [SetLevel(level=4)])
        await desk.press("enter", *"/pause", "enter")
        await desk.until(lambda: desk.sink.sent[1:] == [Pause()])
        await desk.press("enter", *"/continue", "enter")
        await desk.until(lambda: desk.sink.sent[2:] == [GoOn()])


async def test_keys_that_come_all_at_once_run_what_was_typed() -> None:
    async with desk_with(Remembered(), None) as desk:
        box = box_of(desk)
        for key in "/level 2":
            box.post_message(events.Key("space" if key == " " else key, key))
        box.post_message(events.Key("enter", "\r"))
        await desk.until(lambda: desk.sink.sent == [SetLevel(level=2)])


async def test_an_unknown_command_is_a_sentence_and_stays_to_be_repaired() -> None:
    async with desk_with(Remembered(), None) as desk:
        await desk.press(*"/levle 4", "enter")
        await desk.shows("There is no command /levle.")
        assert box_of(desk).text == "/levle 4"
        box_of(desk).put("/level 9")
        await desk.press("enter")
        await desk.shows("A level is a number from 1 to 5.")
        assert box_of(desk).text == "/level 9"
        assert desk.sink.sent == []


async def test_ctrl_c_says_in_plain_words_what_leaves() -> None:
    async with deck(stories.beginning(), keys={"quit": "f9"}) as desk:
        await desk.press("ctrl+c")
        await desk.shows("f9 leaves.")
        assert "[b]" not in desk.screen()


async def test_two_slashes_begin_a_message_with_one() -> None:
    async with desk_with(Remembered(), None) as desk:
        await desk.press(*"//tmp is full", "enter")
        await desk.until(lambda: desk.sink.sent == [Say(text="/tmp is full")])


async def test_the_palette_has_every_key_and_every_command_of_the_deck() -> None:
    async with deck(stories.beginning()) as desk:
        desk.deck.opened = replace(desk.deck.opened, means=Means(export=shout))
        titles = " ".join(command.title for command in desk.deck.palette())
        for words in ("Bookmark this moment", "Explain the verdict", "/export FORMAT", "/pause"):
            assert words in titles
        for words in ("Approve once", "Raise the limit", "/allow", "Fork:", "Next place found"):
            assert words not in titles
        export = next(one for one in desk.deck.palette() if one.title == "/export FORMAT")
        export.callback()
        await desk.until(lambda: box_of(desk).text == "/export ")


async def test_the_palette_of_a_replay_has_nothing_for_an_agent_and_a_frame_of_its_own() -> None:
    async with deck(stories.waiting_for_two(), accepts=False) as desk:
        titles = " ".join(command.title for command in desk.deck.palette())
        for words in ("/continue", "/allow", "/level", "Interrupt now", "Approve once", "/resume"):
            assert words not in titles
        assert "Play or halt" in titles
        await desk.press("ctrl+p")
        await desk.shows("/bookmark")
        row = next(line for line in desk.screen().splitlines() if "/bookmark" in line)
        assert row.count("│") >= 3
        container = desk.app.screen.query_one("#--container")
        assert container.region.width == 76


async def test_the_list_of_commands_of_a_replay_has_nothing_for_an_agent_either() -> None:
    async with deck(stories.waiting_for_two(), accepts=False) as desk:
        await desk.press("enter", "l")
        await desk.shows("/live")
        assert not [name for name in ("/level", "/limit", "/allow") if name in desk.screen()]


async def test_nothing_moves_where_nothing_is_to_move() -> None:
    async with desk_with(Remembered(), None, motion=False) as desk:
        assert desk.app.animation_level == "none"
        assert not box_of(desk).cursor_blink


async def test_what_was_begun_is_there_again_when_the_deck_is_opened_again() -> None:
    drafts = Desks()
    async with desk_with(Remembered(), None, drafts=drafts) as desk:
        await desk.press(*"dig it")
    assert drafts.texts == {"s1": "dig it"}
    async with desk_with(Remembered(), None, drafts=drafts) as desk:
        await desk.until(lambda: desk.deck.draft.text == "dig it")
        await desk.press("escape", "enter", "!", "enter")
        await desk.until(lambda: desk.sink.sent == [Say(text="dig it!")])
    assert drafts.texts == {"s1": ""}


async def test_where_nobody_works_the_box_takes_commands_alone() -> None:
    async with deck(stories.beginning(), accepts=False) as desk:
        await desk.press("enter")
        await desk.shows("This is a recording")
        await desk.shows("› /help")
        await desk.press("backspace", "h", "i", "enter")
        await desk.shows("│ hi ")  # nobody was told, and nothing is lost
        await desk.press("ctrl+u", "slash", "c", "h", "a", "r", "t", "enter")
        await desk.shows("Time and cost")
        await desk.press("escape", "enter", "escape", "escape")
        await desk.until(lambda: isinstance(desk.app.focused, LoopPane))
        assert (desk.deck.draft.text, desk.sink.sent) == ("", [])


async def test_commands_that_mark_and_find_take_their_words_with_them() -> None:
    async with deck(stories.beginning()) as desk:
        at = desk.deck.scene.seq
        for text in ("/note why [so]?", "/bookmark odd"):
            await desk.press("enter")
            desk.deck.messages.box.put(text)
            await desk.press("enter")
        await desk.until(lambda: len(desk.sink.sent) == 2)
        assert desk.sink.sent == [Note(at=at, text="why [so]?"), Bookmark(at=at, label="odd")]
        await desk.press("enter")
        desk.deck.messages.box.put("/search shows")
        await desk.press("enter")
        await desk.until(lambda: (find := desk.deck.scene.find) is not None and find.whole)
        assert desk.deck.scene.find is not None
        assert desk.deck.scene.find.words == "shows"
