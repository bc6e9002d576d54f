"""How a run gets its recorder and conversation: a new session, or one taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from loopdeck.errors import UnknownSession
from loopdeck.harness.makings import Makings
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.instructions import instructions
from loopdeck.harness.recorder import Recorder
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Clock, Journal
from loopdeck.session.events import (
    LevelChanged,
    RuleRevoked,
    ServiceEnded,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Limits, Parent, Rule

PAGE = 1_000
MOST_FOREIGN = 3
FOREIGN = "this session was imported: nobody here gave it its level"
LASTING = frozenset({"project", "user"})  # the scopes of grants that outlive a session


@dataclass(frozen=True, slots=True)
class Terms:
    """What a new session runs under; without `instructions` it gets today's."""

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
    instructions: str | None = None
    parent: Parent | None = None


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
    told = terms.instructions
    if told is None:
        told = instructions(terms.workspace, terms.level, terms.check)
    await recorder.record(
        SessionStarted(
            goal=terms.goal,
            model=terms.model,
            level=terms.level,
            workspace=terms.workspace,
            instructions=told,
            check=terms.check,
            limits=terms.limits,
            rules=terms.rules,
            grants=terms.grants,
            initiative=terms.initiative,
            app_version=terms.app_version,
            parent=terms.parent,
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
    fork: bool = False,
    imported: int = 0,
    own_limits: Limits | None = None,
) -> tuple[Recorder, Conversation]:
    """Fold a session's log again and record that it goes on.

    `grants` are the lasting ones that stand now: others the session had from elsewhere are over.
    Those that were given for a session alone do not go on in a `fork` of it. Up to its event
    `imported` the log came from elsewhere: its author is not the human here, so `own_limits` hold
    in place of its own.
    """
    log = await _folded(journal, session, imported)
    state, conversation = log.state, log.conversation
    recorder = Recorder(journal, clock, session, state, redactor, log.makings)
    _heard(recorder, conversation)
    merged = _merge(state.limits, limits) if limits is not None else None
    if log.foreign:
        merged = _merge(own_limits or Limits(), limits or Limits())
    await recorder.record(
        SessionResumed(
            new_process=True,
            limits=merged,
            rules=tuple(rules),
            grants=tuple(grants or ()),
            fork=fork,
            foreign=log.foreign,
        ),
        *(_disowned(state) if log.foreign else _revoked(state, grants, fork=fork)),
        *(ServiceEnded(service=view.name, why="lost") for view in state.services),
    )
    return recorder, conversation


@dataclass(slots=True)
class _Log:
    """What a log folds to; `foreign` while nobody here has taken up what came from elsewhere."""

    foreign: bool
    state: SessionState = field(default_factory=SessionState)
    conversation: Conversation = field(default_factory=Conversation)
    makings: Makings = field(default_factory=Makings)


async def _folded(journal: Journal, session: str, imported: int) -> _Log:
    """Raises `UnknownSession`."""
    log = _Log(foreign=imported > 0)
    while records := await journal.read(session, after=log.state.last_seq, limit=PAGE):
        log.state = project(records, log.state)
        for record in records:
            log.conversation.apply(record)
            if record.seq > imported:  # a file that somebody else's log says was made is anybody's
                log.makings.apply(record)
                log.foreign = log.foreign and not isinstance(record.event, SessionResumed)
    if log.state.last_seq == 0:
        raise UnknownSession(f"There is no session {session}.", "`loopdeck sessions list`")
    return log


def _revoked(
    state: SessionState, grants: Sequence[Grant] | None, *, fork: bool
) -> list[RuleRevoked]:
    """The grants of the session that hold no more: taken back meanwhile, or not for a fork."""
    standing = {grant.grant_id for grant in grants or ()}

    def is_over(grant: Grant) -> bool:
        if grant.rule.scope not in LASTING:
            return fork
        return grants is not None and grant.grant_id not in standing

    return [
        RuleRevoked(grant_id=view.grant.grant_id) for view in state.grants if is_over(view.grant)
    ]


def _disowned(state: SessionState) -> list[LevelChanged]:
    """The level of an imported log counts where it is the careful one."""
    if state.level <= MOST_FOREIGN:
        return []
    return [LevelChanged(level=MOST_FOREIGN, by="harness", reason=FOREIGN)]


def _heard(recorder: Recorder, conversation: Conversation) -> Conversation:
    recorder.listen(conversation.apply)
    return conversation


def _merge(old: Limits, new: Limits) -> Limits:
    """The new limits where they are given, the old ones elsewhere."""
    return old.model_copy(update=new.model_dump(exclude_none=True))
