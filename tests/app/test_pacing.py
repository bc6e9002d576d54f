"""What a key changed is painted as soon as nothing else is to be done; the rest waits its turn."""

import pytest
from textual.app import ComposeResult
from textual.events import Key
from textual.pilot import Pilot
from textual.timer import Timer
from textual.widgets import Static

from loopdeck.app import pacing
from loopdeck.app.listening import ListeningApp
from loopdeck.app.pacing import PacedScreen

HOUR_S = 3_600.0


class Shown(PacedScreen[None]):
    """Shows the last key, and a count of what happened without one."""

    def compose(self) -> ComposeResult:
        """Two lines."""
        yield Static("none", id="key")
        yield Static("0", id="count")

    def on_key(self, event: Key) -> None:
        """Show it."""
        self.query_one("#key", Static).update(event.key)

    @property
    def waits(self) -> bool:
        """Whether something has changed that is not on the screen."""
        return bool(self._dirty_widgets)


class Typed(ListeningApp[None]):
    """One screen."""

    def get_default_screen(self) -> Shown:
        """The screen."""
        return Shown()


async def dealt_with(pilot: Pilot[None]) -> None:
    """Wait until every widget has done what it was told; nothing is painted by this."""
    await pilot._wait_for_screen()  # pyright: ignore[reportPrivateUsage] - `pause` paints


async def test_a_key_is_painted_at_once_and_what_came_by_itself_when_a_frame_is_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Typed()
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, Shown)
        await pilot.pause()
        monkeypatch.setattr(Timer, "resume", Timer.pause)  # textual's own is out of work
        monkeypatch.setattr(pacing, "FRAME_S", HOUR_S)
        for key in ("a", "b"):
            app.post_message(Key(key, key))
            await dealt_with(pilot)
            await dealt_with(pilot)
            assert not screen.waits
        screen.query_one("#count", Static).update("1")
        await dealt_with(pilot)
        assert screen.waits
        monkeypatch.setattr(pacing, "FRAME_S", 0.0)
        screen.query_one("#count", Static).update("2")
        await dealt_with(pilot)
        assert not screen.waits
