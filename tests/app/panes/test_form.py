"""A server's form in the drawer, filled in with real keys, at three sizes."""

import pytest

from loopdeck.app.panes.form import FormScreen
from loopdeck.session.commands import Answer
from loopdeck.session.events import Event, HumanCalled
from loopdeck.session.forms import FormField, filled, typed
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories
from tests.support.servers import EVIL

FORM = (
    FormField(name="sure", kind="boolean", required=True, words=f"Is it right? {EVIL}"),
    FormField(name="copies", kind="integer", required=True, least=1, most=9),
    FormField(name="size", kind="choice", options=("s", "l"), titles=("small", "large")),
    FormField(name="to", form="email", preset="ada@example.org"),
)
TEXT = f"The MCP server shop asks: How shall it be printed? {EVIL}"


def asked() -> list[Event]:
    """A server asks while a call of its tool runs."""
    call = HumanCalled(
        ask_id="f1", kind="question", text=TEXT, options=("decline", "cancel"), form=FORM
    )
    return [*stories.beginning(), call]


async def opened(desk: Desk) -> None:
    """Press enter, and wait for the form."""
    await desk.shows("fill it in")
    await desk.until(lambda: desk.drawer.guard.shown_at is not None)
    await desk.press("enter")
    await desk.settled()
    await desk.until(lambda: isinstance(desk.app.screen, FormScreen))
    await desk.pilot.pause()


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_a_form_is_filled_in_and_sent_by_a_key_alone(size: tuple[int, int]) -> None:
    async with deck(asked(), size=size) as desk:
        await desk.shows("A server asks you to fill in a form")
        await desk.pilot.pause()
        assert "\x1b]52" not in desk.screen()
        hold(desk.app, "form-waits")
        await opened(desk)
        await desk.press("ctrl+s")
        await desk.shows("“sure” has to be filled in: yes or no.")
        await desk.press("space", "tab", "1", "2")
        await desk.shows("“copies” wants a whole number, 1 to 9.")
        await desk.press("backspace", "tab", "right", "space")
        desk.deck.tick()  # the deck's clock goes on behind it
        await desk.pilot.pause()
        hold(desk.app, "form")
        await desk.press("ctrl+s")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.until(lambda: bool(desk.sink.sent))
        (answer,) = desk.sink.sent
        assert isinstance(answer, Answer)
        assert filled(FORM, typed(FORM, answer.text)) == {
            "sure": True,
            "copies": 1,
            "size": "l",
            "to": "ada@example.org",
        }


async def test_a_burst_sends_nothing_escape_goes_back_and_a_digit_declines() -> None:
    async with deck(asked()) as desk:
        await opened(desk)
        await desk.press("space", "tab", "3")
        for key in ("ctrl+s", "x"):  # as a paste that ends with more
            await desk.pilot.press(key)
        await desk.shows("too many keys at once")
        assert isinstance(desk.app.screen, FormScreen)
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        assert desk.sink.sent == []
        desk.clock.advance(1)
        await desk.press("1")
        await desk.settled()
        await desk.until(lambda: bool(desk.sink.sent))
        assert desk.sink.sent == [Answer(ask_id="f1", answer="decline")]


async def test_a_form_of_the_past_or_of_nobody_is_read_only() -> None:
    async with deck(asked(), accepts=False) as desk:
        await desk.shows("still waiting where the recording ends")
        await desk.press("enter")
        await desk.pilot.pause()
        assert desk.app.screen is desk.deck
