"""Where a command looks that lists files: below which folders, what it passes by, how names end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from loopdeck.permissions.shell.languages.find import told
from loopdeck.permissions.shell.languages.findwords import expression


@dataclass(frozen=True, slots=True)
class Range:
    """Which files below a folder may be listed: all, what git does not ignore, or what git has.

    `beside` are also ignored ones in folders that are not, `linked` may lie behind a link.
    `passed_by` are folders that it does not go into, by their names; those that begin with `./`
    only at the top.
    """

    kind: Literal["all", "shown", "beside", "tracked", "linked"] = "all"
    passed_by: frozenset[str] = frozenset()

    @property
    def is_rg(self) -> bool:
        """Whether a config of `rg` could make it more."""
        return self.kind in ("shown", "beside")


EVERYTHING = Range()


class Struck(NamedTuple):
    """What is among files that may be listed: content that is nowhere else, one that is obeyed."""

    lost: bool = False
    obeyed: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The folders, or files, that each name begins with, and how it ends.

    Without `roots` the names are those of the folder that it is started in, with nothing before.
    """

    roots: tuple[str, ...]
    ending: str = ""
    range: Range = EVERYTHING


_NAME = r"\w[\w.-]*"
_ENDING = re.compile(r"\*(\.[\w.-]{1,20})")
_ROOT = re.compile(r"(?:\.{0,2}/|\.)?(?:[\w.][\w.+-]*/)*(?:[\w.][\w.+-]*)?")
_PATTERN = re.compile(r"((?:[\w.][\w.+-]*/)+)\*(\.\w[\w.-]{0,20})?")
_GREP_FLAG = re.compile(r"-[rlLinwxvEFGPIsHZaU]+|--(?:null|color=\w+|include=.+|exclude=.+)")
_RG_FLAG = re.compile(r"-[lisSwvxFUP0]+|--(?:files-with-matches|files|null|sort=\w+)")
_GIT_GREP_FLAG = re.compile(r"-[lLinwvEFGPIz]+|--(?:name-only|files-with-matches|null|and|or)")
_GIT_LISTS = frozenset({"-z", "-c", "--cached", "--"})
_INCLUDE, _EXCLUDED = "--include=", re.compile(rf"--exclude-dir=(\.?{_NAME})")
_PASSED_PATH = re.compile(rf"(?:\*|(\.))/(\.?{_NAME})(?:/\*)?")
_FOLLOWS = re.compile(r"-[LH]|-follow")
_SHOWS = re.compile(r"-print0?$|-exec|-ok")
_HERE, _ANDS = frozenset({".", "./"}), frozenset({"-a", "-and"})
_SEVERAL = frozenset({"-o", "-or", ",", "(", ")", "-depth", "-delete"})


def look_of(words: Sequence[str]) -> Look | None:
    """Where a command looks; None where that is not clear from its words."""
    match list(words):
        case ["find", *rest]:
            return _find(rest)
        case ["grep" | "egrep" | "fgrep", *rest]:
            return _grep(rest)
        case ["rg", *rest]:
            return _rg(rest)
        case ["git", "ls-files", *rest]:
            return _git_files(rest)
        case ["git", "grep", *rest]:
            return _git_grep(rest)
        case _:
            return None


def range_of_find(words: Sequence[str]) -> Range:
    """What a `find` passes by, where that is said of every name that it shows."""
    if any(map(_FOLLOWS.fullmatch, words)):
        return Range("linked")
    found = set(_pruned(words) if "-prune" in words else _unwanted(words))
    if not set(expression(words).roots) <= _HERE:
        found = {name for name in found if name[:2] != "./"}  # no name begins so there
    return Range(passed_by=frozenset(found))


def _find(words: list[str]) -> Look | None:
    roots = expression(words).roots or (".",)
    ending = _ENDING.fullmatch(told(words, "-name"))
    bare = tuple(f"{root.rstrip('/')}/" if root.strip("/") else "" for root in roots)
    if not all(bare) or not all(map(_ROOT.fullmatch, roots)):
        return None
    return Look(bare, ending[1] if ending else "", range_of_find(words))


def _pruned(words: Sequence[str]) -> Iterator[str]:
    """The folder of `-name X -prune -o …`, where nothing comes before it or beside it."""
    start = next((at for at, word in enumerate(words) if word.startswith("-")), 0)
    match words[start : start + 4]:
        case ["-name" | "-path" as test, value, "-prune", "-o" | "-or"]:
            rest = words[start + 4 :]
        case _:
            return
    if not _SEVERAL.isdisjoint(rest) or "-prune" in rest or not any(map(_SHOWS.match, rest)):
        return  # without an action, what is not gone into is shown too
    if test == "-name" and re.fullmatch(rf"\.?{_NAME}", value):
        yield value
    elif test == "-path":
        yield from _passed(value)


