"""How far an approval reaches, and for how long: the rungs, and the grant they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from loopdeck.session.values import Grant, Rule

T = TypeVar("T")

MINUTES = 15
COUNTS = (2, 5, 10, 20, 50, 100)
SCOPES = ("once", "session", "project", "user")
ENDS = ("session", "minutes", "calls", "never")
_FIT = {
    "once": (),
    "session": ("session", "minutes", "calls"),
    "project": ("never", "minutes", "calls"),
    "user": ("never", "minutes", "calls"),
}
"""Which ends a scope can have: what outlives the session cannot end with it, and the reverse."""


@dataclass(frozen=True, slots=True)
class Rungs:
    """A choice on the ladder; `lasts` counts only where the scope is not `once`."""

    scope: str = "once"
    lasts: str = "session"
    calls: int = 10

    @property
    def ends(self) -> tuple[str, ...]:
        """The ends that this scope can have."""
        return _FIT[self.scope]

    def reach(self, direction: int) -> "Rungs":
        """A nearer or a farther scope; the end is kept where it fits."""
        scope = _next(SCOPES, self.scope, direction)
        fit = _FIT[scope]
        lasts = self.lasts if not fit or self.lasts in fit else fit[0]
        return replace(self, scope=scope, lasts=lasts)

    def last(self, direction: int) -> "Rungs":
        """Another end."""
        return replace(self, lasts=_next(self.ends, self.lasts, direction)) if self.ends else self

    def count(self, direction: int) -> "Rungs":
        """More or fewer calls, and that as the end."""
        if "calls" not in self.ends:
            return self
        return replace(self, lasts="calls", calls=_next(COUNTS, self.calls, direction))

    def grant(self, rules: Sequence[str], grant_id: str, now: int) -> Grant | None:
        """The standing permission, as of now (UTC ns); none for a single approval."""
        first, *more = (text.strip() for text in rules)
        if self.scope not in ("session", "project", "user"):
            return None
        return Grant(
            grant_id=grant_id,
            rule=Rule(decide="allow", match=first, scope=self.scope),
            until=now + MINUTES * 60 * 1_000_000_000 if self.lasts == "minutes" else None,
            calls=self.calls if self.lasts == "calls" else None,
            more=tuple(more),
        )


def _next(values: tuple[T, ...], value: T, direction: int) -> T:
    at = values.index(value) if value in values else 0
    return values[max(0, min(len(values) - 1, at + direction))]
