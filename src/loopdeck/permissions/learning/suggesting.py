"""Narrow rules that would have saved a human the most questions, with what speaks for each."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from loopdeck.permissions.learning.candidates import candidates
from loopdeck.permissions.learning.evidence import Evidence, against, evidence
from loopdeck.permissions.learning.history import Alike, History
from loopdeck.permissions.rules.language import parse_rule
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category

LEAST = 2  # questions; one that was asked once teaches nothing
MOST = 8
TRIED = 120  # candidates; the most promising ones
MANNERS = 150  # ways to do things that rules are learned from
REPEATED = 100  # and calls, for their own sake
MANY_PARTS = 6  # of one command
_PARTS = re.compile(r"[|&;\n()]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A rule, and what it would have done."""

    rule: str
    evidence: Evidence

    @property
    def sentence(self) -> str:
        """The evidence, as a person reads it."""
        found = self.evidence
        kinds = [
            f"{found.by_category.get(category, 0)} {category.value}"
            for category in Category
            if found.by_category.get(category) or category is Category.DESTRUCTIVE
        ]
        said = f"you approved all {found.saved}"
        if found.approved < found.saved:
            said = f"you approved {found.approved}, the others were not answered by you"
        return (
            f"would have saved {found.saved} questions in {found.total} calls: "
            f"{', '.join(kinds)}; {said}"
        )


def suggest(
    calls: Iterable[RecordedCall], *, home: str = "", own: Iterable[str] = (), most: int = MOST
) -> list[Suggestion]:
    """The best rules, most questions saved first; each counts only what those before it leave.

    A rule that reaches anything which destroys, is not understood, or was refused even once is
    not suggested.
    """
    history = calls if isinstance(calls, History) else History(calls, home=home)
    found: list[Suggestion] = []
    saved: set[tuple[str, str]] = set()
    for suggestion in _proven(_wanted(history, tuple(own)), history):
        asked = {(call.session, call.call_id) for call in suggestion.evidence.all if call.asked}
        if len(asked - saved) < LEAST:
            continue
        found.append(suggestion)
        saved |= asked
        if len(found) == most:
            break
    return found


def _wanted(history: History, own: tuple[str, ...]) -> list[tuple[int, str]]:
    """The most promising rules, each with the most questions that it could have saved."""
    texts = dict.fromkeys(text for kind in telling(history) for text in candidates(kind.call, own))
    hopes = ((sum(kind.asked for kind in history.near(parse_rule(text))), text) for text in texts)
    return sorted((one for one in hopes if one[0] >= LEAST), key=lambda one: -one[0])[:TRIED]


def telling(history: History) -> list[Alike]:
    """Calls to learn rules from: the most frequent ones, and one of each manner besides.

    What makes a manner is read off roughly. To understand a command takes a thousand times as
    long, and what is learned is proven on all of them anyway.
    """
    approved = [kind for kind in history.kinds if kind.asked and kind.approved]
    approved.sort(key=lambda kind: -kind.asked)
    weights = Counter[str]()
    of_manner: dict[str, Alike] = {}
    for kind in approved:
        manner = _manner(kind)
        weights[manner] += kind.asked
        of_manner.setdefault(manner, kind)
    manners = [of_manner[manner] for manner, _ in weights.most_common(MANNERS)]
    return list(dict.fromkeys([*manners, *approved[:REPEATED]]))


def _manner(kind: Alike) -> str:
    """Something that is equal for calls that the same rules are likely to cover."""
    args = kind.first.args
    if kind.first.tool != "shell":
        return f"{kind.first.tool} {str(args.get('path', '')).rpartition('/')[0]}"
    commands = [words.split()[:2] for words in _PARTS.split(str(args.get("command", "")))]
    return "; ".join(
        " ".join(word for at, word in enumerate(words) if not at or word.isalpha())
        for words in commands[:MANY_PARTS]
        if words
    )


def _proven(hopes: Sequence[tuple[int, str]], history: History) -> Iterator[Suggestion]:
    """Those with nothing against them, best first; of equals the narrower, which is shorter of
    stars, comes first. What cannot be the next one is not looked at yet."""
    queue: list[tuple[int, int, str, Suggestion | None]] = [
        (-hope, -1, text, None) for hope, text in hopes
    ]
    heapify(queue)
    while queue:
        _, _, text, proven = heappop(queue)
        if proven is not None:
            yield proven
            continue
        found = evidence(text, history)
        if found.saved >= LEAST and not found.denied and not against(found):
            heappush(queue, (-found.saved, text.count("*"), text, Suggestion(text, found)))
