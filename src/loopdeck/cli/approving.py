"""What stands between `approvals approve` and a yes: the whole payload, or the request's name."""

import sys
from typing import Literal

from loopdeck.cli.console import one_line
from loopdeck.cli.terminal.answering import answer_to
from loopdeck.errors import UsageError
from loopdeck.session.calls import CallView, about
from loopdeck.session.confirming import needs_typing, word_to_type

Named = Literal["request", "call", "part"]
"""What stands on the command line: the request's whole id, its call, or no more than a session."""


def make_sure(call: CallView, name: str, *, named: Named) -> None:
    """Let nobody approve what they have not seen. Raises `UsageError` where somebody would.

    At a terminal everything is shown first. A script names the call it means, and the request
    where a key would not be enough, or where there was more than one.
    """
    if sys.stdin.isatty() and sys.stderr.isatty():
        _ask(call)
    elif why := _too_little(call, named):
        raise UsageError(
            f"{name.rpartition('@')[0]} {why}: without a terminal it takes its whole id.",
            f"See `loopdeck approvals list --json`, then: loopdeck approvals approve {name}",
        )


def _too_little(call: CallView, named: Named) -> str:
    """Why so much of a name is not enough; empty if it is."""
    if named == "request":
        return ""
    if call.again:
        return "was asked about more than once"
    if needs_typing(call):
        return f"is {call.category or 'unknown'}"
    return "waits, and was not named" if named == "part" else ""


def _ask(call: CallView) -> None:
    from loopdeck.app.plain.asking import call_lines  # with all that paints: only where it is read

    for line in (f"{call.tool} {about(call.args)}".strip(), *call_lines(call)):
        print(one_line(line), file=sys.stderr)
    word = word_to_type(call) if needs_typing(call) else "y"
    question = f"Type {word} to approve it:" if needs_typing(call) else "Approve it? [y/N]"
    if answer_to(question) != word:
        raise UsageError("Nothing was approved.", "It still waits; `deny` says no.")
