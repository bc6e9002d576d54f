"""What a standing permission that comes with an approval does, or why it is not given."""

from collections.abc import Callable, Sequence

from loopdeck.errors import LoopdeckError
from loopdeck.harness.opening import LASTING
from loopdeck.permissions.learning.evidence import may_grant
from loopdeck.permissions.rules.allowing import allowing, covering
from loopdeck.permissions.rules.language import call_of
from loopdeck.ports import GrantBook
from loopdeck.session.calls import CallView
from loopdeck.session.events import Event, RuleGranted, RuleRevoked
from loopdeck.session.records import Record
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Rule


def grant(
    given: Grant, call: CallView, state: SessionState, *, home: str = ""
) -> RuleGranted | str:
    """The event of a grant given with the approval of `call`, or the sentence that refuses it.

    Only what a human could have been offered is taken: the deck checks it too, but a command may
    come from elsewhere.
    """
    if not given.grant_id or given.rule.decide != "allow" or given.rule.scope == "cli":
        return "The permission was not given: it is not of a known form."
    if any(view.grant.grant_id == given.grant_id for view in state.grants):
        return "The permission was not given: there is one of this name already."
    for match in given.matches:
        if trouble := may_grant(match, home=home):
            return f"The permission `{match}` was not given: {trouble.rstrip('.')}."
    if not covers(given.rules, call, state, home=home):
        words = "` and `".join(given.matches)
        return f"The permission `{words}` was not given: it does not cover this call."
    return RuleGranted(grant=given, call_id=call.call_id)


def covers(rules: Sequence[Rule], call: CallView, state: SessionState, *, home: str = "") -> bool:
    """Whether a grant's rules together would let this call run, as it was judged."""
    asked = call_of(call, state.workspace, home)
    return covering(asked, allowing(rules)) is not None


class Keeper:
    """Keeps lasting grants in the book, and drops revoked ones, once that is on record.

    A book that cannot be written must not stop the session, whose own log has the grant: `say`
    hears the sentence.
    """

    def __init__(self, book: GrantBook, workspace: str, say: Callable[[str], None]) -> None:
        self._book = book
        self._workspace = workspace
        self._say = say

    def __call__(self, record: Record) -> None:
        """A listener of the recorder."""
        try:
            self._follow(record.event)
        except LoopdeckError as error:
            self._say(f"{error} {error.hint}".strip())

    def _follow(self, event: Event) -> None:
        match event:
            case RuleGranted() if event.grant.rule.scope in LASTING:
                self._book.keep(event.grant, self._workspace)
            case RuleRevoked():
                self._book.drop(event.grant_id)
            case _:
                pass
