"""The result pane: colours that come late, a tree under the keys, the style of a diff."""

from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.result import ResultPane
from loopdeck.session.events import CallFinished, CallOutput, Event
from tests.app.screens import HUGE, MEDIUM, Desk, deck
from tests.support import stories

CHANGE = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"


def ending_in(output: str, *, path: str = "a.py", diff: str = "") -> list[Event]:
    """A session whose last call read this."""
    *before, end = stories.ran("c7", output, 3, diff=diff)
    assert isinstance(end, CallFinished)
    call = ("c7", "read_file", {"path": path})
    return [*stories.beginning(), *stories.turn(5, "Look.", call), *before, end]


def pane(desk: Desk) -> ResultPane:
    """The pane."""
    return desk.deck.query_one(ResultPane)


def inks(desk: Desk) -> set[str]:
    """Every ink on the pane."""
    return {part.ink for line in pane(desk).lines for part in line}


def beside(desk: Desk) -> bool:
    """True where the old line and the new one stand on one row."""
    return any("1 - a" in row and "1 + a" in row for row in desk.screen().split("\n"))


async def test_a_file_gets_its_colours_and_no_line_moves() -> None:
    async with deck(ending_in("     1\tdef f():\n     2\t    return 'x'")) as desk:
        await desk.until(lambda: {"word", "string"} <= inks(desk))
        await desk.shows("2      return 'x'")
        await desk.press("up", "down")
        await desk.until(lambda: {"word", "string"} <= inks(desk))


async def test_a_tree_folds_under_the_keys_of_its_pane() -> None:
    async with deck(ending_in('{"one": {"two": 2}, "three": 3}', path="a.json")) as desk:
        await desk.shows("two  2")
        pane(desk).focus()
        await desk.press("down", "left")
        await desk.shows("▸ one")
        assert "two  2" not in desk.screen()
        await desk.press("right", "right")
        await desk.shows("two  2")
        await desk.press("left", "left")
        assert "▸ one" in desk.screen()
        assert desk.deck.scene.at_end
        await desk.press("left", "enter")
        await desk.shows("▸ {2 keys}")


async def test_without_a_tree_the_keys_move_the_playhead_as_everywhere() -> None:
    async with deck(ending_in("words")) as desk:
        pane(desk).focus()
        await desk.press("left")
        await desk.until(lambda: not desk.deck.scene.at_end)


async def test_another_result_begins_as_trees_begin() -> None:
    async with deck(ending_in('{"one": {"two": 2}}')) as desk:
        await desk.shows("two  2")
        pane(desk).focus()
        await desk.press("enter")
        await desk.shows("▸ {1 key}")
        desk.deck.query_one("#loop").focus()
        await desk.press("up", "down")
        await desk.shows("two  2")


async def test_d_turns_the_diff_where_there_is_room_and_says_why_not_elsewhere() -> None:
    async with deck(ending_in("done", diff=CHANGE), size=HUGE) as desk:
        await desk.shows("1 - a = 1")
        await desk.press("d")
        await desk.shows("Side by side needs 100 columns")
        pane(desk).focus()
        await desk.press("f11", "d")
        await desk.shows("1 - a = 1")
        await desk.until(lambda: beside(desk))
        await desk.press("d")
        await desk.until(lambda: not beside(desk))


async def test_d_says_that_there_is_no_diff() -> None:
    async with deck(ending_in("words")) as desk:
        await desk.press("d")
        await desk.shows("There is no diff here.")


async def test_a_command_at_work_is_followed_until_its_reader_scrolls() -> None:
    *before, _end = ending_in("")

    async def ticks(desk: Desk, *, first: int, last: int) -> None:
        for n in range(first, last + 1):
            desk.journal.push(CallOutput(call_id="c7", stream="stdout", text=f"tick {n}.\n"))
        await desk.until(lambda: any(plain(line) == f"tick {last}." for line in pane(desk).lines))

    async with deck(before, size=MEDIUM) as desk:
        await ticks(desk, first=1, last=40)
        await desk.shows("tick 40.")
        pane(desk).focus()
        await desk.press("pageup")
        stays = pane(desk).scroll_target_y
        await ticks(desk, first=41, last=60)
        assert pane(desk).scroll_target_y == stays
        assert "tick 60." not in desk.screen()
        pane(desk).scroll_end(animate=False, immediate=True)
        await ticks(desk, first=61, last=80)
        await desk.shows("tick 80.")
        end = "".join(f"tick {n}.\n" for n in range(1, 81))
        desk.journal.push(CallFinished(call_id="c7", ok=True, output=end, duration_ms=9_000))
        await desk.shows("tick 1.")
        assert pane(desk).scroll_target_y == 0
