"""Standing permissions as the deck sees them: which could be given, and what speaks against one."""

from collections.abc import Sequence

from loopdeck.errors import RuleError
from loopdeck.permissions.allowing import allowing, covering
from loopdeck.permissions.candidates import candidates, part_candidates
from loopdeck.permissions.evidence import Evidence, evidence, may_grant
from loopdeck.permissions.rules import Call
from loopdeck.session.calls import CallView
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.state import SessionState
from loopdeck.session.values import Assessment, Category, Rule


def as_call(call: CallView, state: SessionState, home: str = "") -> Call:
    """A call as rules look at it, as it was judged."""
    category = call.category or Category.UNKNOWN
    assessment = Assessment(category=category, reasons=call.reasons, facts=call.facts)
    return Call(call.tool, call.args, assessment, state.workspace, home)


def rules_for(call: CallView, state: SessionState, home: str = "") -> tuple[str, ...]:
    """The narrowest rules that would cover a call; none where nothing may."""
    asked = as_call(call, state, home)
    whole = candidates(asked)
    if whole or asked.tool != "shell":
        return whole
    parts = [rules for _, rules in part_candidates(asked) if rules]
    return parts[0] if len(parts) == 1 else ()


def obstacle(
    text: str, call: CallView, state: SessionState, calls: Sequence[RecordedCall], home: str = ""
) -> str:
    """Why a rule cannot be given with this call; empty if it can."""
    rule = Rule(decide="allow", match=text, scope="session", grant_id="wanted")
    try:
        covers = covering(as_call(call, state, home), allowing([rule])) is not None
    except RuleError as error:
        return f"{error} {error.hint}".strip()
    trouble = may_grant(text, calls, home=home)
    if trouble:
        return f"it cannot stand: {trouble.rstrip('.')}"
    return "" if covers else "it does not cover this call"


def weigh(
    text: str, call: CallView, state: SessionState, calls: Sequence[RecordedCall], home: str = ""
) -> tuple[str, Evidence | None]:
    """What speaks against a rule, and what it would have matched among recorded calls."""
    if not text.strip():
        return "no narrow rule covers it; e takes one in your own words", None
    try:
        found = evidence(text, calls, home=home)
    except RuleError as error:
        return f"{error} {error.hint}".strip(), None
    return obstacle(text, call, state, calls, home), found
