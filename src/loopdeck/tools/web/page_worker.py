"""The part of `web_fetch` that runs in a process of its own.

A page may be made so that reading it takes for ever or fills the memory, and what reads it cannot
be interrupted; a process can be killed, and the system holds it to its share.
"""

import json
import resource
import sys
from typing import TypedDict

from loopdeck.tools.web.page import markdown_of

MOST_MEMORY = 1_000_000_000


class Order(TypedDict):
    """What comes before the page: where it is from, and how long reading it may take."""

    base: str
    seconds: int


def main() -> None:
    """Read an order, a line, and a page in UTF-8 from stdin; write its text."""
    order: Order = json.loads(sys.stdin.buffer.readline())
    # Whoever wants the text ends this sooner, unless it was killed itself.
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.buffer.write(markdown_of(html, order["base"]).encode("utf-8", "replace"))
    sys.stdout.flush()
