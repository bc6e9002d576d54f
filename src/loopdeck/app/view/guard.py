"""What stands between a key and an approval: time to see it, the whole payload, no stray keys."""

from dataclasses import dataclass, field

from loopdeck.session.calls import CallView
from loopdeck.session.values import Category

SETTLE_S = 0.045  # a key counts only if no other key follows it at once
ARM_NS = 400_000_000  # a request must have been visible this long
LONGEST_NS = 1_200_000_000  # after which it has been looked at, whatever keys came meanwhile
BURST_NS = 40_000_000  # keys closer together than this were not pressed by a person


@dataclass(slots=True)
class Guard:
    """Watches one request at a time. `shown_at` is `None` until the screen has painted it.

    A key that comes too early was not meant for this request, so the next may not be either: the
    time to look begins again with it, but not for ever.
    """

    key: str = ""
    shown_at: int | None = None
    early: int | None = None
    seen: float = 0.0
    last_key: int | None = None
    read: set[str] = field(default_factory=set[str])

    def watch(self, key: str) -> bool:
        """Turn to a request; true if it is another one than before.

        What was seen of one to its end stays seen, however often the human looks elsewhere.
        """
        if key == self.key:
            return False
        if self.seen_all:
            self.read.add(self.key)
        self.key = key
        self.restart()
        self.seen = 1.0 if key in self.read else 0.0
        return True

    def restart(self) -> None:
        """The request went out of sight: its time begins again."""
        self.shown_at = self.early = None

    def painted(self, now: int) -> None:
        """The request is on the screen."""
        if self.shown_at is None:
            self.shown_at = now

    def saw(self, fraction: float) -> None:
        """So much of the payload, from its beginning, has been on the screen."""
        self.seen = max(self.seen, min(1.0, fraction))

    @property
    def seen_all(self) -> bool:
        """True once the end of the payload has been on the screen."""
        return self.seen >= 1.0

    def pressed(self, now: int) -> bool:
        """Note a key press; true if it came by itself and not in a burst."""
        alone = self.last_key is None or now - self.last_key >= BURST_NS
        self.last_key = now
        if not self.armed(now):
            self.early = now
        return alone

    def armed(self, now: int) -> bool:
        """True once the request has been visible long enough, and left alone, to answer it."""
        if self.shown_at is None:
            return False
        since = self.shown_at if self.early is None else max(self.shown_at, self.early)
        return now - since >= ARM_NS or now - self.shown_at >= LONGEST_NS


def may_be_unstored(call: CallView) -> bool:
    """Whether a call reads what may hold secrets, and does nothing else."""
    return call.category is Category.READ and bool(call.facts.get("sensitive"))
