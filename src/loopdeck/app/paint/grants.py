"""Standing permissions as words: the rule, how far it reaches, how long it stands."""

from collections.abc import Sequence

from loopdeck.app.paint.lines import Ink, Line, Part, columns, cut_line, prose, verbatim
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import scope_words, target
from loopdeck.figures import clock, plural
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.standing import GrantView
from loopdeck.session.values import Grant

ROOMY = 96  # cells from which every column is shown


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


def heading_line(cells: int) -> Line:
    """The heads of the columns."""
    return _row("rule", ("scope", "used", "last", "ends"), cells, "muted")


def grant_line(view: GrantView, now: int, cells: int) -> Line:
    """One standing permission in columns, as of `now` (UTC ns)."""
    grant = view.grant
    stands = view.stands(now)
    last = f"{clock(now - view.last)} ago" if view.last is not None else "never"
    left = left_words(grant, view.hits, now)
    rest = (scope_words(grant.rule.scope), str(view.hits), last, left)
    first = sanitize(grant.rule.match, lines=False)
    rule = f"{len(grant.matches)} rules: {first}" if grant.more else first
    return _row(rule, rest, cells, "plain" if stands else "muted")


def _row(rule: str, rest: tuple[str, str, str, str], cells: int, ink: Ink) -> Line:
    scope, used, last, ends = rest
    right = f"{ends:<22}"
    if cells >= ROOMY:
        right = f"{scope:<14}{used:>5}  {last:>14}   {ends:<22}"
    size = max(8, cells - len(right) - 2)
    return cut_line((*columns((Part(rule, ink),), size), Part("  "), Part(right, "muted")), cells)


def elsewhere_words(
    grant: Grant, own: str, past: Sequence[RecordedCall], session: str, now: int
) -> str:
    """Where it comes from (`own` if from this session), and how often other sessions used it."""
    others = [call for call in past if call.session != session]
    origin = own or "given before this session"
    given = next((call for call in others if call.gave == grant.grant_id), None)
    if given is not None and not own:
        tool = sanitize(given.tool, lines=False)
        origin = f"given in session {given.session} with {tool} {target(given.args)}"
    used = [call.at for call in others if call.grant_id == grant.grant_id]
    if not used:
        return origin
    last = clock(max(0, now - max(used)))
    return f"{origin} · {plural(len(used), 'call')} in other sessions, the last {last} ago"


def origin_lines(view: GrantView, words: str, cells: int) -> list[Line]:
    """The whole of one permission: its rule unshortened, and where it came from."""
    grant = view.grant
    lines = [line for match in grant.matches for line in verbatim(sanitize(match), cells, "strong")]
    if grant.rule.why:
        lines += prose(sanitize(grant.rule.why), cells, "muted")
    used = f"has let {plural(view.hits, 'call')} run" if view.hits else "has let nothing run yet"
    text = f"{scope_words(grant.rule.scope)} · {used} · {words}"
    return [*lines, *prose(text, cells, "muted")]
