"""Every screen over the deck at every size a terminal has, without leaving it."""

from rich.cells import cell_len

from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.panes.editing import EditScreen
from loopdeck.app.panes.small import TooSmall
from loopdeck.session.calls import CallView
from loopdeck.session.events import Event, SessionStarted
from tests.app.deck.test_answering import armed
from tests.app.pictures import hold
from tests.app.screens import Desk, deck
from tests.support import stories

SIZES = [(60, 20), (80, 24), (100, 30), (120, 36), (200, 50), (300, 80)]
DIALOGS = [
    ("level", "How much it may do"),
    ("grants", "tanding permissions"),
    ("explain", "Why it asks"),
    ("ladder", "for how far?"),
    ("edit", "then approve"),
    ("app.help", "Keys"),
    ("app.command_palette", ""),
    ("files", ""),
    ("chart", ""),
]
WIDE_GOAL = (
    "Räume 漢字の部屋 auf 👩\u200d💻 und schreibe ein Ergebnis mit 한국어, damit es breit genug ist"
)


def story() -> list[Event]:
    """The story with a goal of wide letters."""
    events = stories.waiting_for_two()
    first = events[0]
    assert isinstance(first, SessionStarted)
    return [first.model_copy(update={"goal": WIDE_GOAL}), *events[1:]]


async def show(desk: Desk, action: str) -> None:
    """Open a screen over the deck."""
    call = desk.drawer.item
    assert isinstance(call, CallView)
    match action:
        case "ladder":
            desk.deck.permissions.climb(call)
        case "edit":
            await desk.app.push_screen(EditScreen(desk.clock, call, {}))
        case _:
            await desk.deck.run_action(action if "." in action else f"press('{action}')")


def is_straight(screen: str, width: int) -> list[str]:
    """The lines in which something stands beyond the edge, or whose frame is crooked."""
    lines = screen.split("\n")
    long = [line for line in lines if cell_len(line) > width]
    framed = [line for line in lines if line.startswith(("│", "╭", "╰"))]
    return long + [line for line in framed if cell_len(line) != width]


async def test_each_screen_over_the_deck_lives_through_every_size() -> None:
    async with deck(story(), size=SIZES[2]) as desk:
        await armed(desk)
        for action, title in DIALOGS:
            await show(desk, action)
            await desk.until(lambda: not isinstance(desk.app.screen, DeckScreen))
            dialog = desk.app.screen
            for width, height in SIZES:
                await desk.pilot.resize_terminal(width, height)
                await desk.pilot.pause()
                screen = desk.screen()
                assert desk.app.screen is dialog, (action, width)
                assert title in screen, (action, width)
                assert not [one for one in screen.split("\n") if cell_len(one) > width], action
            await desk.press("escape")
            await desk.until(lambda: isinstance(desk.app.screen, DeckScreen))


async def test_the_deck_is_straight_at_every_size_with_wide_letters_in_it() -> None:
    async with deck(story(), size=SIZES[2]) as desk:
        await armed(desk)
        for width, height in (*SIZES, *reversed(SIZES)):
            await desk.pilot.resize_terminal(width, height)
            await desk.pilot.pause()
            await desk.until(lambda size=(width, height): not is_straight(desk.screen(), size[0]))


async def test_the_message_box_and_what_is_typed_live_through_every_size() -> None:
    async with deck(story(), size=SIZES[2]) as desk:
        await armed(desk)
        await desk.press("enter", *"/le")
        for width, height in SIZES:
            await desk.pilot.resize_terminal(width, height)
            await desk.shows("/level [1-5]")
            assert desk.deck.messages.box.text == "/le"


async def test_a_terminal_that_is_too_small_says_so_and_comes_back() -> None:
    async with deck(story(), size=SIZES[2]) as desk:
        for size in ((59, 20), (80, 19), (20, 6)):
            await desk.pilot.resize_terminal(*size)
            await desk.until(lambda: isinstance(desk.app.screen, TooSmall))
            await desk.pilot.pause()
            hold(desk.app, "small")
        await desk.pilot.resize_terminal(60, 20)
        await desk.until(lambda: isinstance(desk.app.screen, DeckScreen))
