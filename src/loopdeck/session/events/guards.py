"""Events of what keeps a run honest: the check, limits, loops."""

from typing import Literal

from loopdeck.session.values import Value


class CheckStarted(Value):
    """The definition of done is being tried."""

    type: Literal["check_started"] = "check_started"
    attempt: int
    command: str


class CheckFinished(Value):
    """The definition of done was met, or not."""

    type: Literal["check_finished"] = "check_finished"
    attempt: int
    ok: bool
    exit_code: int | None = None
    output: str
    duration_ms: float = 0.0


class LimitWarned(Value):
    """Four fifths of a limit are used up."""

    type: Literal["limit_warned"] = "limit_warned"
    limit: Literal["steps", "tokens", "cost_usd", "minutes"]
    used: float
    allowed: float


class LimitHit(Value):
    """A limit is used up: no further model call before somebody decides."""

    type: Literal["limit_hit"] = "limit_hit"
    limit: Literal["steps", "tokens", "cost_usd", "minutes"]
    used: float
    allowed: float


class LoopSuspected(Value):
    """The same call gave the same result `count` times among the last ones."""

    type: Literal["loop_suspected"] = "loop_suspected"
    tool: str
    count: int
