"""Every event kind: a closed, tagged union of frozen facts in the past tense.

An event is never edited; a later event completes it. `docs/events.md` is made from this package.
"""

from typing import Annotated

from pydantic import Field

from loopdeck.session.events.calls import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    CallUnknown,
)
from loopdeck.session.events.guards import (
    CheckFinished,
    CheckStarted,
    LimitHit,
    LimitWarned,
    LoopSuspected,
)
from loopdeck.session.events.lifecycle import (
    BookmarkAdded,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    ModelChanged,
    NoteAdded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.events.servers import ServerChecked
from loopdeck.session.events.services import ServiceEnded
from loopdeck.session.events.standing import RuleGranted, RuleRevoked, SandboxChecked
from loopdeck.session.events.thinking import (
    ContextCompacted,
    ModelChunk,
    ModelFailed,
    ModelReplied,
    ModelRequested,
    PlanRevised,
)

Event = Annotated[
    SessionStarted
    | SessionResumed
    | SessionPaused
    | SessionEnded
    | LevelChanged
    | ModelChanged
    | HumanMessage
    | HumanSteered
    | NoteAdded
    | BookmarkAdded
    | ModelRequested
    | ModelChunk
    | ModelReplied
    | ModelFailed
    | PlanRevised
    | CallProposed
    | CallJudged
    | CallAsked
    | CallAnswered
    | CallStarted
    | CallOutput
    | CallFinished
    | CallUnknown
    | CheckStarted
    | CheckFinished
    | LimitWarned
    | LimitHit
    | LoopSuspected
    | HumanCalled
    | HumanAnswered
    | RuleGranted
    | RuleRevoked
    | SandboxChecked
    | ServerChecked
    | ServiceEnded
    | ContextCompacted,
    Field(discriminator="type"),
]

__all__ = [
    "BookmarkAdded",
    "CallAnswered",
    "CallAsked",
    "CallFinished",
    "CallJudged",
    "CallOutput",
    "CallProposed",
    "CallStarted",
    "CallUnknown",
    "CheckFinished",
    "CheckStarted",
    "ContextCompacted",
    "Event",
    "HumanAnswered",
    "HumanCalled",
    "HumanMessage",
    "HumanSteered",
    "LevelChanged",
    "LimitHit",
    "LimitWarned",
    "LoopSuspected",
    "ModelChanged",
    "ModelChunk",
    "ModelFailed",
    "ModelReplied",
    "ModelRequested",
    "NoteAdded",
    "PlanRevised",
    "RuleGranted",
    "RuleRevoked",
    "SandboxChecked",
    "ServerChecked",
    "ServiceEnded",
    "SessionEnded",
    "SessionPaused",
    "SessionResumed",
    "SessionStarted",
]
