"""Narrow rules that would have saved a human the most questions, with what speaks for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loopdeck.permissions.candidates import candidates
from loopdeck.permissions.evidence import Evidence, evidence, may_grant
from loopdeck.permissions.rules import Call
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category

LEAST = 2  # questions; one that was asked once teaches nothing
MOST = 8
TRIED = 60  # candidates; the most frequent ones


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
            said = f"you approved {found.approved}, the others were never answered"
        return (
            f"would have saved {found.saved} questions in {found.total} calls: "
            f"{', '.join(kinds)}; {said}"
        )


def suggest(
    calls: Sequence[RecordedCall], *, home: str = "", own: Iterable[str] = (), most: int = MOST
) -> list[Suggestion]:
    """The best rules, most questions saved first; each counts only what those before it leave.

    A rule that reaches anything which destroys, is not understood, or was refused even once is
    not suggested.
    """
    own = tuple(own)
    votes: dict[str, int] = {}
    known: dict[str, tuple[str, ...]] = {}  # people repeat themselves
    for call in calls:
        if call.asked and call.human_answer == "approved" and call.decidable:
            same = f"{call.tool} {call.args} {call.category} {call.facts} {call.workspace}"
            if same not in known:
                known[same] = candidates(_as_call(call, home), own)
            for text in known[same]:
                votes[text] = votes.get(text, 0) + 1
    ranked = sorted((text for text in votes if votes[text] >= LEAST), key=lambda text: -votes[text])
    found: list[Suggestion] = []
    left = list(calls)
    for suggestion in _proven(ranked[:TRIED], calls, home):
        fresh = evidence(suggestion.rule, left, home=home)
        if fresh.saved < LEAST:
            continue
        found.append(suggestion)
        covered = {(call.session, call.call_id) for call in fresh.all}
        left = [call for call in left if (call.session, call.call_id) not in covered]
        if len(found) == most:
            break
    return found


def _proven(texts: Sequence[str], calls: Sequence[RecordedCall], home: str) -> list[Suggestion]:
    """Those with nothing against them, best first; of equals the narrower, which is shorter of
    stars, comes first."""
    proven: list[Suggestion] = []
    for text in texts:
        found = evidence(text, calls, home=home)
        if found.saved >= LEAST and not found.denied and not may_grant(text, calls, home=home):
            proven.append(Suggestion(text, found))
    return sorted(proven, key=lambda one: (-one.evidence.saved, one.rule.count("*"), one.rule))


def _as_call(call: RecordedCall, home: str) -> Call:
    return Call(call.tool, call.args, call.assessment, call.workspace, home)
