"""The Agent Trajectory Interchange Format, ATIF 1.0 to 1.8, as checked values.

Approvals have no place in the format: they travel in the `extra` of a call, as do the events
that happen between two steps, under the name `loopdeck`.
"""

import re
from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from loopdeck.session.codec import parse_ts

VERSION = "ATIF-v1.8"
_KNOWN = re.compile(r"ATIF-v1\.[0-8]")
_AGENTS_OWN = ("model_name", "reasoning_effort", "reasoning_content", "tool_calls", "metrics")

Extra = dict[str, Any]  # whatever a producer keeps there


class Part(BaseModel):
    """Base of all of it: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Part):
    """Where an image or a recording of sound lies."""

    media_type: str
    path: str
    duration_sec: float | None = Field(default=None, ge=0)


class Content(Part):
    """One piece of a message of several kinds."""

    type: Literal["text", "image", "audio"]
    text: str | None = None
    source: Source | None = None

    @model_validator(mode="after")
    def _has_what_it_says(self) -> Self:
        if (self.type == "text") != (self.text is not None and self.source is None):
            raise ValueError("a text has text, and all else has a source")
        if self.type != "text" and self.source is None:
            raise ValueError(f"an {self.type} has a source")
        return self


class Delegated(Part):
    """A pointer to the trajectory of a sub-agent."""

    trajectory_id: str | None = None
    session_id: str | None = None
    trajectory_path: str | None = None
    extra: Extra | None = None


class ToolCall(Part):
    """A tool call of a step."""

    tool_call_id: str
    function_name: str
    arguments: dict[str, Any]
    extra: Extra | None = None


class Result(Part):
    """What came back from a call, or from the world."""

    source_call_id: str | None = None
    content: str | list[Content] | None = None
    subagent_trajectory_ref: list[Delegated] | None = None
    extra: Extra | None = None


class Observation(Part):
    """What came back in a step."""

    results: list[Result]


class Metrics(Part):
    """Tokens and money of a step; `prompt_tokens` are all that were sent, cached ones too."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    cost_usd: float | None = None
    prompt_token_ids: list[int] | None = None
    completion_token_ids: list[int] | None = None
    logprobs: list[float] | None = None
    extra: Extra | None = None


class Step(Part):
    """One turn of the agent, or words of a person or of the program around it."""

    step_id: int = Field(ge=1)
    timestamp: str | None = None
    source: Literal["system", "user", "agent"]
    model_name: str | None = None
    reasoning_effort: str | float | None = None
    message: str | list[Content]
    reasoning_content: str | None = None
    tool_calls: list[ToolCall] | None = None
    observation: Observation | None = None
    metrics: Metrics | None = None
    is_copied_context: bool | None = None
    llm_call_count: int | None = Field(default=None, ge=0)
    extra: Extra | None = None

    @field_validator("timestamp")
    @classmethod
    def _is_a_time(cls, text: str | None) -> str | None:
        if text is not None:
            parse_ts(text)
        return text

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.source != "agent":
            wrong = next((name for name in _AGENTS_OWN if getattr(self, name) is not None), None)
            if wrong is not None:
                raise ValueError(f"only a step of the agent has {wrong}")
        elif self.llm_call_count == 0 and (self.metrics or self.reasoning_content):
            raise ValueError("a step without a model has no metrics and no reasoning")
        results = self.observation.results if self.observation else ()
        known = {call.tool_call_id for call in self.tool_calls or ()} | {None}
        stray = next((one for one in results if one.source_call_id not in known), None)
        if stray is not None:
            raise ValueError(f"there is no call {stray.source_call_id} in step {self.step_id}")
        return self


class Agent(Part):
    """Who acted."""

    name: str
    version: str
    model_name: str | None = None
    tool_definitions: list[dict[str, Any]] | None = None
    extra: Extra | None = None


class FinalMetrics(Part):
    """Sums over all steps."""

    total_prompt_tokens: int | None = None
    total_completion_tokens: int | None = None
    total_cached_tokens: int | None = None
    total_cost_usd: float | None = None
    total_steps: int | None = Field(default=None, ge=0)
    extra: Extra | None = None


class Trajectory(Part):
    """A whole run."""

    schema_version: str = VERSION
    session_id: str | None = None
    trajectory_id: str | None = None
    agent: Agent
    steps: list[Step] = Field(min_length=1)
    notes: str | None = None
    final_metrics: FinalMetrics | None = None
    continued_trajectory_ref: str | None = None
    extra: Extra | None = None
    subagent_trajectories: list["Trajectory"] | None = None

    @field_validator("schema_version")
    @classmethod
    def _is_known(cls, text: str) -> str:
        if not _KNOWN.fullmatch(text):
            raise ValueError(f"this Loopdeck reads ATIF 1.0 to 1.8, and not {text[:40]}")
        return text

    @model_validator(mode="after")
    def _is_numbered(self) -> Self:
        if [step.step_id for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError("steps are numbered from 1 without a gap")
        names = [one.trajectory_id for one in self.subagent_trajectories or ()]
        if None in names or len(set(names)) != len(names):
            raise ValueError("every sub-agent's trajectory has an id of its own")
        return self


def words_of(content: str | Sequence[Content] | None) -> tuple[str, int]:
    """The text of a message or result, and how many images and sounds are only named in it."""
    if content is None:
        return "", 0
    if isinstance(content, str):
        return content, 0
    named = [
        part.text or "" if part.source is None else f"[{part.type}: {part.source.path}]"
        for part in content
    ]
    return "\n".join(named), sum(part.source is not None for part in content)
