"""A log that cannot be written is said again and again, and once when that is over."""

from dataclasses import dataclass, field

from textual.notifications import SeverityLevel

from loopdeck.app.stalled import LOOK_S, SAID_S, Stalled
from loopdeck.errors import LoopdeckError, StorageBlocked


@dataclass
class Wall:
    """What stands against writing."""

    obstacle: LoopdeckError | None = None

    def again(self) -> None:
        """Nobody asks for it here."""


@dataclass
class Screen:
    """Keeps what it is told."""

    said: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Take a notice, which is never markup."""
        assert not markup
        assert timeout == SAID_S
        self.said.append((severity, message))


def test_nothing_is_said_where_nothing_stands_against_it():
    screen = Screen()
    stalled = Stalled(screen, Wall())
    for _ in range(30):
        stalled.look()
    assert screen.said == []


def test_it_is_said_as_long_as_it_lasts_and_once_that_it_is_over():
    screen, wall = Screen(), Wall(StorageBlocked("The disk is \x1b[31mfull.", "Free some space."))
    stalled = Stalled(screen, wall)
    for _ in range(1 + round(2 * SAID_S / LOOK_S)):
        stalled.look()
    assert [severity for severity, _ in screen.said] == ["error"] * 3
    assert all("Free some space." in text and "f5" in text for _, text in screen.said)
    assert not any("\x1b" in text for _, text in screen.said)
    wall.obstacle = None
    for _ in range(30):
        stalled.look()
    assert [severity for severity, _ in screen.said] == ["error"] * 3 + ["information"]


def test_another_obstacle_is_said_at_once():
    screen, wall = Screen(), Wall(StorageBlocked("The disk is full."))
    stalled = Stalled(screen, wall)
    stalled.look()
    wall.obstacle = StorageBlocked("It is locked.")
    stalled.look()
    assert ["full" in text for _, text in screen.said] == [True, False]
