"""Programs that run what comes in on their input."""

import re
from collections.abc import Sequence

from loopdeck.permissions.shell.feed import Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.known import SHELLS
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.script import Span
from loopdeck.session.values import Category

_INPUT = re.compile(r"-|/dev/stdin|/dev/fd/\d+|/proc/self/fd/\d+")
_ENDS = frozenset({"--version", "-V", "-VV", "--help", "-h", "-v"})
_READS_INPUT = re.compile(r"-[a-z]*s[a-z]*")


def runs_its_input(name: str, usage: Usage, words: Sequence[Argument]) -> bool:
    """Whether what this interpreter runs is its input, and not a file or text of its words."""
    if usage.command:
        return False
    if name in SHELLS and any(_READS_INPUT.fullmatch(word.text) for word in words[1:]):
        return True
    given = [word.text for kind, word in usage.operands if kind in ("code", "script")]
    if given:
        return any(_INPUT.fullmatch(text) for text in given)
    if usage.missing & {"code", "script"}:
        return True
    runs = any(slot.kind in ("code", "script") for slot in usage.table.operands)
    return runs and not any(word.text in _ENDS for word in words[1:])


def program_of_input(name: str, span: Span, feed: Feed, found: Findings) -> str | None:
    """The shell text that would run, where it is known; else the verdict goes to `found`."""
    if feed.kind != "nothing":
        found.flags.add("runs_code")
    if feed.kind == "text" and name in SHELLS and feed.text is not None:
        return feed.text
    if feed.kind == "file" or (feed.kind == "text" and name not in SHELLS):
        found.add(Category.WRITE, f"`{name}` runs its input, which can write files", span)
    elif feed.kind == "pipe" and feed.network:
        found.add(Category.DESTRUCTIVE, f"`{name}` runs what is downloaded", span)
    elif feed.kind == "pipe" and name not in SHELLS:
        found.add(Category.WRITE, f"`{name}` runs what another command prints", span)
    elif feed.kind != "nothing":
        found.add(Category.UNKNOWN, f"`{name}` runs what another command prints", span)
    return None
