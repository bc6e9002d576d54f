"""How a run gets its recorder and conversation: a new session, or one taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from loopdeck.errors import UnknownSession
from loopdeck.harness.conversation import Conversation
from loopdeck.harness.instructions import instructions
from loopdeck.harness.makings import Makings
from loopdeck.harness.recorder import Recorder
from loopdeck.permissions.secrets import Redactor
from loopdeck.ports import Clock, Journal
from loopdeck.session.events import RuleRevoked, SessionResumed, SessionStarted
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Limits, Rule

PAGE = 1_000
LASTING = frozenset({"project", "user"})  # the scopes of grants that outlive a session


@dataclass(frozen=True, slots=True)
class Terms:
    """What a new session runs under."""

    goal: str
    model: str
    workspace: str
    level: int = 3
    check: str | None = None
    limits: Limits = field(default_factory=Limits)
    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    initiative: Literal["human", "schedule", "event"] = "human"
    app_version: str = ""


async def begin(
    journal: Journal,
    clock: Clock,
    session: str,
    terms: Terms,
    *,
    redactor: Redactor | None = None,
) -> tuple[Recorder, Conversation]:
    """Record that a session started."""
    recorder = Recorder(journal, clock, session, SessionState(), redactor)
    conversation = _heard(recorder, Conversation())
    await recorder.record(
        SessionStarted(
            goal=terms.goal,
            model=terms.model,
            level=terms.level,
            workspace=terms.workspace,
            instructions=instructions(terms.workspace, terms.level, terms.check),
            check=terms.check,
            limits=terms.limits,
            rules=terms.rules,
            grants=terms.grants,
            initiative=terms.initiative,
            app_version=terms.app_version,
        )
    )
    return recorder, conversation


async def reopen(
    journal: Journal,
    clock: Clock,
    session: str,
    *,
    limits: Limits | None = None,
    rules: Sequence[Rule] = (),
    grants: Sequence[Grant] | None = None,
    redactor: Redactor | None = None,
) -> tuple[Recorder, Conversation]:
    """Fold a session's log again and record that it goes on.

    `grants` are the lasting ones that stand now: others the session had from elsewhere are over.
    """
    state = SessionState()
    conversation = Conversation()
    makings = Makings()
    while records := await journal.read(session, after=state.last_seq, limit=PAGE):
        state = project(records, state)
        for record in records:
            conversation.apply(record)
            makings.apply(record)
    if state.last_seq == 0:
        raise UnknownSession(f"There is no session {session}.", "`loopdeck sessions list`")
    recorder = Recorder(journal, clock, session, state, redactor, makings)
    _heard(recorder, conversation)
    merged = _merge(state.limits, limits) if limits is not None else None
    await recorder.record(
        SessionResumed(
            new_process=True, limits=merged, rules=tuple(rules), grants=tuple(grants or ())
        ),
        *(_revoked(state, grants) if grants is not None else ()),
    )
    return recorder, conversation


def _revoked(state: SessionState, grants: Sequence[Grant]) -> list[RuleRevoked]:
    """The lasting grants of the session that were taken back while it rested."""
    standing = {grant.grant_id for grant in grants}
    return [
        RuleRevoked(grant_id=view.grant.grant_id)
        for view in state.grants
        if view.grant.rule.scope in LASTING and view.grant.grant_id not in standing
    ]


def _heard(recorder: Recorder, conversation: Conversation) -> Conversation:
    recorder.listen(conversation.apply)
    return conversation


def _merge(old: Limits, new: Limits) -> Limits:
    """The new limits where they are given, the old ones elsewhere."""
    return old.model_copy(update=new.model_dump(exclude_none=True))
