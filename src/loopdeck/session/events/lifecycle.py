"""Events of the session itself and of its human."""

from typing import Literal

from pydantic import Field

from loopdeck.session.attached import Attachment
from loopdeck.session.forms import FormField
from loopdeck.session.values import (
    AskKind,
    Grant,
    Limits,
    Outcome,
    Parent,
    PauseReason,
    Rule,
    Value,
    Verified,
)


class SessionStarted(Value):
    """A session began: the goal and the terms it runs under.

    With a `parent` it is a fork: what follows, up to the resumption that says so, happened there.
    """

    type: Literal["session_started"] = "session_started"
    goal: str
    model: str
    level: int = Field(ge=1, le=5)
    workspace: str
    instructions: str = ""
    check: str | None = None
    limits: Limits = Limits()
    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    initiative: Literal["human", "schedule", "event"] = "human"
    app_version: str = ""
    parent: Parent | None = None


class SessionResumed(Value):
    """Work went on after a pause, an end or a crash; `limits` replaces the old ones if given.

    With `fork` another session parts from its parent here. With `foreign` all before it came from
    elsewhere: its rules and grants hold no more, its check has to be accepted, and what it says is
    outside content.
    """

    type: Literal["session_resumed"] = "session_resumed"
    by: Literal["human", "harness"] = "human"
    new_process: bool = False
    limits: Limits | None = None
    rules: tuple[Rule, ...] = ()
    grants: tuple[Grant, ...] = ()
    fork: bool = False
    foreign: bool = False


class SessionPaused(Value):
    """Work halted and can go on; `waiting` means that somebody has to answer first."""

    type: Literal["session_paused"] = "session_paused"
    reason: PauseReason
    text: str = ""


class SessionEnded(Value):
    """The run is over; `verified` says what is known about its result."""

    type: Literal["session_ended"] = "session_ended"
    outcome: Outcome
    verified: Verified = "unchecked"
    text: str = ""


class LevelChanged(Value):
    """The autonomy dial was turned; only a human turns it up."""

    type: Literal["level_changed"] = "level_changed"
    level: int = Field(ge=1, le=5)
    by: Literal["human", "harness"]
    reason: str = ""


class HumanMessage(Value):
    """The human wrote to the agent; it is read with the next model call."""

    type: Literal["human_message"] = "human_message"
    text: str
    attached: tuple[Attachment, ...] | None = None


class HumanSteered(Value):
    """The human interrupted the turn, with or without words."""

    type: Literal["human_steered"] = "human_steered"
    text: str = ""
    attached: tuple[Attachment, ...] | None = None


class NoteAdded(Value):
    """A human's note about the moment `at`; the agent never sees it."""

    type: Literal["note_added"] = "note_added"
    at: int
    text: str


class BookmarkAdded(Value):
    """A human marked the moment `at`."""

    type: Literal["bookmark_added"] = "bookmark_added"
    at: int
    label: str = ""


class HumanCalled(Value):
    """The agent or the harness needs its human; `options` are the words that may answer.

    With a `form` the answer may also be its fields, filled in.
    """

    type: Literal["human_called"] = "human_called"
    ask_id: str
    kind: AskKind
    text: str
    options: tuple[str, ...] = ()
    call_id: str | None = None
    form: tuple[FormField, ...] | None = None


class HumanAnswered(Value):
    """The human answered a call for help; `answer` is one of its options, or `text`."""

    type: Literal["human_answered"] = "human_answered"
    ask_id: str
    answer: str
    text: str = ""
    limits: Limits | None = None


class ModelChanged(Value):
    """The human gave the work to another model, which the next request goes to.

    By the harness the model stayed the same, and the reason says why.
    """

    type: Literal["model_changed"] = "model_changed"
    model: str
    by: Literal["human", "harness"] = "human"
    reason: str = ""
