"""Bookmarks and notes from the deck: about the moment on the screen, wherever they are kept."""

from loopdeck.session.commands import Bookmark, Jot, Note
from loopdeck.session.events import BookmarkAdded, NoteAdded, SessionEnded
from tests.app.screens import deck
from tests.support import stories


async def test_a_bookmark_is_about_the_moment_on_the_screen() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("left", "left")
        await desk.until(lambda: not desk.deck.scene.at_end)
        at = desk.deck.scene.seq
        await desk.press("b", "o", "d", "d", "enter")
        await desk.press("m", "y", "enter")
        await desk.press("m", "enter")  # a note without words is none
        await desk.until(lambda: len(desk.sink.sent) == 2)
        assert desk.sink.sent == [Bookmark(at=at, label="odd"), Note(at=at, text="y")]


async def test_marks_are_rows_and_ticks_and_can_be_gone_to() -> None:
    async with deck(stories.beginning()) as desk:
        at = desk.deck.feed.timeline.steps[1]
        desk.journal.push(BookmarkAdded(at=at, label="odd"), NoteAdded(at=at, text="why?"))
        await desk.shows("▼  b1 at step 2  odd")
        await desk.shows("▽  n1 at step 2  why?")
        assert " 2▼ Who am I writing for" in desk.screen()
        assert "▼" in desk.screen().splitlines()[-1]
        await desk.press("colon", "b", "1", "enter")
        await desk.until(lambda: desk.deck.scene.position == at)


async def test_a_session_that_is_over_keeps_them_in_its_log() -> None:
    kept: list[Jot] = []

    async def jot(one: Jot) -> None:
        kept.append(one)

    story = [*stories.beginning(), SessionEnded(outcome="stopped")]
    async with deck(story, accepts=False, jot=jot) as desk:
        await desk.press("b", "enter")
        await desk.until(lambda: kept == [Bookmark(at=len(story))])


async def test_a_recording_from_a_file_takes_none_and_says_so() -> None:
    story = [*stories.beginning(), SessionEnded(outcome="stopped")]
    async with deck(story, accepts=False) as desk:
        await desk.press("b")
        await desk.shows("takes no marks")
        assert len(desk.app._notifications) == 1  # pyright: ignore[reportPrivateUsage] - said once
        await desk.press("m")
        assert desk.sink.sent == []


async def test_escape_leaves_without_a_mark() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("b", "o", "escape")
        await desk.press("b", "enter")
        await desk.until(lambda: len(desk.sink.sent) == 1)
        assert desk.sink.sent == [Bookmark(at=desk.deck.scene.seq)]


async def test_a_note_is_read_whole_beside_the_loop() -> None:
    async with deck([*stories.beginning(), NoteAdded(at=3, text="line one\nline two")]) as desk:
        await desk.shows("your note about event #3")
        await desk.shows("line two")


async def test_the_list_of_marks_goes_to_the_chosen_one() -> None:
    marks = [BookmarkAdded(at=9, label="[later]"), NoteAdded(at=4, text="earlier")]
    async with deck([*stories.beginning(), *marks]) as desk:
        await desk.press("colon", "b", "enter")
        await desk.shows("Bookmarks and notes")
        lines = [line for line in desk.screen().splitlines() if "earlier" in line]
        assert any("n1        1   earlier" in line for line in lines)
        await desk.press("j", "enter")
        await desk.until(lambda: desk.deck.scene.position == 9)


async def test_an_empty_list_of_marks_says_so() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("colon", "b", "enter")
        await desk.shows("Nothing is marked yet.")


async def test_what_was_noted_stands_with_its_moment_whenever_one_comes_there() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("left", "left")
        await desk.until(lambda: not desk.deck.scene.at_end)
        at = desk.deck.scene.seq
        await desk.press("m", "y", "enter")
        await desk.shows("Note kept. : then b lists all.")
        desk.journal.push(NoteAdded(at=at, text="why [so]?"))
        await desk.shows("n1 why [so]?")
        assert desk.deck.scene.seq == at
        await desk.press("home")
        await desk.until(lambda: "n1 why" not in desk.screen())
        await desk.press("colon", "n", "1", "enter")
        await desk.shows("n1 why [so]?")
