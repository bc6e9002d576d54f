"""Home finds sessions and the words inside them, names them and puts them away."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import Key
from textual.keys import _character_to_key as character_to_key  # pyright: ignore[reportPrivateUsage] # names keys as textual does
from textual.pilot import Pilot

from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.attic import AtticScreen
from loopdeck.app.panes.choosing import ChoiceList
from loopdeck.app.panes.sure import SureScreen
from loopdeck.errors import JournalError
from loopdeck.journal.archive import Archive
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports.search import Hit
from loopdeck.session.events import HumanMessage
from loopdeck.session.summary import Label
from tests.app.homes import Stage, settled, until
from tests.app.screens import press
from tests.journal.conformance import session
from tests.journal.keeping import keep
from tests.support.records import recording, started

GOALS = ("mend the parser", "draft a letter", "mend the lamp")


@asynccontextmanager
async def home(tmp_path: Path, *goals: str) -> AsyncGenerator[tuple[Stage, Pilot[None]]]:
    """Home over a real database with these sessions, `s0` the oldest of them."""
    async with await SqliteJournal.open(tmp_path / "a.db") as journal:
        for at, goal in enumerate(goals):
            said = HumanMessage(text=f"Mind the \x1b[31mostrich{at} \x07 and the lamp")
            records = recording([started(goal=goal), said], session=f"s{at}")
            await keep(journal, records, at_once=9)
        app = Stage(journal=journal)
        async with app.run_test(size=(100, 24)) as pilot:
            await settled(pilot)
            await pilot.press("down")
            yield app, pilot


def kept(app: Stage) -> SqliteJournal:
    """The database."""
    assert app.journal is not None
    return app.journal


async def typed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys and wait until their work is done."""
    await press(pilot, *keys)
    await settled(pilot)


