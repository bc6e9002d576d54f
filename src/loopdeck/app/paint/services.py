"""Services as lines: one that stays running a row, and what it printed last."""

from collections.abc import Sequence

from loopdeck.app.paint.lines import EMPTY, Line, Part, columns, cut, cut_line, prose, verbatim
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import age, plural
from loopdeck.session.services import ServiceView

NONE = (
    "Nothing stays running. An agent can have a command stay beside its next calls, as a server or "
    "a watcher has to; up to level 3 you are asked about each, and it ends with the run."
)
_NAME, _AGE = 16, 10
_LAST = 10  # lines of what it printed
_ENDS = 6  # of those that are over


def heading_line(cells: int) -> Line:
    """The names of the columns."""
    head = f"  {'service':<{_NAME}} {'for':>{_AGE}}   command"
    return cut_line((Part(head, "muted"),), cells)


def service_line(view: ServiceView, now: int, cells: int) -> Line:
    """One that runs, at a moment in UTC nanoseconds."""
    name = cut(sanitize(view.name, lines=False), _NAME)
    lasts = age(max(0, now - view.at[0]))
    command = sanitize(" ".join(view.command.split()), lines=False)
    left = (Part("▶ ", "ok"), *columns((Part(name),), _NAME + 1))
    return cut_line((*left, Part(f"{lasts:>{_AGE}}   ", "muted"), Part(command)), cells)


def sum_lines(views: Sequence[ServiceView], cells: int) -> list[Line]:
    """All of them in one line."""
    if not views:
        return []
    each = "each ends" if len(views) > 1 else "it ends"
    return prose(f"{plural(len(views), 'service')} · {each} with the run at last", cells, "muted")


def ended_lines(ends: Sequence[tuple[int, str]], cells: int) -> list[Line]:
    """Those that run no more: the step at which each ended, and how, the newest first."""
    if not ends:
        return []
    lines = prose("Nothing stays running now. What did, the last to end first:", cells, "muted")
    for step, how in list(reversed(ends))[:_ENDS]:
        lines.append(cut_line((Part("⚙ ", "muted"), Part(f"{how} · step {step}")), cells))
    more = len(ends) - _ENDS
    return [*lines, *(prose(f"and {more:,} more", cells, "muted", 2) if more > 0 else ())]


def printed_lines(view: ServiceView, step: int, cells: int) -> list[Line]:
    """The command, the step that began it if that is known, and the end of what it printed."""
    since = f" · since step {step}" if step else ""
    head = (Part(sanitize(view.name, lines=False), "strong"), Part(f" · running{since}", "muted"))
    lines: list[Line] = [cut_line(head, cells)]
    for row in sanitize(view.command).splitlines():
        lines += verbatim(row, cells)
    lines += [EMPTY, (Part("The end of what it printed", "muted"),)]
    for row in sanitize(view.tail).splitlines()[-_LAST:]:
        lines += verbatim(row, cells, "plain", 2)
    return lines
