"""How a new session is to be, chosen on home; earlier goals, and commands."""

from pathlib import Path

import pytest

from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.lines import LineView
from loopdeck.app.panes.wishing import WishScreen
from loopdeck.app.view.wishing import summary, texts_of, wish_of
from loopdeck.cli.kept.wishes import WishBook
from loopdeck.ports.wish import Wish
from loopdeck.session.values import Limits
from tests.app.homes import Stage, settled
from tests.app.screens import press
from tests.support.libraries import summary as line_of

WISH = Wish(
    model="m", level=4, workspace="/shed", check="make test", limits=Limits(steps=50, cost_usd=2.5)
)


def test_a_choice_comes_back_from_its_fields_as_it_was() -> None:
    assert wish_of(texts_of(WISH)) == WISH
    assert (
        summary(WISH)
        == "m · level 4, acts in the sandbox · /shed · 50 steps, $2.5 · check: make test"
    )


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("model", " ", "needs a model"),
        ("level", "6", "from 1 to 5"),
        ("folder", "", "folder"),
        ("steps", "-3", "limit of steps"),
        ("cost", "much", "limit of cost"),
    ],
)
def test_what_is_wrong_with_a_field_is_a_sentence(field: str, text: str, words: str) -> None:
    found = wish_of({**texts_of(WISH), field: text})
    assert isinstance(found, str)
    assert words in found


def test_a_choice_is_remembered_for_its_folder_and_nonsense_is_not_taken(tmp_path: Path) -> None:
    book = WishBook(tmp_path / "wishes.json")
    assert book.recall("/shed") is None
    book.keep(WISH)
    assert book.recall("/shed") == WISH
    assert book.recall("/attic") is None
    (tmp_path / "wishes.json").write_text('{"/shed": {"level": 9}}', "utf-8")
    assert book.recall("/shed") is None


async def test_the_form_chooses_for_the_next_session_and_escape_changes_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert isinstance(app.screen, WishScreen)
        await pilot.press("down", "backspace", "9", "enter")
        await pilot.pause()
        assert isinstance(app.screen, WishScreen)
        await pilot.press("backspace", "2", "enter")
        await pilot.pause()
        assert "level 2" in str(app.goal.border_subtitle)
        await pilot.press("ctrl+o", "x", "escape")
        await press(pilot, *"tidy", "enter")
        await settled(pilot)
        assert app.host.asked == ["start tidy"]
        assert (app.host.chosen.model, app.host.chosen.level) == ("written", 2)


async def test_up_brings_an_earlier_goal_and_down_what_was_being_typed() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"tidy", "enter")
        await settled(pilot)
        app.goal.focus()
        await press(pilot, *"new", "up")
        assert app.goal.value == "tidy"
        await pilot.press("down")
        assert app.goal.value == "new"


async def test_a_goal_with_a_slash_is_a_command_or_a_sentence_and_starts_nothing() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.goal.value = "/pause"
        await pilot.press("enter")
        await pilot.pause()
        assert "/pause works in a session." in app.messages[-1]
        app.goal.value = "/theme morning"
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "morning"
        assert app.host.asked == []


async def test_a_command_typed_at_home_is_offered_completed_and_done() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("slash", "f", "i")
        offered = app.screen.query_one("#slashes", LineView)
        assert "/find [WORDS]" in plain(offered.line_at(0, 76))
        await press(pilot, "tab", *"lamp")
        assert app.goal.value == "/find lamp"
        await pilot.press("enter")
        assert (app.goal.value, app.find.value, app.focused) == ("", "lamp", app.find)
        await pilot.press("escape", "shift+tab", "slash", "o", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, WishScreen)


async def test_the_palette_has_all_that_home_can_do() -> None:
    app = Stage(line_of("s1", "first"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, HomeScreen)
        offered = {command.title: command.callback for command in app.screen.palette()}
        for words in ("Open the session", "Resume it", "Give it a name", "Delete it", "/theme"):
            assert any(title.startswith(words) for title in offered)
        name = next(title for title in offered if title.startswith("Give it a name"))
        await offered[name]()
        await pilot.pause()
        assert app.focused is app.label_box
