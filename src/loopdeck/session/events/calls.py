"""Events of one tool call: proposed, judged, asked, answered, started, output, finished."""

from typing import Literal

from pydantic import Field

from loopdeck.session.values import Category, Decision, JsonObject, Preview, Reason, Usage, Value


class CallProposed(Value):
    """The model wants a tool to run."""

    type: Literal["call_proposed"] = "call_proposed"
    call_id: str
    step: int
    tool: str
    args: JsonObject


class CallJudged(Value):
    """The permission layer decided, and says why; `floor` where no rule could have said other."""

    type: Literal["call_judged"] = "call_judged"
    call_id: str
    verdict: Decision
    category: Category
    level: int
    rule: str
    reasons: tuple[Reason, ...] = ()
    facts: JsonObject = Field(default_factory=dict)
    grant_id: str = ""  # the standing permission that decided
    policy: str = ""  # the hash of the rules it was judged by
    floor: bool = False


class CallAsked(Value):
    """A human was asked; `binding` is the hash of exactly what would run."""

    type: Literal["call_asked"] = "call_asked"
    call_id: str
    binding: str
    preview: Preview | None = None
    again: str = ""


class CallAnswered(Value):
    """Somebody answered; `binding` names what was answered, edited `args` included.

    Without `store` the model gets the result, and the log only its length.
    """

    type: Literal["call_answered"] = "call_answered"
    call_id: str
    answer: Literal["approved", "denied", "expired"]
    by: Literal["human", "rule", "limit"]
    reason: str = ""
    args: JsonObject | None = None
    binding: str = ""
    store: bool = True


class CallStarted(Value):
    """The tool is about to act: written durably before it does; `binding` is what was verified."""

    type: Literal["call_started"] = "call_started"
    call_id: str
    binding: str = ""


class CallOutput(Value):
    """Output of a running tool, gathered to at most 20 a second; never sent to the model."""

    type: Literal["call_output"] = "call_output"
    call_id: str
    stream: Literal["stdout", "stderr"] = "stdout"
    text: str


class CallFinished(Value):
    """The call has its result: `output` is what the model is told."""

    type: Literal["call_finished"] = "call_finished"
    call_id: str
    ok: bool
    output: str
    by: Literal["tool", "harness", "human"] = "tool"
    duration_ms: float = 0.0
    diff: str = ""
    files: tuple[str, ...] = ()
    exit_code: int | None = None
    full_output: str = ""
    blocked: str = ""  # what the sandbox kept it from doing
    withheld: int = 0  # characters that the model was given and the log was not
    usage: Usage | None = None  # what it took of the run's own model
    cost_usd: float | None = None
    service: str | None = None  # the name of what it left running, as it had declared


class CallUnknown(Value):
    """The call had started and nobody knows how it ended."""

    type: Literal["call_unknown"] = "call_unknown"
    call_id: str
    reason: str
