"""Says on every screen that the log cannot be written, until it can be."""

from loopdeck.app.notices import Notifier
from loopdeck.app.sanitize import sanitize
from loopdeck.errors import LoopdeckError
from loopdeck.ports.waiting import Waiting

LOOK_S = 2.0
SAID_S = 6.0  # a notice lasts so long, and is said again while there is need of it
PAUSED = "Nothing runs until the log can be written; it is tried again by itself, and by f5."
OVER = "The log is written again: it goes on where it was."


class Stalled:
    """Looks now and then at what stands against writing."""

    def __init__(self, where: Notifier, waiting: Waiting) -> None:
        self._where = where
        self._waiting = waiting
        self._said: LoopdeckError | None = None
        self._looks = 0

    def look(self) -> None:
        """Say what is new, and say again what lasts."""
        obstacle = self._waiting.obstacle
        self._looks = self._looks + 1 if obstacle is self._said else 0
        if obstacle is None:
            if self._said is not None:
                self._where.notify(OVER, markup=False, timeout=SAID_S)
        elif self._looks * LOOK_S % SAID_S == 0:
            text = "\n".join(sanitize(part) for part in (str(obstacle), obstacle.hint, PAUSED))
            self._where.notify(text, severity="error", markup=False, timeout=SAID_S)
        self._said = obstacle
