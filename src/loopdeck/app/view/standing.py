"""Standing permissions as the deck sees them: which could be given, and what speaks against one."""

from collections.abc import Sequence

from loopdeck.errors import RuleError
from loopdeck.permissions.learning.candidates import candidates, each_part
from loopdeck.permissions.learning.evidence import Evidence, against, evidence, may_grant
from loopdeck.permissions.rules.allowing import allowing, covering
from loopdeck.permissions.rules.language import call_of
from loopdeck.permissions.rules.warnings import cautions
from loopdeck.session.calls import CallView
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.state import SessionState
from loopdeck.session.values import Rule

Rules = tuple[str, ...]
"""Rules that stand or fall together."""


def offers(call: CallView, state: SessionState, home: str = "") -> tuple[Rules, ...]:
    """The narrowest rules that would cover a call; none where nothing may.

    A command of several parts is also offered with a rule for each of them.
    """
    asked = call_of(call, state.workspace, home)
    return (*((text,) for text in candidates(asked)), *each_part(asked))


def obstacle(
    texts: Rules, call: CallView, state: SessionState, found: Evidence, home: str = ""
) -> str:
    """Why rules cannot be given with this call; empty if they can."""
    rules = [Rule(decide="allow", match=text, scope="session", grant_id="wanted") for text in texts]
    troubles = [trouble for text in texts if (trouble := may_grant(text))]
    trouble = troubles[0] if troubles else against(found)
    if trouble:
        return f"it cannot stand: {trouble.rstrip('.')}"
    covers = covering(call_of(call, state.workspace, home), allowing(rules)) is not None
    return "" if covers else "it does not cover this call"


def reach(texts: Rules) -> tuple[str, ...]:
    """What more these rules cover than they look like."""
    return tuple(dict.fromkeys(one for text in texts for one in cautions(text)))


def weigh(
    texts: Rules, call: CallView, state: SessionState, calls: Sequence[RecordedCall], home: str = ""
) -> tuple[str, Evidence | None]:
    """What speaks against rules, and what they would have matched among recorded calls."""
    if not any(text.strip() for text in texts):
        return "no narrow rule covers it; e takes one in your own words", None
    try:
        found = evidence(texts, calls, home=home)
        return obstacle(texts, call, state, found, home), found
    except RuleError as error:
        return f"{error} {error.hint}".strip(), None
