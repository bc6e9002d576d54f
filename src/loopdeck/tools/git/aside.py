"""Which git commands take away files that git does not have: `clean`, and a stash of them too."""

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loopdeck.permissions.shell import Part, without_globals

_VALUED = frozenset({"--message", "--pathspec-from-file"})


@dataclass(frozen=True, slots=True)
class Stash:
    """A stash of files that git does not have; with `ignored` also of those it is to ignore."""

    words: tuple[str, ...]
    ignored: bool


def stashes(parts: Iterable[Part]) -> Iterator[Stash]:
    """Every stash in a command that puts such files aside; all verbs but two put nothing there."""
    for part in parts:
        words = _of_git(part)
        if words[1:2] != ("stash",):
            continue
        rest = words[2:]
        if rest[:1] in (("push",), ("save",)):
            rest = rest[1:]
        elif rest and not rest[0].startswith("-"):
            continue
        told = _flags(rest)
        if told & {"u", "a"}:
            yield Stash(rest, "a" in told)


def cleans(parts: Iterable[Part]) -> bool:
    """Whether one of these commands is a `git clean`."""
    return any(_of_git(part)[1:2] == ("clean",) for part in parts)


def _of_git(part: Part) -> tuple[str, ...]:
    """The words of a command of git, its verb right behind it; empty for any other program."""
    words = part.words
    if not words or posixpath.basename(words[0]) != "git":
        return ()
    return without_globals(words) or words


def _flags(words: Sequence[str]) -> set[str]:
    """The letters that a stash is told, before a `--`; the values of its options are none."""
    told, skips = set[str](), False
    for word in words:
        if skips:
            skips = False
        elif word == "--":
            break
        elif word.startswith("--"):
            skips = word in _VALUED
            told |= (
                {"u"} if word.startswith("--inc") else {"a"} if word.startswith("--al") else set()
            )
        elif word.startswith("-"):
            letters, message, text = word[1:].partition("m")
            told.update(letters)
            skips = bool(message) and not text
    return told
