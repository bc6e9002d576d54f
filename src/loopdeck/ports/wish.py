"""How a new session is to be: what a human can choose beside its goal."""

from loopdeck.session.values import Limits, Value


class Wish(Value):
    """A model, a level, a folder, a check and limits, which are those of this session alone."""

    model: str
    level: int
    workspace: str
    check: str = ""
    limits: Limits = Limits()
