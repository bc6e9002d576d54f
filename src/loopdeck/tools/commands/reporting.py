"""What the model is told of a command that has ended: its output, and how it ended."""

import signal
from collections.abc import Iterable

from loopdeck.figures import amount
from loopdeck.session.values import Assessment
from loopdeck.tools.commands.capture import MOST


def report(text: str, note: str, more: Iterable[str] = ()) -> str:
    """The output, how it ended, and whatever else there is to say."""
    return "\n".join(piece for piece in (text.rstrip("\n"), note, *more) if piece)


def ending(code: int, text: str, *, timely: bool, full: bool, limit: int) -> str:
    """How a command ended, where that is not plain."""
    if full:
        return f"[stopped: it printed more than {amount(MOST)}; print less of it]"
    if not timely:
        return f"[stopped: it ran longer than {limit} s]"
    if code < 0:
        return f"[ended by signal {_signal_name(-code)}]"
    if code > 0:
        return f"[exit code {code}]"
    return "" if text.strip() else "[no output]"


def left(judged: Assessment) -> str:
    """A sentence about a server that was to go on: nothing outlives its call undeclared."""
    if not judged.facts.get("background"):
        return ""
    return (
        "[what it left in the background was ended with it: start, use and end it in one call, "
        "or name a `service`]"
    )


def _signal_name(number: int) -> str:
    try:
        note = ", perhaps for want of memory" if number == signal.SIGKILL else ""
        return f"{number} ({signal.Signals(number).name}){note}"
    except ValueError:
        return str(number)
