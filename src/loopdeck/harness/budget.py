"""Limits: what is used up, what is nearly used up."""

from dataclasses import dataclass
from typing import Literal

from loopdeck.session.events import LimitHit, LimitWarned
from loopdeck.session.state import SessionState
from loopdeck.session.telling import allowance
from loopdeck.session.values import Limits

Name = Literal["steps", "tokens", "cost_usd", "minutes"]
WARN_AT = 0.8


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit and how much of it is used; `used` is `None` where nobody can tell."""

    name: Name
    used: float | None
    allowed: float

    @property
    def is_hit(self) -> bool:
        """True once there is nothing left; a limit that cannot be measured counts as hit."""
        return self.used is None or self.used >= self.allowed

    @property
    def is_near(self) -> bool:
        """True from four fifths on."""
        return self.used is not None and self.used >= WARN_AT * self.allowed

    @property
    def sentence(self) -> str:
        """What the human reads."""
        allowed = allowance(self.name, self.allowed)
        if self.used is None:
            return f"The price of this model is unknown, so the limit of {allowed} cannot be kept."
        used = allowance(self.name, self.used)
        return f"The limit of {allowed} is used up ({used} so far)."

    @property
    def doubled(self) -> float | None:
        """What raising makes of the limit; `None` lifts one that cannot be measured."""
        if self.used is None:
            return None
        doubled = 2 * max(self.allowed, self.used)
        return int(doubled) if self.name in ("steps", "tokens") else doubled

    @property
    def question(self) -> str:
        """The sentence, and what raising would mean."""
        to = (
            "lifts it" if self.doubled is None else f"makes it {allowance(self.name, self.doubled)}"
        )
        return f"{self.sentence} Raising {to}."


def meters(state: SessionState, worked_ns: int) -> list[Meter]:
    """Every limit that is set; `worked_ns` is the session's time at work until now."""
    limits, totals = state.limits, state.totals
    cost = totals.cost_usd if totals.cost_known else None
    readings: list[tuple[Name, float | None, float | None]] = [
        ("steps", float(state.answered), limits.steps),
        ("tokens", float(totals.usage.total), limits.tokens),
        ("cost_usd", cost, limits.cost_usd),
        ("minutes", worked_ns / 60e9, limits.minutes),
    ]
    return [Meter(name, used, allowed) for name, used, allowed in readings if allowed is not None]


class Budget:
    """Reads the meters before each model call and warns once a limit."""

    def __init__(self) -> None:
        self._warned: set[tuple[Name, float]] = set()

    def read(self, state: SessionState, worked_ns: int) -> tuple[Meter | None, list[LimitWarned]]:
        """The first limit that is hit, and the warnings that are due."""
        warnings: list[LimitWarned] = []
        for meter in meters(state, worked_ns):
            if meter.is_hit:
                return meter, []
            key = (meter.name, meter.allowed)
            if meter.is_near and key not in self._warned:
                self._warned.add(key)
                used = meter.used or 0.0
                warnings.append(LimitWarned(limit=meter.name, used=used, allowed=meter.allowed))
        return None, warnings


def hit(meter: Meter) -> LimitHit:
    """The event of a limit that is used up."""
    return LimitHit(limit=meter.name, used=meter.used or 0.0, allowed=meter.allowed)


def raise_hit(state: SessionState) -> Limits:
    """Limits in which those that are used up are doubled; an unmeasurable one is lifted."""
    limits = state.limits
    for meter in meters(state, state.elapsed_ns):
        if meter.is_hit:
            limits = limits.model_copy(update={meter.name: meter.doubled})
    return limits
