"""What the deck tells: notices never lie over what waits, and go when they are no longer true."""

from textual.app import App
from textual.widgets._toast import Toast

from loopdeck.app.panes.message import MessageBox
from loopdeck.errors import DamagedDatabase, LoopdeckError
from tests.app.deck.test_answering import armed, long_write
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories


def toasts(desk: Desk) -> int:
    """How many toasts hang over the screen."""
    return len(desk.app.screen.query(Toast))


async def test_a_notice_has_a_line_of_its_own_while_something_waits_at_any_size() -> None:
    async with deck(stories.waiting_for_two(), size=WIDE) as desk:
        for size in (WIDE, MEDIUM, NARROW):
            await desk.pilot.resize_terminal(*size)
            await desk.shows("y approve")
            await armed(desk)
            desk.deck.notify(
                f"Something happened.\nAnd this is what to do at {size[0]}.", markup=False
            )
            await desk.shows("Something happened.")
            await desk.shows(f"And this is what to do at {size[0]}.")
            await desk.shows("y approve")
            assert toasts(desk) == 0
            assert not desk.drawer.covered
            await desk.press("v")
            await desk.until(lambda: desk.deck.has_class("-whole"))
            await desk.shows(f"And this is what to do at {size[0]}.")
            await desk.shows("y approve")
            await desk.press("v")
            await desk.until(lambda: not desk.deck.has_class("-whole"))


async def test_a_notice_goes_after_its_time_or_by_escape_that_takes_away_nothing_else() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        desk.app.notify("Once.", markup=False, timeout=0.1)
        assert desk.deck.has_class("-noticed")
        await desk.until(lambda: not desk.deck.has_class("-noticed"))
        await desk.until(lambda: "Once." not in desk.screen())
        await desk.press("v")
        desk.app.notify("In the way.", markup=False, timeout=60)
        await desk.shows("In the way.")
        await desk.press("escape")
        await desk.until(lambda: "In the way." not in desk.screen())
        assert desk.deck.has_class("-whole")
        await desk.press("escape")
        await desk.until(lambda: not desk.deck.has_class("-whole"))


async def test_a_toast_comes_down_into_the_line_when_something_begins_to_wait() -> None:
    async with deck([], size=NARROW) as desk:
        desk.deck.notify("a notice", markup=False, timeout=60)
        await desk.until(lambda: toasts(desk) == 1)
        desk.journal.push(*stories.waiting_for_two())
        await desk.shows("Approve? 1 of 2")
        await desk.until(lambda: toasts(desk) == 0)
        await desk.shows("a notice")


async def test_a_toast_over_the_dial_leaves_its_keys_in_sight() -> None:
    async with deck(stories.waiting_for_two(), size=WIDE) as desk:
        for size in (WIDE, MEDIUM):
            await desk.pilot.resize_terminal(*size)
            await desk.press("l")
            desk.app.notify(f"Something else happened at {size[0]}.", markup=False)
            await desk.shows(f"Something else happened at {size[0]}.")
            await desk.shows("escape leaves it as it is")
            await desk.press("escape")
            await desk.until(lambda: desk.app.screen is desk.deck)
            await desk.until(lambda: toasts(desk) == 0)


async def test_what_a_toast_of_somebody_else_covers_does_not_count_as_seen() -> None:
    async with deck([], size=NARROW) as desk:
        desk.journal.push(*stories.waiting_for_two())
        await desk.shows("Approve? 1 of 2")
        App[str].notify(desk.app, "line\n" * 5, markup=False, timeout=60)
        await desk.until(lambda: desk.drawer.covered)
        desk.drawer.guard.restart()
        desk.clock.advance(1)
        await desk.press("y", "n")
        await desk.shows("a notice covers")
        await desk.settled()
        assert desk.sink.sent == []
        desk.app.clear_notifications()
        await desk.until(lambda: not desk.drawer.covered)
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)


async def test_see_it_to_its_end_is_said_until_it_was_seen() -> None:
    async with deck(long_write(80), size=MEDIUM) as desk:
        await armed(desk)
        await desk.press("y")
        await desk.shows("see its end first")
        while not desk.drawer.guard.seen_all:
            await desk.press("pagedown")
            await desk.pilot.pause()
        await desk.until(lambda: "see its end first" not in desk.screen())


async def test_suspending_is_answered_in_words_and_a_paste_in_lines_keeps_every_word() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("ctrl+z")
        await desk.shows("cannot be suspended here")
        await desk.press("enter")
        box = desk.deck.query_one(MessageBox)
        await desk.until(lambda: desk.app.focused is box)
        desk.app.copy_to_clipboard("one\n\ntwo\nthree")
        await desk.press("ctrl+v")
        await desk.until(lambda: box.text == "one\n\ntwo\nthree")
        assert desk.sink.sent == []


async def test_the_complaint_about_a_place_goes_with_a_good_one() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("colon", "x", "enter")
        await desk.shows("Type a step (12)")
        await desk.press("backspace", "2", "enter")
        await desk.until(lambda: "Type a step (12)" not in desk.screen())


async def test_a_damaged_file_is_told_to_whoever_has_an_agent_work_in_it() -> None:
    async def check_up() -> LoopdeckError:
        return DamagedDatabase("a.db is \x1b[31mdamaged.", "Say `loopdeck sessions verify`.")

    async with deck(stories.beginning(), work=True, checkup=check_up) as desk:
        await desk.shows("damaged.")
        await desk.shows("sessions verify")
