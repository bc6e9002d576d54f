"""Home: a goal starts a session, the list opens and resumes the others."""

from dataclasses import replace

from textual import events
from textual.widgets import Input

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.first import First, at_once
from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.help import HelpScreen
from loopdeck.app.panes.lines import OneLine
from loopdeck.errors import JournalError, UnknownModel
from loopdeck.journal.memory import MemoryJournal
from tests.app.homes import Stage, settled
from tests.app.screens import press
from tests.support.clock import FakeClock
from tests.support.libraries import ListedLibrary, NotingHost, summary

THREE = (
    summary("s1", "first", "running"),
    summary("s2", "second", "waiting", pending=1),
    summary("s3", "third", "done"),
)


async def test_sessions_are_listed_as_they_are_seen_now() -> None:
    app = Stage(*THREE, summary("s4", "fourth", "running"), live=frozenset({"s1"}))
    async with app.run_test() as pilot:
        await settled(pilot)
        rows = app.text.split("\n")
        states = ["▶ running", "◐ waiting for you", "✓ done", "✗ crashed"]
        assert [row.startswith(state) for row, state in zip(rows[1:], states, strict=True)] == [
            True
        ] * 4


async def test_r_resumes_what_has_stopped_and_nothing_else() -> None:
    app = Stage(*THREE, live=frozenset({"s1"}))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("down")
        for _ in THREE:
            await pilot.press("r")
            while app.sessions.undecided:
                await pilot.pause(0.02)
            await settled(pilot)
            await pilot.press("down")
        assert app.host.asked == ["resume s2"]
        assert app.shown == ["s2"]
        assert app.messages == [
            "Its agent is at work; enter shows it.",
            "It is done; enter replays it.",
        ]


async def test_what_a_goal_attaches_is_completed() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await settled(pilot)
        goal = app.screen.query_one("#goal", Input)
        goal.value = "Do as @docs"
        await settled(pilot)
        await pilot.press("down", "tab")
        assert goal.value == "Do as @docs:notes://log"
        await pilot.press("enter")
        await settled(pilot)
        assert app.host.asked == ["start Do as @docs:notes://log"]


async def test_an_empty_library_teaches_and_only_a_goal_starts_a_session() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "No sessions yet." in app.text
        assert "loopdeck demo" in app.text
        assert app.focused is app.goal
        await pilot.press("space", "enter")
        await settled(pilot)
        assert app.host.asked == []
        assert app.messages == ["Type what the agent should do, then press enter."]
        app.goal.value = ""
        await press(pilot, *"rest", "enter")
        await settled(pilot)
        assert app.host.asked == ["start rest"]
        assert app.shown == ["rest"]
        assert app.goal.value == ""


async def test_an_error_is_told_with_its_hint_and_the_goal_is_kept() -> None:
    app = Stage()
    app.host.fault = UnknownModel("No key for [/]\x1b x.", "Set ANTHROPIC_API_KEY.")
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"go", "enter")
        await settled(pilot)
        assert app.messages == ["No key for [/]␛ x.\nSet ANTHROPIC_API_KEY."]
        assert app.shown == []
        assert app.goal.value == "go"


async def test_enter_opens_the_session_under_the_cursor_or_tells_a_failure_nobody_expected() -> (
    None
):
    app = Stage(*THREE)
    app.host.fault = ValueError("odd")
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert app.messages == ["That did not work (ValueError): odd.\nThe log file may say more."]
        app.host.fault = None
        app.host.asked.clear()
        await pilot.press("down", "enter")
        await settled(pilot)
        assert app.host.asked == ["open s2"]
        assert app.shown == ["s2"]


async def test_a_library_that_cannot_be_read_is_told_once() -> None:
    app = Stage(*THREE)
    app.library.fault = JournalError("The database is locked.", "Try again.")
    async with app.run_test() as pilot:
        await settled(pilot)
        for _ in range(2):
            await app.push_screen(HomeScreen(ListedLibrary(), app.host))
            await settled(pilot)
            await app.pop_screen()
            await settled(pilot)
        assert app.messages == ["The database is locked.\nTry again."]


async def test_what_changed_is_seen_when_home_comes_back_and_the_cursor_stays() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "down")
        app.library.listed.insert(0, summary("s0", "newest"))
        await app.push_screen(HomeScreen(ListedLibrary(), app.host))
        await app.pop_screen()
        await settled(pilot)
        assert "newest" in app.text
        assert app.sessions.entry is not None
        assert app.sessions.entry.summary.id == "s3"


