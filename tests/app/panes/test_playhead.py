"""The mouse on the bar: a press goes there, a drag takes the playhead along, a release lets go."""

from loopdeck.app.paint.bar import track_cells
from loopdeck.app.panes.playhead import PlayheadBar
from loopdeck.session.events import SessionEnded
from tests.app.screens import deck
from tests.support import stories


async def test_the_playhead_is_dragged_along_the_track_and_the_track_keeps_its_size() -> None:
    story = [*stories.beginning(), SessionEnded(outcome="stopped")]
    async with deck(story, accepts=False) as desk:
        bar = desk.deck.query_one(PlayheadBar)
        size = track_cells(desk.deck.scene, bar.cells)
        await desk.pilot.mouse_down("#bar", offset=(size // 2, 0))
        await desk.until(lambda: desk.deck.scene.position is not None)
        middle = desk.deck.scene.position or 0
        assert abs(middle - len(story) / 2) < 3
        assert desk.screen().splitlines()[-1].index("●") == size
        await desk.pilot.hover("#bar", offset=(2, 0))
        await desk.until(lambda: (desk.deck.scene.position or 99) < 3)
        await desk.pilot.hover("#loop", offset=(size + 20, 0))
        await desk.until(lambda: desk.deck.scene.position is None)
        await desk.pilot.mouse_up("#bar", offset=(size, 0))
        await desk.pilot.hover("#bar", offset=(4, 0))
        await desk.pilot.pause()
        assert desk.deck.scene.position is None


async def test_a_press_beside_the_track_moves_nothing() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.pilot.click("#bar", offset=(110, 0))
        await desk.pilot.hover("#bar", offset=(4, 0))
        await desk.pilot.pause()
        assert desk.deck.scene.position is None
