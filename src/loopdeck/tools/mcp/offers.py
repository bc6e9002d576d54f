"""What a server says of one of its tools, made harmless, and how bad a call of it can get.

All of it is somebody else's text: it is shortened, what hides in it is made visible, and its hints
count only where they make a call worse, or where the human trusts the server.
"""

import hashlib
import json
import re
from collections.abc import Mapping

from pydantic import Field

from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Category, JsonObject, Value
from loopdeck.tools.mcp.schemas import harmless
from loopdeck.visible import expose

MOST_NAME = 64  # what every vendor takes
MOST_WORDS = 2_000
_LETTERS = re.compile(r"[A-Za-z0-9_-]+")


class Hints(Value):
    """What a server says a tool does; None where it says nothing."""

    reads: bool | None = None
    destroys: bool | None = None
    reaches_out: bool | None = None


class Offer(Value):
    """A tool of a server. `tool` is its name there, `name` ours; `mark` changes with its words."""

    server: str
    tool: str
    name: str
    description: str
    schema_: JsonObject = Field(default_factory=dict)
    hints: Hints = Hints()
    mark: str = ""


def offer_of(
    server: str, tool: str, description: str, schema: Mapping[str, object], hints: Hints
) -> Offer:
    """A tool as it may be told to a model and shown to a human."""
    whole = {"description": description, "schema": schema, "hints": hints.model_dump()}
    return Offer(
        server=server,
        tool=tool,
        name=name_of(server, tool),
        description=_shortened(expose(description)),
        schema_=harmless(schema),
        hints=hints,
        mark=_digest(json.dumps(whole, sort_keys=True, default=str)),
    )


def name_of(server: str, tool: str) -> str:
    """`mcp__SERVER__TOOL`; a tool whose name does not fit has a hash of it at the end."""
    name = f"{OF_SERVERS}{server}__{tool}"
    if _LETTERS.fullmatch(tool) and len(name) <= MOST_NAME:
        return name
    tail = f"_{_digest(tool)[:8]}"
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", f"{OF_SERVERS}{server}__{tool[:MOST_NAME]}")
    return plain[: MOST_NAME - len(tail)] + tail


def category_of(hints: Hints, *, trusted: bool) -> tuple[Category, bool]:
    """How bad a call can get, and whether it may talk to other machines.

    What is not said is taken at its worst. Nothing that an untrusted server says makes it better.
    """
    if not trusted:
        return Category.DESTRUCTIVE, True
    out = hints.reaches_out is not False
    if hints.reads:
        return (Category.NETWORK if out else Category.READ), out
    if hints.destroys is not False:
        return Category.DESTRUCTIVE, out
    return (Category.NETWORK if out else Category.WRITE), out


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS]} […]"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
