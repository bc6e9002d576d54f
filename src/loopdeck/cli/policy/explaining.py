"""A verdict on a shell command in lines that a person reads, with fingers on the places."""

from collections.abc import Iterator
from typing import cast

from loopdeck.cli.console import one_line
from loopdeck.permissions.policy import Verdict

MOST = 12  # reasons; what decided is among the first


def explain(command: str, verdict: Verdict) -> str:
    """The decision, the command with its spans marked, and the facts."""
    because = f"{verdict.decision}  ({verdict.category})  because {verdict.rule}"
    lines = [because]
    for reason in verdict.reasons[:MOST]:
        lines.append(f"  {reason.text}")
        if reason.span:
            lines += _pointed(command, *reason.span)
    if facts := ", ".join(_facts(verdict)):
        lines.append(f"  facts: {facts}")
    return "\n".join(one_line(line) for line in lines)


def _pointed(command: str, start: int, end: int) -> list[str]:
    """The line in which a span begins, and a mark below it; one that goes on says so."""
    first = command.rfind("\n", 0, start) + 1
    last = command.find("\n", start)
    last = len(command) if last < 0 else last
    line = command[first:last]
    # What cannot be printed takes more room than it had; the marks have to move along.
    before = len(one_line(line[: start - first]))
    marked = len(one_line(command[start : min(end, last)])) or 1
    more = " …" if end > last + 1 else ""
    return [f"    {one_line(line)}", f"    {' ' * before}{'^' * marked}{more}"]


def _facts(verdict: Verdict) -> Iterator[str]:
    for name, value in verdict.facts.items():
        if value is True:
            yield name.replace("_", " ")
        elif isinstance(value, list) and value:
            yield f"{name} {' '.join(str(item) for item in cast('list[object]', value))}"
