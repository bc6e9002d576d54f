"""Shell commands as the rules see them: the simple commands inside, and which may start at all."""

import posixpath
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from loopdeck.permissions.shell import (
    Part,
    Place,
    classify,
    is_interpreter,
    parts_of,
    rough_parts,
    without_globals,
)
from loopdeck.session.values import Assessment, Category

Words = tuple[str, ...]

_QUOTES = re.compile(r"\\\n|['\"\\]")
_REMEMBERED = 2_000  # characters; what is longer hardly comes twice
_MANY = 8_192  # as many as are held against a rule at once, when one is proposed


@dataclass(frozen=True, slots=True)
class Commands:
    """Every simple command of a text; `complete` says that there is certainly no other.

    `texts` are the same as rules name them, with the variables in front that steer programs.
    """

    words: tuple[Words, ...]
    texts: tuple[str, ...]
    complete: bool


def commands_of(text: str) -> Commands:
    """The simple commands that an allow rule has to cover, one by one."""
    return _commands_of(text) if len(text) <= _REMEMBERED else _commands_of.__wrapped__(text)


def _parts(text: str) -> tuple[Part, ...]:
    return _read(text) if len(text) <= _REMEMBERED else parts_of(text)


@lru_cache(maxsize=_MANY)
def _read(text: str) -> tuple[Part, ...]:
    """Each text is taken apart once, whoever asks what is in it."""
    return parts_of(text)


@lru_cache(maxsize=_MANY)
def _commands_of(text: str) -> Commands:
    parts = _parts(text)
    complete = bool(parts) and all(_is_whole(part) for part in parts)
    own = [part for part in parts if not _only_wraps(part, parts)] if complete else []
    own = [part for part in own if not _starts_from(part, parts)]
    words = tuple(part.words for part in own)
    return Commands(words, tuple(map(_text, own)), complete=complete)


def _text(part: Part) -> str:
    assigned = (f"{name}={shlex.quote(value)}" for name, value in part.assigned)
    return " ".join((*assigned, shlex.join(part.words)))


def _starts_from(inner: Part, parts: tuple[Part, ...]) -> bool:
    """Whether a part is what `python -m` of another names: to allow that one is to allow both."""
    count = len(inner.words)
    return any(
        is_interpreter(posixpath.basename(part.words[0]))
        and part.words[-count - 1 :] == ("-m", *inner.words)
        for part in parts
        if len(part.words) > count + 1
    )


def _only_wraps(part: Part, parts: tuple[Part, ...]) -> bool:
    """Whether a part such as `timeout 60 make` does nothing but start another part."""
    return part.category is Category.READ and any(
        0 < len(inner.words) < len(part.words) and part.words[-len(inner.words) :] == inner.words
        for inner in parts
    )


def _is_whole(part: Part) -> bool:
    """Whether the words are all that starts there; where data comes from or goes is a fact."""
    seen = all(char.isprintable() or char in "\n\t" for word in part.words for char in word)
    return bool(part.words) and seen and (part.complete or part.category is not Category.UNKNOWN)


@lru_cache(maxsize=256)
def plain_parts(text: str) -> tuple[Words, ...]:
    """Every command in a text that was understood, each with its program's bare name."""
    parts = (part.words for part in _parts(text) if part.words)
    return tuple(dict.fromkeys((posixpath.basename(words[0]), *words[1:]) for words in parts))


@lru_cache(maxsize=256)
def may_start(text: str) -> tuple[Words, ...]:
    """Every command that the text may start, rather one too many: for rules that tighten."""
    parts = _parts(text)
    found: list[Words] = [
        (posixpath.basename(part.words[0]), *part.words[1:]) for part in parts if part.words
    ]
    found += [bare for words in found if (bare := without_globals(words))]
    clear = all(part.complete and part.category is not Category.UNKNOWN for part in parts)
    if not (parts and clear):
        found += rough_parts(text.strip())
    return tuple(dict.fromkeys(found))


def unquoted(text: str) -> str:
    """A command's text without the signs that quote, and its broken lines joined."""
    return _QUOTES.sub("", text)


def may_name(text: str, words: Sequence[str]) -> bool:
    """False where no command in a text can begin with these words, seen without taking it apart.

    What is put together from pieces, by a variable or by braces, may be any word.
    """
    if any(sign in text for sign in "${`~"):
        return True
    bare = unquoted(text)
    return all(word in bare for word in words)


def meaning(text: str, workspace: str = "", home: str = "") -> Assessment:
    """What a command's text alone says, in this workspace."""
    judged = _meaning if len(text) <= _REMEMBERED else _meaning.__wrapped__
    return judged(text, workspace, home)


@lru_cache(maxsize=_MANY)
def _meaning(text: str, workspace: str, home: str) -> Assessment:
    return classify(text, Place(workspace=workspace or "/workspace", home=home))
