"""All of an output, page by page, with real keys."""

from pathlib import Path

from loopdeck.app.panes.pager import PagerScreen
from loopdeck.session.events import CallFinished, Event
from tests.app.screens import MEDIUM, deck
from tests.support import stories


def said(output: str, full: str = "") -> list[Event]:
    """A session whose last call said this."""
    *before, end = stories.ran("c7", output, 3)
    assert isinstance(end, CallFinished)
    call = ("c7", "shell", {"command": "make"})
    end = end.model_copy(update={"full_output": full})
    return [*stories.beginning(), *stories.turn(5, "Run.", call), *before, end]


async def test_v_shows_all_of_a_long_output_and_home_and_end_go_through_it(tmp_path: Path) -> None:
    path = tmp_path / "shell-a.log"
    path.write_text("".join(f"line {at} \x1b[31mred\n" for at in range(50_000)))
    async with deck(said("the beginning", str(path)), size=MEDIUM) as desk:
        await desk.shows("v shows all of it")
        await desk.press("v")
        await desk.shows("shell · 50,000 lines · ")
        await desk.shows("    1  line 0 ␛[31mred")
        await desk.press("end")
        await desk.shows("50000  line 49999")
        await desk.press("right")
        await desk.until(lambda: "line 49999" not in desk.screen())
        await desk.press("home", "left")
        await desk.shows("    1  line 0")
        await desk.press("v")
        await desk.until(lambda: desk.app.screen is desk.deck)


async def test_where_the_file_is_gone_the_log_is_shown_and_that_is_said() -> None:
    async with deck(said("only this", "gone/shell-b.log"), size=MEDIUM) as desk:
        await desk.shows("only this")
        await desk.press("v")
        await desk.until(lambda: isinstance(desk.app.screen, PagerScreen))
        await desk.shows("The file with all of it is gone. The log has this much.")
        await desk.shows("1  only this")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)


async def test_v_says_that_a_step_has_no_output() -> None:
    async with deck(said("x")[:-4], size=MEDIUM) as desk:
        await desk.press("v")
        await desk.shows("There is no output here.")
