"""Says of a run that a limit ended which options let it go on: without them it ends there again."""

from dataclasses import replace
from math import ceil

from loopdeck.cli.folding import state_of
from loopdeck.harness.budget import raise_hit
from loopdeck.harness.ending import Ending
from loopdeck.ports import Journal
from loopdeck.session.values import Limits

_OPTIONS = {
    "steps": "--max-steps",
    "tokens": "--max-tokens",
    "cost_usd": "--max-cost",
    "minutes": "--max-minutes",
}
_SMALL = 0.1  # below it a limit has four digits behind its point
_INEXACT = 1e-6  # what a product of fractions may be too much by
_UNPRICED = "Name the model's price under [prices] in the config file: its cost is to be kept."


async def with_way_on(ending: Ending, journal: Journal, session: str) -> Ending:
    """The ending of a session, with what to type next where a limit stands in the way."""
    if ending.outcome != "limit" or ending.hint:
        return ending
    state = await state_of(journal, session)
    raised = raise_hit(state)
    if raised.cost_usd is None and state.limits.cost_usd is not None:
        return replace(ending, hint=_UNPRICED)
    words = _words(state.limits, raised)
    return replace(ending, hint=f"loopdeck resume {session}{words} goes on with it.")


def _words(old: Limits, raised: Limits) -> str:
    """The options for the limits that are others now."""
    before, after = old.model_dump(), raised.model_dump()
    new = {option: after[name] for name, option in _OPTIONS.items() if after[name] != before[name]}
    return "".join(f" {option} {_number(value)}" for option, value in new.items())


def _number(value: float) -> str:
    """As short as it can be typed, and no less than the value."""
    if isinstance(value, int):
        return str(value)
    digits = 2 if value >= _SMALL else 4
    up = ceil(value * 10**digits - _INEXACT) / 10**digits
    return f"{up:.{digits}f}".rstrip("0").removesuffix(".")
