"""The part of `search_text` that runs in a process of its own.

Python's `re` cannot be interrupted and holds the interpreter while it matches, so a pattern that
never ends would freeze the whole program; a process can be killed.
"""

import json
import os
import re
import resource
import sys
from typing import TypedDict

from loopdeck.tools.disk.beneath import open_file

MAX_FILE = 4_000_000
MAX_LINE = 2_000
MAX_SHOWN = 300


class Order(TypedDict):
    """What to search, and how long: `files` are paths below `base`, in parts."""

    base: str
    pattern: str
    files: list[list[str]]
    limit: int
    seconds: int


def main() -> None:
    """Read an order from stdin; write one JSON line a match: file number, line number, text."""
    order: Order = json.load(sys.stdin)
    # Whoever wants the matches ends this sooner, unless it was killed itself.
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    expression = re.compile(order["pattern"])
    left = order["limit"]
    for number, parts in enumerate(order["files"]):
        for line, text in _matches(expression, order["base"], parts):
            sys.stdout.write(json.dumps([number, line, text]) + "\n")
            sys.stdout.flush()
            left -= 1
            if not left:
                return


def _matches(expression: re.Pattern[str], base: str, parts: list[str]) -> list[tuple[int, str]]:
    try:
        with os.fdopen(open_file(base, parts), "rb") as file:
            data = file.read(MAX_FILE)
    except OSError:
        return []  # gone, or no file any more: nothing to find in it
    if b"\0" in data[:8_192]:
        return []
    matches: list[tuple[int, str]] = []
    for number, raw in enumerate(data.split(b"\n"), start=1):
        line = raw[: MAX_LINE * 4].decode("utf-8", "replace").rstrip("\r")[:MAX_LINE]
        if found := expression.search(line):
            matches.append((number, _shown(line, found)))
    return matches


def _shown(line: str, found: re.Match[str]) -> str:
    """The line, or where it is long what is around the match."""
    if len(line) <= MAX_SHOWN:
        return line
    start = max(0, found.start() - MAX_SHOWN // 3)
    head = "…" if start else ""
    return f"{head}{line[start : start + MAX_SHOWN]}…"
