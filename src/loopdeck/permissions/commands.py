"""Shell commands as the rules see them: the simple commands inside, and which may start at all."""

from dataclasses import dataclass
from functools import lru_cache

from loopdeck.permissions.shell import classify, likely_parts, plain_words
from loopdeck.permissions.words import read
from loopdeck.session.values import Assessment

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Every simple command of a text; `complete` says that there is certainly no other."""

    words: tuple[Words, ...]
    complete: bool


@lru_cache(maxsize=256)
def commands_of(text: str) -> Commands:
    """The simple commands that an allow rule has to cover, one by one."""
    words = plain_words(text)
    return Commands((words,) if words else (), complete=words is not None)


@lru_cache(maxsize=256)
def may_start(text: str) -> tuple[Words, ...]:
    """Every command that the text may start, rather one too many: for rules that tighten."""
    return likely_parts(text.strip(), read(text.strip()))


@lru_cache(maxsize=1024)
def meaning(text: str, workspace: str = "", home: str = "") -> Assessment:
    """What a command's text alone says, in this workspace."""
    del workspace, home
    return classify(text)