async def test_the_list_is_read_again_while_it_is_shown() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.library.listed.insert(0, summary("s0", "newest"))
        while "newest" not in app.text:
            await pilot.pause(0.1)


async def test_the_box_has_the_keys_up_from_the_first_line_and_down_from_it_the_list_has() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        assert app.focused is app.goal
        await pilot.press("down")
        assert app.focused is app.sessions
        await pilot.press("up")
        await pilot.pause()
        assert app.focused is app.goal
        await press(pilot, *"rename")
        await settled(pilot)
        assert app.goal.value == "rename"
        assert app.host.asked == []


async def test_a_long_list_scrolls_with_the_cursor() -> None:
    app = Stage(*(summary(f"s{at}", f"goal {at}") for at in range(1_000)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down", "end")
        await pilot.pause()
        assert app.sessions.cursor == 999
        assert app.sessions.scroll_offset.y <= 1_000 < app.sessions.last_visible
        await pilot.press("home")
        await pilot.pause()
        assert app.sessions.cursor == 0
        assert app.sessions.scroll_offset.y == 0


async def test_the_keys_at_the_bottom_are_those_of_the_user_and_of_the_focus() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        await app.push_screen(HomeScreen(app.library, app.host, keys={"resume_session": "g"}))
        await settled(pilot)
        line = app.screen.query_one("#keys", OneLine)
        assert "enter start   ↓ sessions" in plain(line.line_at(0, 76))
        await pilot.press("down")
        await settled(pilot)
        assert "enter open   g resume" in plain(line.line_at(0, 76))


WORDS = ("rename it", "tidy up", "just do it", "keep t", "kick jj", "?why", "thinking")


async def test_words_typed_on_the_list_are_a_goal_and_do_nothing_else() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        theme = app.theme
        for words in WORDS:
            app.goal.value = ""
            await pilot.press("down", "home")
            await press(pilot, "down", *words)
            await settled(pilot)
            assert app.focused is app.goal
            assert app.goal.value == words
            assert (app.host.asked, app.theme, app.sessions.cursor) == ([], theme, 1), words
            assert not app.sessions.undecided


async def test_keys_pressed_alone_on_the_list_are_keys() -> None:
    app = Stage(*THREE)
    async with app.run_test() as pilot:
        await settled(pilot)
        theme = app.theme
        await pilot.press("down", "j", "j", "k", "j", "j")
        assert app.sessions.cursor == 2
        while app.sessions.undecided:
            await pilot.pause(0.02)
        await pilot.press("t")
        while app.theme == theme:
            await pilot.pause(0.02)
        assert app.focused is app.sessions


async def test_a_goal_pasted_in_lines_keeps_every_word_and_too_many_are_refused_in_words() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await settled(pilot)
        app.goal.post_message(events.Paste("x" * 8_001))
        await pilot.pause()
        assert app.goal.value == ""
        assert app.messages == [
            "That is 8,001 characters, and there is room for 8,000. Nothing was pasted."
        ]
        app.goal.post_message(events.Paste("first line\n  second\r\nthird\n"))
        await pilot.pause()
        assert app.goal.value == "first line second third"


async def test_the_help_key_opens_the_help_only_while_the_box_is_empty() -> None:
    host, library = NotingHost(MemoryJournal()), ListedLibrary()
    app = LoopdeckApp(at_once(First(home=lambda: HomeScreen(library, host))), clock=FakeClock())
    async with app.run_test() as pilot:
        while not isinstance(app.screen, HomeScreen):
            await pilot.pause(0.005)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.press("o", "k", "question_mark")
        await pilot.pause()
        assert app.screen.query_one("#goal", Input).value == "ok?"


async def test_a_fork_stands_below_its_parent_and_one_without_says_what_it_is() -> None:
    forks = (("s4", "gone"), ("s3", "s1"))
    made = [replace(summary(name, f"goal {name}"), parent=parent) for name, parent in forks]
    app = Stage(*made, summary("s2", "other"), summary("s1", "root"))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert app.sessions.ids == ["s4", "s1", "s3", "s2"]
        assert "fork: goal s4" in app.text
        assert "└ goal s3" in app.text
