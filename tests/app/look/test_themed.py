"""The app turns through its themes, and follows their files while it runs."""

from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.reactive import Reactive
from textual.widgets import Static

from loopdeck.app.look.themed import ThemedApp
from loopdeck.app.look.themes import ThemeWatcher, theme_dirs

GOOD = (theme_dirs()[0] / "lamplight.toml").read_text("utf-8").replace('"lamplight"', '"mine"')


class Small(ThemedApp[None]):
    CSS = "Static { background: $background; color: $loop-muted; }"

    def compose(self) -> ComposeResult:
        yield Static("words")

    @property
    def ground(self) -> str:
        return self.query_one(Static).styles.background.hex

    @property
    def messages(self) -> list[str]:
        return [note.message for note in self._notifications]


async def until(pilot: Pilot[None], app: Small, ground: str) -> None:
    while app.ground != ground:
        await pilot.pause(0.05)


async def test_it_begins_with_the_default_and_turns_to_the_next() -> None:
    app = Small()
    async with app.run_test() as pilot:
        seen = [app.theme]
        for _ in range(8):
            app.action_next_theme()
            await pilot.pause()
            seen.append(app.theme)
        rest = ["beacon", "frost", "harbour", "linen", "morning", "moss", "orchid"]
        assert seen == ["lamplight", *rest, "lamplight"]
        assert app.messages == []


async def test_files_are_followed_once_the_first_frame_was_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[str] = []

    class Drawn(Static):
        def render(self) -> str:
            order.append("drawn")
            return "words"

    class Watched(Small):
        def compose(self) -> ComposeResult:
            yield Drawn()

    async def follow(_: ThemeWatcher) -> None:
        order.append("followed")

    monkeypatch.setattr(ThemeWatcher, "run", follow)
    async with Watched().run_test() as pilot:
        while "followed" not in order:
            await pilot.pause()
    assert order[0] == "drawn"


async def test_a_theme_can_be_wished_for() -> None:
    app = Small(theme="morning")
    async with app.run_test():
        assert app.theme == "morning"
        assert app.ground == "#FBF9F4"


async def test_a_theme_that_is_not_there_is_told_and_the_default_taken() -> None:
    app = Small(theme="[/]nope")
    async with app.run_test():
        assert app.theme == "lamplight"
        known = "lamplight, beacon, frost, harbour, linen, morning, moss, orchid"
        assert app.messages == [f"There is no theme “[/]nope”.\nKnown are: {known}."]


@pytest.mark.parametrize(("named", "shown"), [("morning", "morning"), ("nowhere", "lamplight")])
async def test_a_theme_that_the_environment_names_is_taken_if_it_is_there(
    named: str, shown: str
) -> None:
    class Named(Small):
        theme = Reactive(named)

    app = Named()
    async with app.run_test():
        assert app.theme == shown
        assert app.ground == {"morning": "#FBF9F4", "lamplight": "#14161A"}[shown]
        assert bool(app.messages) is (named != shown)


async def test_our_screens_also_work_in_themes_of_others() -> None:
    app = Small(theme="nord")
    async with app.run_test():
        assert app.theme == "nord"
        assert app.query_one(Static).styles.color.hex != app.ground


async def test_a_changed_file_changes_the_screen_and_a_broken_one_leaves_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD)
    app = Small(themes=theme_dirs(tmp_path), theme="mine")
    async with app.run_test() as pilot:
        assert app.ground == "#14161A"
        ground = 10
        while app.ground == "#14161A":  # the watch begins at a moment of its own
            ground += 1
            file.write_text(GOOD.replace("#14161a", f"#1010{ground}"))
            await pilot.pause(0.3)
        file.write_text(GOOD.replace("#14161a", "[/]bad"))
        while not app.messages:
            await pilot.pause(0.05)
        assert "colours.background is not a colour: “[/]bad”" in app.messages[0]
        assert app.ground.startswith("#1010")
        file.write_text(GOOD.replace("#14161a", "#202020"))
        await until(pilot, app, "#202020")
        assert len(app.messages) == 1


async def test_the_palette_takes_the_colours_of_another_theme_while_it_is_open() -> None:
    app = Small(theme="lamplight")
    async with app.run_test() as pilot:
        app.action_command_palette()
        await pilot.pause()
        words = app.screen.query_one("CommandInput").styles
        was = words.color
        app.theme = "morning"
        await pilot.pause()
        assert words.color != was
        assert words.color.hex == app.theme_variables["foreground"].upper()
