"""The list of themes over the deck: each is seen at once, and escape gives the old one back."""

from loopdeck.app.keys.slash import Typed, read
from loopdeck.app.panes.themes import ThemesScreen
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories


async def opened(desk: Desk) -> None:
    """Open it as a message does, and the palette: by what its line in the table runs."""
    typed = read("/theme")
    assert isinstance(typed, Typed)
    await desk.deck.run_action(typed.slash.action)
    await desk.until(lambda: isinstance(desk.app.screen, ThemesScreen))
    await desk.pilot.pause()


async def test_the_theme_under_the_cursor_is_seen_and_kept_or_given_back() -> None:
    async with deck(stories.beginning(), accepts=False, size=WIDE) as desk:
        await opened(desk)
        for size in (NARROW, MEDIUM, WIDE):
            await desk.pilot.resize_terminal(*size)
            await desk.pilot.pause()
            await desk.pilot.pause()
            hold(desk.app, "themes")
        await desk.press("down")
        await desk.until(lambda: desk.app.theme == "beacon")
        await desk.press("end")
        await desk.until(lambda: desk.app.theme == "orchid")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        assert desk.app.theme == "lamplight"
        await opened(desk)
        await desk.press("down", "enter")
        await desk.until(lambda: desk.app.screen is desk.deck)
        assert desk.app.theme == "beacon"
