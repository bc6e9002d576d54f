"""The files and the chart of a session, with real keys, at every size and at any moment."""

from collections.abc import Sequence

import pytest

from loopdeck.app.panes.chart import ChartScreen
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.touched import FilesScreen
from loopdeck.session.events import CallFinished, CallJudged, CallStarted, Event
from loopdeck.session.values import Category, Decision, JsonObject
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories

ONE = "--- /dev/null\n+++ b/notes.md\n@@ -0,0 +1,2 @@\n+one\n+two\n"
TWO = "--- a/notes.md\n+++ b/notes.md\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
ELSEWHERE = "--- a/notes.md\n+++ b/notes.md\n@@ -1,2 +1,2 @@\n one\n-nothing like it\n+four\n"


def wrote(call_id: str, diff: str, path: str = "notes.md") -> list[Event]:
    """A file tool that changed a file."""
    *before, end = stories.ran(call_id, "written", 7, diff=diff)
    assert isinstance(end, CallFinished)
    return [*before, end.model_copy(update={"files": (path,)})]


def ran(call_id: str, facts: JsonObject) -> list[Event]:
    """A command with these facts."""
    return [
        CallJudged(
            call_id=call_id,
            verdict=Decision.ALLOW,
            category=Category.WRITE,
            level=4,
            rule="",
            facts=facts,
        ),
        CallStarted(call_id=call_id),
        CallFinished(call_id=call_id, ok=True, output="done", duration_ms=1200),
    ]


def changing(*diffs: str) -> list[Event]:
    """A session that changes one file so often, and then runs two commands."""
    events = stories.beginning()
    for at, diff in enumerate(diffs):
        call = (f"w{at}", "write_file", {"path": "notes.md"})
        events += [*stories.turn(5 + at, "Write.", call), *wrote(f"w{at}", diff)]
    step = 5 + len(diffs)
    build, run = {"command": "make > log.txt"}, {"command": "python3 go.py"}
    calls = (("s1", "shell", build), ("s2", "shell", run))
    return [
        *events,
        *stories.turn(step, "Build, run.", *calls),
        *ran("s1", {"writes": ["log.txt"]}),
        *ran("s2", {"runs_code": True}),
    ]


async def opened(desk: Desk, key: str) -> None:
    """Press a key, and wait until its screen has read the session and summed up."""
    await desk.press(key)
    await desk.until(lambda: isinstance(desk.app.screen, (FilesScreen, ChartScreen)))
    await desk.until(lambda: "Reading the session" not in desk.screen())
    await desk.until(lambda: "… " not in desk.screen().split("─ ")[0])
    await desk.pilot.pause()


async def summed(desk: Desk, *words: str) -> None:
    """Wait until a row of the list says all of this."""
    await desk.until(lambda: any(all(one in row for one in words) for row in rows(desk)))


def rows(desk: Desk) -> Sequence[str]:
    """The lines of the screen."""
    return desk.screen().split("\n")


async def test_what_is_not_recorded_is_said_and_what_does_not_fit_is_shown_one_by_one() -> None:
    async with deck(changing(ONE, ELSEWHERE)) as desk:
        await opened(desk, "c")
        await summed(desk, "~ changed", "log.txt", "not recorded", "7")
        await desk.shows("a command in step 7 changed it: what it wrote there is not in the log")
        await desk.shows("1 command ran code (step 7): which other files")
        await summed(desk, "notes.md", "see each")
        await desk.press("down")
        await desk.shows("something else changed it in between")
        await desk.shows("+ two")
        await desk.press("tab", "end")


async def test_enter_goes_to_the_moment_of_the_chosen_touch_or_step() -> None:
    async with deck(changing(ONE, TWO), accepts=False) as desk:
        await opened(desk, "c")
        await desk.press("down", "left", "enter")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.until(lambda: not desk.deck.scene.at_end)
        loop = desk.deck.query_one(LoopPane)
        await desk.until(lambda: loop.row is not None and loop.row.ref == "w0")
        await desk.shows("PAST  step 5 of 7")
        await opened(desk, "g")
        await desk.press("home", "down", "enter")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.shows("PAST  step 2 of 7")


async def test_in_the_past_nothing_later_is_known() -> None:
    async with deck(changing(ONE, TWO), accepts=False) as desk:
        await desk.press("left", "left")
        await desk.until(lambda: not desk.deck.scene.at_end)
        await opened(desk, "c")
        await desk.shows("Files touched · PAST, up to step 5 of 7")
        await summed(desk, "+ new", "notes.md", "2 lines", "5")
        assert "log.txt" not in desk.screen()
        await desk.shows("2 + two")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await opened(desk, "g")
        await desk.shows("    5  ")
        assert not any(row.startswith("│    6  ") for row in rows(desk))


async def test_the_screens_grow_with_a_running_session() -> None:
    async with deck(changing(ONE)) as desk:
        await opened(desk, "g")
        await desk.shows("    6  ")
        desk.journal.push(*stories.turn(7, "More.", ("w9", "write_file", {"path": "new.md"})))
        await desk.shows("    7  ")
        desk.journal.push(*stories.asked("w9", None))
        desk.clock.advance(3_600 * 24 * 365 * 90)
        await desk.until(lambda: "░ you 0 s" not in desk.screen())
        await desk.press("g")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await opened(desk, "c")
        desk.journal.push(*wrote("w9", ONE.replace("notes", "new"), "new.md"))
        await summed(desk, "+ new", "new.md", "2 lines", "7")


async def test_before_anything_happened_both_say_so() -> None:
    async with deck(changing(ONE), accepts=False) as desk:
        await desk.press("home")
        await desk.until(lambda: not desk.deck.scene.at_end)
        await desk.press("c")
        await desk.shows("No file was read or changed up to this moment.")
        await desk.press("enter", "left", "d", "escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.press("g")
        await desk.shows("No step has begun at this moment.")
        await desk.press("enter")
        assert isinstance(desk.app.screen, ChartScreen)


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_both_at_every_size(size: tuple[int, int]) -> None:
    async with deck(changing(ONE, TWO), size=size) as desk:
        await opened(desk, "c")
        await summed(desk, "+ new", "notes.md", "2 lines")
        await desk.press("down")
        await desk.shows("wrote in 5  ▸wrote in 6")
        await desk.shows("2 + three")
        assert "+ two" not in desk.screen()
        await desk.press("tab", "pageup", "shift+tab")
        hold(desk.app, "files")
        await desk.press("c")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await opened(desk, "g")
        await desk.shows("cost so far")
        hold(desk.app, "chart")


async def test_the_chart_of_a_long_session_opens_with_its_last_step_in_sight() -> None:
    turns = [event for step in range(5, 40) for event in stories.turn(step, "On.")]
    async with deck([*stories.beginning(), *turns], accepts=False, size=NARROW) as desk:
        await desk.press("g")
        await desk.until(lambda: isinstance(desk.app.screen, ChartScreen))
        await desk.shows("  39  ")
