"""Recorded calls, sorted so that a rule is held only against those that it may speak of.

People and models repeat themselves: equal calls are judged once. An index over the words of
commands and paths leaves out what a rule certainly does not cover.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import overload

from loopdeck.permissions.commands import unquoted
from loopdeck.permissions.rules.language import Call, Matcher, call_of
from loopdeck.permissions.rules.matching import literal_words
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import listed

_BETWEEN = re.compile(r"[\s;:|&()<>`$={}]+")
_GLOB = re.compile(r"[*?\[\\]")


class Alike:
    """Calls that differ in nothing a rule looks at; `at` are their places in the history."""

    def __init__(self, first: RecordedCall, home: str) -> None:
        self.first = first
        self.at: list[int] = []
        self.asked = 0
        self.approved = 0
        self.refused = 0
        self._home = home

    def add(self, at: int, call: RecordedCall) -> None:
        """One more of them."""
        self.at.append(at)
        self.asked += call.asked
        self.approved += call.human_answer == "approved"
        self.refused += call.human_answer in ("denied", "edited")

    @cached_property
    def call(self) -> Call:
        """As the rules see them."""
        first = self.first
        return call_of(first, first.workspace, self._home)


class History(Sequence[RecordedCall]):
    """The calls in order. What a secret was taken out of is counted, and nothing else."""

    def __init__(self, calls: Iterable[RecordedCall], *, home: str = "") -> None:
        self.calls = tuple(calls)
        self.kinds: list[Alike] = []
        self._home = home
        known: dict[str, Alike] = {}
        for at, call in enumerate(self.calls):
            same = f"{call.tool} {call.args} {call.category} {call.facts} {call.workspace}"
            alike = known.get(same)
            if alike is None:
                alike = known[same] = Alike(call, home)
                if call.decidable:
                    self.kinds.append(alike)
            alike.add(at, call)

    def __len__(self) -> int:
        return len(self.calls)

    @overload
    def __getitem__(self, at: int) -> RecordedCall: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[RecordedCall]: ...
    def __getitem__(self, at: int | slice) -> RecordedCall | Sequence[RecordedCall]:
        return self.calls[at]

    def near(self, matcher: Matcher) -> list[Alike]:
        """Those that the rule may cover, in the order they came first."""
        match matcher.kind:
            case "command":
                tool, words = "shell", _words(literal_words(matcher))
            case "path":
                tool, words = "", _names(matcher.pattern)
            case "tool":
                tool, words = "", frozenset[str]()
            case _:
                return list(self.kinds)
        found = self._with(words)
        if tool:
            found &= self._tools.get(tool, set())
        else:
            speaking = [at for name, at in self._tools.items() if _speaks(matcher, name)]
            found &= set[int]().union(*speaking)
        return [self.kinds[at] for at in sorted(found)]

    def _with(self, words: frozenset[str]) -> set[int]:
        sets = sorted((self._index.get(word, set[int]()) for word in words), key=len)
        if not sets:
            return set(range(len(self.kinds)))
        return sets[0].intersection(*sets[1:])

    @cached_property
    def _tools(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for at, alike in enumerate(self.kinds):
            found.setdefault(alike.first.tool, set()).add(at)
        return found

    @cached_property
    def _index(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for at, alike in enumerate(self.kinds):
            for word in _words_of(alike):
                found.setdefault(word, set()).add(at)
        return found


def _speaks(matcher: Matcher, tool: str) -> bool:
    return matcher.speaks_of(tool, tighten=False)


def _words_of(alike: Alike) -> frozenset[str]:
    """Every word that a rule about these calls may name."""
    first = alike.first
    if first.tool == "shell":
        return _words(str(first.args.get("command", "")))
    whole = "/".join([first.workspace, *listed(first.facts, "paths")])
    return frozenset(whole.split("/"))


def _words(text: str) -> frozenset[str]:
    """The words of a command, however they are quoted and whatever stands between them."""
    return frozenset(_BETWEEN.split(unquoted(text))) - {""}


def _names(pattern: str) -> frozenset[str]:
    """The names in a path that stand there as they are."""
    plain = (name for name in pattern.split("/") if not _GLOB.search(name))
    return frozenset(plain) - {"", ".", "~"}
