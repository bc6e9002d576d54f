"""Words for what stands in the log, where more than one pane says them."""

from collections.abc import Sized
from typing import cast

from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural
from loopdeck.session.calls import telling, text_of
from loopdeck.session.timeline import Where
from loopdeck.session.values import Grant, JsonObject

CLEARED = "long results lost their middle, for the model"

SCOPES = {"session": "this session", "project": "this project", "user": "everywhere"}
"""The word for each scope of a rule that a human can give at the deck."""


def target(args: JsonObject) -> str:
    """The argument that says what the call is about, on one line."""
    name = telling(args)
    if name is not None:
        return sanitize(text_of(args[name]), lines=False)
    return sanitize(brief(next(iter(args.values()), "")), lines=False)


def scope_words(scope: str) -> str:
    """How far a rule reaches."""
    return SCOPES.get(scope, scope)


def past_words(where: Where) -> str:
    """What the title of a screen over the deck says of the moment it shows; nothing live."""
    return "" if where.live else f" · PAST, up to step {where.step} of {where.steps}"


def grant_words(grant: Grant) -> str:
    """The rule and its bounds, on one line; from outside, so not yet safe."""
    bounds = [scope_words(grant.rule.scope)]
    if grant.calls is not None:
        bounds.append(plural(grant.calls, "call"))
    if grant.until is not None:
        bounds.append("for a time")
    return f"{' and '.join(grant.matches)} · {' · '.join(bounds)}"


def brief(value: object) -> str:
    """A value that has no room: lists and tables by their length."""
    if isinstance(value, (list, tuple, dict)):
        return plural(len(cast("Sized", value)), "item")
    return text_of(value)
