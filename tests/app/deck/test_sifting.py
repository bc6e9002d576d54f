"""Only some rows of the loop: what passes at which moment, with real keys."""

from loopdeck.app.paint.filters import filter_words
from loopdeck.app.panes.loop import LoopPane
from loopdeck.app.panes.sieve import SieveScreen
from loopdeck.app.view.filtering import Filter, Known, Shown
from loopdeck.session.events import CallAsked, CallFinished, CallStarted, Event
from loopdeck.session.outline import Outline
from loopdeck.session.records import mark
from loopdeck.session.timeline import Timeline
from loopdeck.session.values import Category
from tests.app.screens import NARROW, Desk, deck
from tests.support import stories
from tests.support.records import recording

NOTHING = Known({}, {})


def failing() -> list[Event]:
    """Two steps after the beginning; a call of the first one fails later, in the second."""
    return [
        *stories.beginning(),
        *stories.turn(5, "Try.", ("f1", "shell", {"command": "make"})),
        CallStarted(call_id="f1"),
        CallFinished(call_id="f1", ok=False, output="no rule to make target", exit_code=2),
        *stories.turn(6, "Write it.", ("w1", "write_file", {"path": "a.md", "content": "x"})),
        *stories.asked("w1", None),
        stories.approved("w1"),
        CallStarted(call_id="w1"),
        CallFinished(call_id="w1", ok=True, output="written"),
    ]


def shown(filter_: Filter, known: Known = NOTHING, *, back: int = 0) -> list[tuple[str, int]]:
    """Kind and step of the rows that pass, so many events before the end."""
    records = recording(failing())
    marks = [line for record in records if (line := mark(record))]
    found = Shown()
    found.only(filter_, known)
    found.show(Outline(marks), Timeline(marks), len(records) - back)
    return [(row.kind, row.step) for row in found.rows]


def test_an_error_passes_from_the_moment_it_happened_under_its_step() -> None:
    assert ("call", 5) in shown(Filter("errors"))
    ends = len(failing())
    failed = next(at for at, event in enumerate(failing(), 1) if "no rule" in repr(event))
    assert ("call", 5) in shown(Filter("errors"), back=ends - failed)
    assert ("call", 5) not in shown(Filter("errors"), back=ends - failed + 1)
    assert shown(Filter("errors")).count(("step", 5)) == 1
    assert ("step", 6) not in shown(Filter("errors"))


def test_what_was_asked_passes_with_its_answer() -> None:
    rows = shown(Filter("asked"))
    assert rows == [("step", 6), ("call", 6), ("answer", 6)]
    asked = next(at for at, event in enumerate(failing(), 1) if isinstance(event, CallAsked))
    assert shown(Filter("asked"), back=len(failing()) - asked + 1) == []


def test_writes_and_tools_pass_as_soon_as_they_are_known() -> None:
    known = Known({"w1": "write_file", "f1": "shell"}, {"w1": Category.WRITE})
    assert shown(Filter("writes")) == []
    assert shown(Filter("writes"), known) == [("step", 6), ("call", 6), ("answer", 6)]
    assert shown(Filter("tool", "shell"), known) == [("step", 5), ("call", 5)]


async def chosen(desk: Desk, words: str) -> None:
    """Choose a filter by its words, as a person would."""
    await desk.press("o")
    await desk.until(lambda: isinstance(desk.app.screen, SieveScreen))
    await desk.shows(words)
    await desk.press("home")
    while words not in selected(desk):
        await desk.press("down")
    await desk.press("enter")
    await desk.until(lambda: desk.app.screen is desk.deck)


def selected(desk: Desk) -> str:
    """What the chosen line of the dialog says."""
    screen = desk.app.screen
    assert isinstance(screen, SieveScreen)
    return filter_words(screen.chosen.filter)


async def test_a_chip_says_what_is_shown_and_escape_shows_all_again() -> None:
    async with deck(failing(), accepts=False) as desk:
        await chosen(desk, "only asked")
        await desk.shows("Loop ▸ only asked (1) · esc clears")
        await desk.shows("write_file")
        assert "list_files" not in desk.screen()
        await desk.press("escape")
        await desk.shows("list_files")
        assert "esc clears" not in desk.screen()


async def test_steps_keep_to_the_rows_that_pass() -> None:
    async with deck(failing(), accepts=False) as desk:
        await chosen(desk, "only shell")
        await desk.press("left")
        await desk.shows("PAST  step 5 of 6")
        await desk.press("left")
        await desk.pilot.pause()
        await desk.shows("PAST  step 5 of 6")
        await desk.press("home")
        await desk.shows("Nothing passes this filter up to here.")
        await desk.press("right")
        await desk.shows("PAST  step 5 of 6")


async def test_a_running_session_adds_what_passes() -> None:
    async with deck(failing(), size=NARROW) as desk:
        await chosen(desk, "only read_file")
        await desk.shows("only read_file (")
        desk.journal.push(
            *stories.turn(7, "Look.", ("r9", "read_file", {"path": "late.md"})),
            *stories.ran("r9", "words", 3),
        )
        await desk.shows("late.md")
        assert "make" not in desk.screen()
        assert desk.deck.query_one(LoopPane).point_at("c1")  # it is hidden: the filter goes
        await desk.shows("list_files")


def at_fault(desk: Desk) -> int:
    """The event at which the only call has failed."""
    return next(r.seq for r in desk.journal.records if "no rule to make" in repr(r.event))


async def test_jumps_and_search_keep_to_the_rows_that_pass_and_the_footer_says_so() -> None:
    async with deck(failing(), accepts=False) as desk:
        await chosen(desk, "only errors")
        await desk.shows("▸ only errors: steps, jumps, search keep to it")
        await desk.press("[")
        await desk.shows("There is none that way: only errors.")
        await desk.press("{")
        await desk.until(lambda: desk.deck.scene.position == at_fault(desk))
        await desk.press("slash", *"make", "enter")
        await desk.shows("“make” 2 of 2, only errors")
        await desk.press("escape", "escape", "]")
        await desk.until(lambda: (desk.deck.scene.position or 0) > at_fault(desk))


async def test_a_search_sees_more_once_the_filter_is_gone() -> None:
    async with deck(failing(), accepts=False) as desk:
        await chosen(desk, "only shell")
        await desk.press("slash", *"a.md", "enter")
        await desk.shows("“a.md” is nowhere in it, only shell")
        desk.deck.sieve.open()
        await desk.until(lambda: bool(desk.deck.scene.find and desk.deck.scene.find.hits))
