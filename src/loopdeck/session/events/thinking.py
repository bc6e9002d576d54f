"""Events of the model: asked, streaming, answered, failed; its plan and its context."""

from typing import Literal

from loopdeck.session.values import Block, PlanItem, Usage, Value

COMPACTED, NOT_COMPACTED = "compacted", "not_compacted"
"""Why the model stopped, where it was asked for a summary: one that is used, or one that is not."""


class ModelRequested(Value):
    """A request went to the model; `step` counts from 1, `attempt` too."""

    type: Literal["model_requested"] = "model_requested"
    step: int
    attempt: int = 1
    model: str
    closing: bool = False


class ModelChunk(Value):
    """Streamed text, gathered to at most 20 a second; a draft until the reply is complete.

    The last one of a reply that was cut has the `usage` that the server had told of until then,
    which leaves out most of what the reply itself took.
    """

    type: Literal["model_chunk"] = "model_chunk"
    kind: Literal["text", "thinking"]
    text: str
    usage: Usage | None = None
    cost_usd: float | None = None


class ModelReplied(Value):
    """A complete reply. Its calls follow as `call_proposed`, in the order of `blocks`."""

    type: Literal["model_replied"] = "model_replied"
    step: int
    blocks: tuple[Block, ...]
    stop: str
    usage: Usage = Usage()
    cost_usd: float | None = None
    note: str = ""


class ModelFailed(Value):
    """A request failed; `wait_s` is the pause before the next attempt, `None` if there is none."""

    type: Literal["model_failed"] = "model_failed"
    step: int
    attempt: int
    error: str
    hint: str = ""
    wait_s: float | None = None


class PlanRevised(Value):
    """The agent wrote its plan anew."""

    type: Literal["plan_revised"] = "plan_revised"
    items: tuple[PlanItem, ...]


class ContextCompacted(Value):
    """From here on the model is told less of what happened up to the event `upto`.

    A `summary` stands in the place of all of it; without one long results lost their middle.
    """

    type: Literal["context_compacted"] = "context_compacted"
    upto: int
    summary: str
