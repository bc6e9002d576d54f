"""How a new session is to be: what a human can choose beside its goal."""

from dataclasses import dataclass

from loopdeck.session.values import Limits, Value


class Wish(Value):
    """A model, a level, a folder, a check and limits, which are those of this session alone."""

    model: str
    level: int
    workspace: str
    check: str = ""
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model that can be chosen: its name, the tokens it takes, USD per million where known."""

    name: str
    window: int = 0
    input: float | None = None
    output: float | None = None
