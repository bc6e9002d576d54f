"""The words of a `find` taken apart: its folders, and what a name passed before each action."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from loopdeck.permissions.shell.languages.report import UNSEEN

_LEADING = re.compile(r"-[HLPE]+|-O[0-3]")
_STARTS_EXPRESSION = re.compile(r"-.|[(!,)]$", re.DOTALL)
_BARE_WORDS = """
    ( ) ! , -not -a -and -o -or -true -false -print -print0 -ls -prune -quit -depth -d -mount
    -xdev -daystart -follow -noleaf -ignore_readdir_race -noignore_readdir_race -warn -nowarn
    -empty -executable -readable -writable -nogroup -nouser -help --help -version --version
"""
_VALUED_WORDS = """
    -name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname -type -xtype
    -size -maxdepth -mindepth -mtime -mmin -atime -amin -ctime -cmin -perm -user -group -uid
    -gid -links -inum -fstype -regextype -used -printf -context
"""
_BARE = frozenset(_BARE_WORDS.split())
_VALUED = frozenset(_VALUED_WORDS.split())
_COMPARES_FILE = re.compile(r"-[ac]?newer|-samefile|-newer[aBcm][aBcm]")
_COMPARES_TIME = re.compile(r"-newer[aBcm]t")
_WRITES = {"-fprint": 1, "-fprint0": 1, "-fls": 1, "-fprintf": 2}
_COMMANDS = re.compile(r"-(?:exec|ok)(?:dir)?")
_SHOWS = re.compile(r"-f?print|-fls$|-ls$|-exec|-ok|-delete$")  # without one, all is printed
_OR, _AND, _NOT = ("-o", "-or"), ("-a", "-and"), ("!", "-not")
_ENDS = frozenset({")", ",", *_OR})
_MOST = 16
_DEEPEST = 40

Passed = Mapping[str, str]
"""Tests that a name passed, each with its value; of several that are the same, one."""

_ANY: tuple[Passed, ...] = ({},)


class Kind(Enum):
    """What a word of the expression is."""

    BARE = auto()
    VALUED = auto()
    RUNS = auto()
    DELETES = auto()
    WRITES = auto()
    COMPARES = auto()
    STRANGE = auto()


@dataclass(frozen=True, slots=True)
class Primary:
    """One test or action: from `start` to `end` of the words, its values among them.

    Of an action, one of `passed` holds for each name that comes to it. What is not `whole` lacks
    its value, or the end of its command.
    """

    kind: Kind
    word: str
    start: int
    end: int
    whole: bool
    passed: tuple[Passed, ...] = _ANY


@dataclass(frozen=True, slots=True)
class Expression:
    """The words behind `find`: its leading options, its folders, and then what it does.

    One of `passed` holds for each name for which all of it is true.
    """

    leading: int
    roots: tuple[str, ...]
    primaries: tuple[Primary, ...]
    passed: tuple[Passed, ...] = _ANY

    def shown(self) -> tuple[Passed, ...]:
        """What may hold for a name that is printed, or given to anything."""
        acts = [one for one in self.primaries if _SHOWS.match(one.word)]
        return tuple(each for one in acts for each in one.passed) if acts else self.passed

    def before(self, word: str) -> tuple[Passed, ...]:
        """What may hold for a name that comes to one of these actions."""
        return tuple(each for one in self.primaries if one.word == word for each in one.passed)


def common(passed: Iterable[Passed], test: str) -> str:
    """The value that a test has in all of these; empty where there is no such."""
    values = {each.get(test, "") for each in passed}
    return values.pop() if len(values) == 1 else ""


def expression(words: Sequence[str]) -> Expression:
    """Take the words apart, as find itself does.

    Nothing is said of any name where find would refuse them, or where a word may be several.
    """
    leading = 0
    while leading < len(words) and _LEADING.fullmatch(words[leading]):
        leading += 1
    at = leading
    while at < len(words) and not _STARTS_EXPRESSION.match(words[at]):
        at += 1
    roots = tuple(words[leading:at])
    primaries: list[Primary] = []
    while at < len(words):
        primaries.append(_primary(words, at))
        at = primaries[-1].end
    reader = _Reader(words, primaries)
    if not reader.read():
        return Expression(leading, roots, tuple(primaries))
    found = tuple(reader.primaries)
    return Expression(leading, roots, found, reader.passed)


def _primary(words: Sequence[str], at: int) -> Primary:
    kind, taken = _kind(words[at])
    end = _end_of_command(words, at) if _COMMANDS.fullmatch(words[at]) else at + 1 + taken
    whole = 0 < end <= len(words)
    return Primary(kind, words[at], at, end if whole else len(words), whole)


def _kind(word: str) -> tuple[Kind, int]:
    """What a word is, and how many values it takes."""
    if word in _BARE:
        return Kind.BARE, 0
    if word in _VALUED or _COMPARES_TIME.fullmatch(word):
        return Kind.VALUED, 1
    if word in ("-exec", "-execdir"):
        return Kind.RUNS, 0
    if word == "-delete":
        return Kind.DELETES, 0
    if word in _WRITES:
        return Kind.WRITES, _WRITES[word]
    return (Kind.COMPARES, 1) if _COMPARES_FILE.fullmatch(word) else (Kind.STRANGE, 0)


def _end_of_command(words: Sequence[str], at: int) -> int:
    """Behind the `;`, or the `+` behind `{}`, as find itself looks for the end; 0 for none."""
    for end in range(at + 1, len(words)):
        if words[end] == ";" or (words[end] == "+" and end > at + 1 and words[end - 1] == "{}"):
            return end + 1
    return 0


class _Malformed(Exception):
    """Find would refuse this, or it is not known what it would do."""


class _Reader:
    """Follows what holds from one primary to the next; `passed` is what holds at the end."""

    def __init__(self, words: Sequence[str], primaries: list[Primary]) -> None:
        self._words = words
        self.primaries = primaries
        self.passed = _ANY
        self._at = self._depth = 0

    def read(self) -> bool:
        """Whether all of it was understood."""
        strange = any(one.kind is Kind.STRANGE or not one.whole for one in self.primaries)
        start = self.primaries[0].start if self.primaries else 0
        if strange or any(not word or UNSEEN in word for word in self._words[start:]):
            return False
        try:
            self.passed = self._list(_ANY) if self.primaries else _ANY
        except _Malformed:
            return False
        return self._at == len(self.primaries)

    def _next(self) -> str:
        return self.primaries[self._at].word if self._at < len(self.primaries) else ""

    def _list(self, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        """`a , b`: both are looked at, and the last one decides."""
        found = self._either(known)
        while self._next() == ",":
            self._at += 1
            found = self._either(known)
        return found

    def _either(self, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        found = self._all(known)
        while self._next() in _OR:
            self._at += 1
            found += self._all(known)
        return found if len(found) <= _MOST else _ANY

    def _all(self, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        known = self._one(known)
        while (word := self._next()) and word not in _ENDS:
            self._at += word in _AND
            known = self._one(known)
        return known

    def _one(self, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        word = self._next()
        if not word or word in _ENDS or word in _AND or self._depth > _DEEPEST:
            raise _Malformed
        at, self._at = self._at, self._at + 1
        if word in _NOT or word == "(":
            self._depth += 1
            found = self._one(known) if word in _NOT else self._in_brackets(known)
            self._depth -= 1
            return known if word in _NOT else found
        return self._primary(at, known)

    def _in_brackets(self, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        found = self._list(known)
        if self._next() != ")":
            raise _Malformed
        self._at += 1
        return found

    def _primary(self, at: int, known: tuple[Passed, ...]) -> tuple[Passed, ...]:
        one = self.primaries[at]
        if one.kind is Kind.VALUED or one.word == "-empty":
            value = self._words[one.start + 1] if one.kind is Kind.VALUED else ""
            return tuple({**each, one.word: value} for each in known)
        self.primaries[at] = Primary(one.kind, one.word, one.start, one.end, one.whole, known)
        return known
