"""What the deck tells: notices never lie over what waits, and go when they are no longer true."""

from textual.widgets import Input

from tests.app.screens import MEDIUM, NARROW, WIDE, deck
from tests.app.test_answering import armed, long_write
from tests.support import stories


async def test_a_notice_stays_off_the_drawer_and_off_the_key_line_of_the_dial() -> None:
    for size in (WIDE, MEDIUM):
        async with deck(stories.waiting_for_two(), size=size) as desk:
            desk.deck.notify("Something happened.\nAnd this is what to do.", markup=False)
            await desk.shows("And this is what")
            assert not desk.drawer.covered
            await desk.press("l")
            desk.app.notify("Something else happened.", markup=False)
            await desk.shows("Something else happened.")
            await desk.shows("escape leaves it as it is")


async def test_what_a_notice_covers_does_not_count_as_seen() -> None:
    async with deck([], size=NARROW) as desk:
        desk.deck.notify("line\n" * 5, markup=False, timeout=60)
        await desk.shows("line")
        desk.journal.push(*stories.waiting_for_two())
        await desk.shows("Approve? 1 of 2")
        await desk.until(lambda: desk.drawer.covered)
        assert desk.drawer.guard.shown_at is None
        desk.clock.advance(1)
        await desk.press("y", "n")
        await desk.shows("a notice covers")
        await desk.settled()
        assert desk.sink.sent == []
        desk.app.clear_notifications()
        await desk.until(lambda: not desk.drawer.covered)
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)


async def test_see_it_to_its_end_is_said_until_it_was_seen() -> None:
    async with deck(long_write(), size=MEDIUM) as desk:
        await armed(desk)
        await desk.press("y")
        await desk.shows("see it to its end first")
        while not desk.drawer.guard.seen_all:
            await desk.press("pagedown")
            await desk.pilot.pause()
        await desk.until(lambda: "see it to its end first" not in desk.screen())


async def test_the_complaint_about_a_place_goes_with_a_good_one() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("colon", "x", "enter")
        await desk.shows("Type a step (12)")
        await desk.press("backspace", "2", "enter")
        await desk.until(lambda: "Type a step (12)" not in desk.screen())


async def test_a_message_pasted_in_lines_keeps_every_word() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("enter")
        box = desk.deck.query_one("#message", Input)
        await desk.until(lambda: desk.app.focused is box)
        desk.app.copy_to_clipboard("one\n\ntwo\nthree")
        await desk.press("ctrl+v")
        await desk.until(lambda: box.value == "one two three")


async def test_suspending_is_answered_in_words() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("ctrl+z")
        await desk.shows("cannot be suspended")
