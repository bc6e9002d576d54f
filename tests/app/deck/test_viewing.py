"""The request with the whole screen, and what the drawer says where the dial was turned down."""

from loopdeck.app.panes.payload import Payload
from loopdeck.session.commands import Approve
from loopdeck.session.events import Event, LevelChanged
from loopdeck.session.values import Preview
from tests.app.screens import Desk, deck
from tests.support import stories


def long_write() -> list[Event]:
    """A session that waits to write many lines."""
    diff = "--- /dev/null\n+++ b/long.txt\n@@ -0,0 +1,200 @@\n"
    diff += "".join(f"+line {number}\n" for number in range(1, 201))
    return [
        *stories.beginning(),
        *stories.turn(5, "Long.", ("c7", "write_file", {"path": "long.txt", "content": "…"})),
        *stories.asked("c7", Preview(kind="diff", text=diff)),
    ]


async def armed(desk: Desk) -> None:
    """Wait until the request was painted, and let the 400 ms pass."""
    await desk.until(lambda: desk.drawer.guard.shown_at is not None)
    desk.clock.advance(0.5)


async def test_with_the_whole_screen_end_goes_to_its_end_and_home_to_its_beginning() -> None:
    async with deck(long_write()) as desk:
        await armed(desk)
        payload = desk.deck.query_one(Payload)
        await desk.press("v")
        await desk.until(lambda: desk.app.focused is payload)
        await desk.press("end")
        await desk.shows("line 200")
        await desk.press("home")
        await desk.until(lambda: payload.scroll_offset.y == 0)
        assert desk.deck.scene.at_end, "the playhead has not moved"


async def test_a_level_that_was_turned_down_meanwhile_is_named_and_at_the_first_y_is_off() -> None:
    story = stories.waiting_for_two()
    async with deck([*story, LevelChanged(level=2, by="human")]) as desk:
        await armed(desk)
        await desk.shows("the level is 2 now: a yes counts for what that lets run")
        desk.journal.push(LevelChanged(level=1, by="human"))
        await desk.shows("the level is 1 now, and no tool runs there")
        await desk.press("y")
        await desk.shows("no tool runs at level 1")
        assert desk.sink.sent == []
        desk.journal.push(LevelChanged(level=3, by="human"))
        await desk.until(lambda: "no tool runs there" not in desk.screen())
        await desk.press("y")
        await desk.until(lambda: desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")])
