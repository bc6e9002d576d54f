"""Standing permissions as words: the rule, how far it reaches, how long it stands."""

from loopdeck.app.paint.durations import clock, plural
from loopdeck.session.values import Grant

SCOPES = {"session": "this session", "project": "this project", "user": "everywhere"}
"""The word for each scope of a rule that a human can give at the deck."""


def scope_words(scope: str) -> str:
    """How far a rule reaches."""
    return SCOPES.get(scope, scope)


def grant_words(grant: Grant) -> str:
    """The rule and its bounds, on one line; from outside, so not yet safe."""
    bounds = [scope_words(grant.rule.scope)]
    if grant.calls is not None:
        bounds.append(plural(grant.calls, "call"))
    if grant.until is not None:
        bounds.append("for a time")
    return f"{grant.rule.match} · {' · '.join(bounds)}"


def left_words(grant: Grant, hits: int, now: int) -> str:
    """What is left of it at `now` (UTC ns)."""
    if grant.until is not None and now >= grant.until:
        return "its time is over"
    if grant.calls is not None and hits >= grant.calls:
        return "used up"
    left: list[str] = []
    if grant.until is not None:
        left.append(f"{clock(grant.until - now)} left")
    if grant.calls is not None:
        left.append(f"{plural(grant.calls - hits, 'call')} left")
    if left:
        return ", ".join(left)
    return "ends with the session" if grant.rule.scope == "session" else "no end"