async def test_every_letter_narrows_the_list_down(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await press(pilot, "ctrl+f", *"mend")
        await until(pilot, lambda: app.sessions.ids == ["s2", "s0"])
        await press(pilot, *" par")
        await until(pilot, lambda: app.sessions.ids == ["s0"])
        await until(pilot, lambda: "1 of 3" in str(app.sessions.border_subtitle))
        await typed(pilot, "enter")
        assert app.host.asked == ["open s0"]
        await pilot.press("escape")
        await until(pilot, lambda: app.sessions.ids == ["s2", "s1", "s0"])
        assert app.focused is app.sessions


async def test_a_find_begun_and_typed_in_one_breath_loses_no_letter(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        for letter in "/letter":
            app.sessions.post_message(Key(character_to_key(letter), letter))
        await until(pilot, lambda: app.find.value == "letter")
        await until(pilot, lambda: app.sessions.ids == ["s1"])


async def test_what_no_line_says_is_looked_for_inside_and_replayed_from_there(
    tmp_path: Path,
) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await press(pilot, "ctrl+f", *"ostric")
        await until(pilot, lambda: app.screen.has_class("-inside") and app.hits.count == 3)
        row = plain(app.hits.row(0, 90))
        assert "mend the lamp" in row
        assert "ostrich2 ␇ and" in row
        await typed(pilot, "enter")
        assert app.host.asked == ["open s2 at 2"]
        assert app.opened[-1].sought == "ostric"


async def test_tab_turns_between_the_sessions_and_the_places_inside(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await press(pilot, "ctrl+f", *"lamp")
        await until(pilot, lambda: "1 of 3 · 4 inside" in str(app.sessions.border_subtitle))
        assert not app.screen.has_class("-inside")
        await typed(pilot, "tab", "down", "down", "down")
        assert app.hits.hit is not None
        assert (app.hits.hit.session, app.hits.hit.seq) == ("s1", 2)
        await pilot.press("s")
        await until(pilot, lambda: app.find.value == "lamps" and not app.hits.count)
        assert "Nobody said that." in plain(app.hits.line_at(0, 80))
        await typed(pilot, "escape")
        assert not app.screen.has_class("-inside")
        assert app.goal.display


async def test_what_was_recorded_meanwhile_is_found(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await keep(kept(app), session("s9", goal="catch the heron"))
        await app.push_screen(SureScreen(app.clock, "", ()))
        await app.pop_screen()
        await settled(pilot)
        await press(pilot, "ctrl+f", *"heron", "tab")
        await until(pilot, lambda: [hit.session for hit in app.hits.hits] == ["s9"])


async def test_a_search_that_cannot_be_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):

        async def broken(_text: str, *, limit: int) -> list[Hit]:
            del limit
            raise JournalError("No index here.", "Use another Python.")

        monkeypatch.setattr(kept(app).index, "search", broken)
        await press(pilot, "ctrl+f", *"me")
        await until(pilot, lambda: app.messages[-1:] == ["No index here.\nUse another Python."])
        await until(pilot, lambda: app.sessions.ids == ["s2", "s0"])


async def test_only_what_can_be_seen_is_read(tmp_path: Path) -> None:
    async with home(tmp_path, *(f"goal {at}" for at in range(180))) as (app, pilot):
        assert len(app.sessions.known) < 120
        await typed(pilot, "end")
        assert app.sessions.cursor == 179
        await until(pilot, lambda: "goal 0" in plain(app.sessions.line_at(180, 90)))
        assert app.sessions.entry is not None


async def test_a_name_and_tags_are_given_and_taken_away(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await typed(pilot, "down", "f2", *"my", "enter")
        await typed(pilot, "number_sign", *"ci b", "enter")
        lines = await kept(app).lines(["s1"])
        assert lines["s1"].label == Label("my", ("ci", "b"))
        await until(pilot, lambda: "my #ci #b" in app.text)
        assert app.focused is app.sessions
        await typed(pilot, "f2", *["backspace"] * 2, "enter")
        assert (await kept(app).lines(["s1"]))["s1"].title == "draft a letter"
        await typed(pilot, "f2", *"no", "escape")
        assert (await kept(app).lines(["s1"]))["s1"].title == "draft a letter"


async def test_a_name_that_is_too_long_is_told_and_can_be_mended(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await typed(pilot, "f2")
        app.label_box.value = "x" * 300
        await typed(pilot, "enter")
        assert "at most 200 characters" in app.messages[-1]
        assert app.focused is app.label_box


async def test_a_session_is_deleted_only_after_a_yes(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        for answer in ("escape", "n"):
            await pilot.press("delete")
            await pilot.pause()
            assert isinstance(app.screen, SureScreen)
            await typed(pilot, answer)
        assert await kept(app).ids() == ["s2", "s1", "s0"]
        await pilot.press("delete")
        await pilot.pause()
        app.clock.advance(1.0)
        await pilot.press("y")
        while len(app.screen_stack) > 2:
            await pilot.pause(0.02)
        await until(pilot, lambda: app.sessions.ids == ["s1", "s0"])
        assert "a on the list shows" in app.messages[-1]
        assert (tmp_path / "a.db.archive" / "s2.jsonl").exists()


async def test_what_is_in_the_archive_is_shown_and_brought_back(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        await app.screen.run_action("press('archive')")
        await until(pilot, lambda: "nothing in the archive" in " ".join(app.messages))
        await kept(app).relabel("s1", Label("lamps", ("home",)))
        for session in ("s0", "s1"):
            await Archive(kept(app), kept(app).path).put_away(session)
        await app.screen.run_action("press('archive')")
        await until(pilot, lambda: isinstance(app.screen, AtticScreen))
        shown = app.screen.query_one(ChoiceList)
        lines = [plain(shown.line_at(at, 60)).split()[-3:] for at in (1, 2)]
        assert lines == [GOALS[0].split(), ["now", "lamps", "#home"]]
        await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, lambda: sorted(app.sessions.ids) == ["s1", "s2"])
        assert app.messages[-1] == "It is back: lamps"


async def test_the_archive_is_sifted_and_one_of_it_deleted_for_good(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        archive = Archive(kept(app), kept(app).path)
        for session in ("s0", "s1"):
            await archive.put_away(session)
        await app.screen.run_action("press('archive')")
        await until(pilot, lambda: isinstance(app.screen, AtticScreen))
        shown = app.screen.query_one(ChoiceList)
        await typed(pilot, "/", *"nowhere")
        await until(pilot, lambda: shown.count == 0)
        assert "has these words" in plain(shown.line_at(0, 60))
        await typed(pilot, "enter", "D", "enter")  # nothing is chosen, and nothing happens
        assert isinstance(app.screen, AtticScreen)
        await typed(pilot, "/", "escape")
        await until(pilot, lambda: shown.count == 2)
        await typed(pilot, "/", *GOALS[0], "enter")
        await until(pilot, lambda: shown.count == 1)
        for answer in ("n", "y"):
            await typed(pilot, "D")
            await until(pilot, lambda: isinstance(app.screen, SureScreen))
            app.clock.advance(1.0)
            await typed(pilot, answer)
            if answer == "n":
                assert len(archive.sessions()) == 2
                await app.screen.run_action("press('archive')")
                await until(pilot, lambda: isinstance(app.screen, AtticScreen))
                await typed(pilot, "/", *GOALS[0], "enter")
        await until(pilot, lambda: [one.id for one in archive.sessions()] == ["s1"])
        await until(pilot, lambda: isinstance(app.screen, AtticScreen))


async def test_a_live_session_is_not_deleted(tmp_path: Path) -> None:
    async with home(tmp_path, *GOALS) as (app, pilot):
        kept(app).claim("s2")
        await typed(pilot, "delete")
        assert app.messages == ["Its agent is at work: stop it first."]
        assert len(await kept(app).ids()) == 3
