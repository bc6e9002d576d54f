"""What a human may say to a running agent: the only way from a key to the harness."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from loopdeck.session.attached import Attachment
from loopdeck.session.values import Grant, JsonObject, Limits, Value


class Approve(Value):
    """Run the call, once; `binding` is the hash of what the human saw, and of nothing else.

    `grant` is a standing permission given with it; without `store` the log keeps no result.
    """

    type: Literal["approve"] = "approve"
    call_id: str
    binding: str
    args: JsonObject | None = None
    grant: Grant | None = None
    store: bool = True


class Deny(Value):
    """Do not run the call; the reason goes to the model."""

    type: Literal["deny"] = "deny"
    call_id: str
    reason: str = ""


class Answer(Value):
    """The answer to a call for help."""

    type: Literal["answer"] = "answer"
    ask_id: str
    answer: str
    text: str = ""
    limits: Limits | None = None


class Say(Value):
    """A message for the agent, read with its next model call.

    One with a `ticket` is queued: until the agent takes it, it can be taken back by its ticket.
    """

    type: Literal["say"] = "say"
    text: str
    ticket: str = ""
    attached: tuple[Attachment, ...] | None = None


class Steer(Value):
    """A message that interrupts the turn."""

    type: Literal["steer"] = "steer"
    text: str
    attached: tuple[Attachment, ...] | None = None


class Interrupt(Value):
    """Stop what runs now, and wait for what its human says."""

    type: Literal["interrupt"] = "interrupt"


class Pause(Value):
    """Halt after the current step."""

    type: Literal["pause"] = "pause"


class GoOn(Value):
    """Leave the pause."""

    type: Literal["go_on"] = "go_on"


class Retry(Value):
    """Ask the model again at once, where a failed request is waited out."""

    type: Literal["retry"] = "retry"


class Compact(Value):
    """Tell the model what happened so far in short, from its next call on.

    With `results_only` long results are shortened, and nothing is summed up.
    """

    type: Literal["compact"] = "compact"
    results_only: bool = False


class SetLevel(Value):
    """Turn the autonomy dial."""

    type: Literal["set_level"] = "set_level"
    level: int = Field(ge=1, le=5)


class SetModel(Value):
    """Give the work to another model, from its next request on."""

    type: Literal["set_model"] = "set_model"
    model: str


class Revoke(Value):
    """Take back a standing permission."""

    type: Literal["revoke"] = "revoke"
    grant_id: str


class StopService(Value):
    """End what the agent left running."""

    type: Literal["stop_service"] = "stop_service"
    service: str


class Bookmark(Value):
    """Mark the moment `at`, for people alone."""

    type: Literal["bookmark"] = "bookmark"
    at: int = Field(ge=1)
    label: str = ""


class Note(Value):
    """Write something down about the moment `at`; the agent never sees it."""

    type: Literal["note"] = "note"
    at: int = Field(ge=1)
    text: str


class Stop(Value):
    """End the run."""

    type: Literal["stop"] = "stop"
    reason: str = ""


Command = Annotated[
    Approve
    | Deny
    | Answer
    | Say
    | Steer
    | Interrupt
    | Pause
    | GoOn
    | Retry
    | Compact
    | SetLevel
    | SetModel
    | Revoke
    | StopService
    | Bookmark
    | Note
    | Stop,
    Field(discriminator="type"),
]

Jot = Bookmark | Note
"""What a human adds to a session for people alone, whether or not an agent works on it."""

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