def _unwanted(words: Sequence[str]) -> Iterator[str]:
    if not _SEVERAL.isdisjoint(words):
        return
    ahead = ("", *words)
    for before, negated, test, value in zip(ahead, words, words[1:], words[2:], strict=False):
        plain = before in _ANDS or not (before == "!" or before.startswith("-"))
        told_not = plain and negated in ("!", "-not")
        if told_not and test in ("-path", "-wholename") and value[-2:] == "/*":
            yield from _passed(value)


def _passed(path: str) -> Iterator[str]:
    if found := _PASSED_PATH.fullmatch(path):
        yield f"./{found[2]}" if found[1] else found[2]


@dataclass(slots=True)
class _Words:
    """The words of a matcher taken apart: bare ones, and what its options say."""

    bare: list[str] = field(default_factory=list[str])
    endings: list[str] = field(default_factory=list[str])
    passed_by: list[str] = field(default_factory=list[str])
    pattern_given: bool = False


def _grep(words: list[str]) -> Look | None:
    read = _Words()
    rest = iter(words)
    for word in rest:
        if found := _EXCLUDED.fullmatch(word):
            read.passed_by.append(found[1])
        elif word == "-e":
            read.pattern_given = next(rest, None) is not None
        elif word.startswith("-") and not _GREP_FLAG.fullmatch(word):
            return None
        elif word.startswith(_INCLUDE):
            read.endings.append(word.removeprefix(_INCLUDE))
        elif not word.startswith("-"):
            read.bare.append(word)
    recurses = any(re.fullmatch(r"-\w*r\w*", word) for word in words)
    places = read.bare if read.pattern_given else read.bare[1:]
    if not places and not recurses:
        return None  # it reads its input
    return _in_places(places, read)


def _rg(words: list[str]) -> Look | None:
    read, globbed = _Words(pattern_given="--files" in words), False
    rest = iter(words)
    for word in rest:
        if word in ("-g", "-t", "-T", "-e"):
            value = next(rest, "")
            read.pattern_given = read.pattern_given or word == "-e"
            if word == "-g" and not value.startswith("!"):
                globbed = True  # it goes before what is ignored
                read.endings.append(value)
        elif word.startswith("-") and not _RG_FLAG.fullmatch(word):
            return None
        elif not word.startswith("-"):
            read.bare.append(word)
    places = read.bare if read.pattern_given else read.bare[1:]
    look = _in_places(places, read)
    if look is None or places:
        return look  # what is named is looked into, ignored or not
    if not all(map(_ENDING.fullmatch, read.endings)):
        return Look((), look.ending)  # it may be like a folder, all of which is shown then
    return Look((), look.ending, Range("beside" if globbed else "shown"))


def _in_places(places: Sequence[str], read: _Words) -> Look | None:
    """Names below these folders, or those of these files; patterns only at the end of a path."""
    endings = [_ENDING.fullmatch(text) for text in read.endings]
    ending = endings[0][1] if len(endings) == 1 and endings[0] else ""
    roots: list[str] = []
    for place in places:
        if pattern := _PATTERN.fullmatch(place):
            roots.append(pattern[1])
        elif place and _ROOT.fullmatch(place) and place.strip("/"):
            roots.append(f"{place.rstrip('/')}/")
        else:
            return None
    return Look(tuple(roots), ending, Range(passed_by=frozenset(read.passed_by)))


def _git_files(words: list[str]) -> Look | None:
    """What git has; `-o` and the like list what it has not."""
    kept = all(word in _GIT_LISTS for word in words if word.startswith("-"))
    return _of_git([word for word in words if not word.startswith("-")], kept=kept)


def _git_grep(words: list[str]) -> Look | None:
    flags = [word for word in words if word.startswith("-") and word != "--"]
    if not all(map(_GIT_GREP_FLAG.fullmatch, flags)):
        return None
    return _of_git([word for word in words if not word.startswith("-")][1:], kept=True)


def _of_git(paths: Sequence[str], *, kept: bool) -> Look | None:
    """Below folders, or with endings; for git a star also stands for what is deeper."""
    roots: list[str] = []
    endings: list[str] = []
    for path in paths:
        if pattern := _PATTERN.fullmatch(path):
            roots.append(pattern[1])
            endings.append(pattern[2] or "")
        elif ending := _ENDING.fullmatch(path):
            endings.append(ending[1])
        elif _ROOT.fullmatch(path) and path.strip("./"):
            roots.append(f"{path.rstrip('/')}/")
            endings.append("")
        else:
            return None
    deep = len(roots) == len(paths)
    ending = endings[0] if len(set(endings)) == 1 else ""
    within = Range("tracked") if kept else Range(passed_by=frozenset({".git"}))
    return Look(tuple(roots) if deep else (), ending, within)
