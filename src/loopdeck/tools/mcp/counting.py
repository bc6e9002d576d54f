"""What is counted of one server: its calls, how long they took, how often it was begun anew."""

from collections import deque
from dataclasses import dataclass, field, replace
from statistics import median

KEPT = 200  # calls from which the ordinary time is taken


@dataclass(slots=True)
class Counts:
    """Times are milliseconds; `connected` is how long the last connection took to be made."""

    calls: int = 0
    failed: int = 0
    running: int = 0
    starts: int = 0
    troubles: int = 0  # that nobody wanted: it failed to start, or ended
    connected: float | None = None
    _spans: deque[float] = field(default_factory=lambda: deque[float](maxlen=KEPT))

    def took(self, span: float) -> None:
        """A call was answered after so long."""
        self._spans.append(span)

    @property
    def restarts(self) -> int:
        """How often it was begun anew."""
        return max(0, self.starts - 1)

    @property
    def last(self) -> float | None:
        """How long the last call took."""
        return self._spans[-1] if self._spans else None

    @property
    def median(self) -> float | None:
        """How long an ordinary call takes."""
        return median(self._spans) if self._spans else None

    def copy(self) -> "Counts":
        """As they are now, whatever happens next."""
        return replace(self, _spans=self._spans.copy())
