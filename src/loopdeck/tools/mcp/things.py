"""What a server has beside its tools, made harmless: resources to read, prompts to begin with."""

import re
from dataclasses import dataclass

from loopdeck.ports.servers import Prompt, Resource
from loopdeck.visible import expose

MOST_URI = 2_000
MOST_WORDS = 500
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Things:
    """All of them; of one server, or of several."""

    resources: tuple[Resource, ...] = ()
    prompts: tuple[Prompt, ...] = ()


def resource_of(
    server: str, uri: str, name: str, words: str, kind: str, *, template: bool = False
) -> Resource | None:
    """A resource as it may be shown; none for an address that hides something or is endless."""
    if not uri or len(uri) > MOST_URI or expose(uri) != uri or any(map(str.isspace, uri)):
        return None
    said = f"{name}: {words}" if words else name
    return Resource(server, uri, short(said), short(kind), template)


def prompt_of(server: str, name: str, words: str, args: list[tuple[str, bool]]) -> Prompt | None:
    """A prompt as it may be typed; none for names that could not be. `args` say what is needed."""
    names = [name, *(one for one, _ in args)]
    if not all(_PLAIN_NAME.fullmatch(one) for one in names):
        return None
    needs = tuple(one for one, needed in args if needed)
    takes = tuple(one for one, needed in args if not needed)
    return Prompt(server, name, short(words), needs, takes)


def short(text: str) -> str:
    """On one line, with whatever hides in it made visible."""
    return " ".join(expose(text).split())[:MOST_WORDS]
