"""A session as an ATIF 1.8 trajectory."""

import json
from collections.abc import Iterator, Sequence
from math import isfinite

from loopdeck.exporting import words
from loopdeck.exporting.atif_model import (
    Agent,
    Extra,
    FinalMetrics,
    Metrics,
    Observation,
    Result,
    Step,
    ToolCall,
    Trajectory,
)
from loopdeck.exporting.story import Between, Call, Story, story_of
from loopdeck.exporting.story import Step as Turn
from loopdeck.session.calls import CallEvent
from loopdeck.session.codec import dump_event, format_ts
from loopdeck.session.events import (
    CallFinished,
    CallOutput,
    CallProposed,
    HumanAnswered,
    HumanMessage,
    HumanSteered,
    NoteAdded,
)
from loopdeck.session.records import Record
from loopdeck.session.standing import IMPORTED_MODEL
from loopdeck.session.values import JsonObject, Usage

OURS = "loopdeck"
"""The name of our own part in every `extra`."""

IMPORT_NOTE = "Imported from "
LOST = (
    "ATIF has no place for the pieces a reply or an output came in: only the whole is there.",
    "Bookmarks are left out; notes are in it.",
    "Approvals, checks and pauses are in `extra`, where only Loopdeck looks for them.",
)


def trajectory(records: Sequence[Record], version: str) -> Trajectory:
    """The whole session. Every session has a first step: its goal."""
    story = story_of(records)
    calls = _events_of_calls(records)
    times = {record.seq: record.ts for record in records}
    steps = [step for part in _parts(story, calls, times) for step in part]
    state, usage = story.state, story.state.totals.usage
    return Trajectory(
        session_id=story.session or None,
        agent=Agent(
            name=OURS,
            version=version or "unknown",
            model_name=state.model.removeprefix(IMPORTED_MODEL) or None,
            extra={OURS: {"level": state.level, "workspace": state.workspace}},
        ),
        steps=[step.model_copy(update={"step_id": at}) for at, step in enumerate(steps, start=1)],
        final_metrics=FinalMetrics(
            total_prompt_tokens=usage.total - usage.output,
            total_completion_tokens=usage.output,
            total_cached_tokens=usage.cache_read,
            total_cost_usd=_finite(state.totals.cost_usd) if state.totals.cost_known else None,
            total_steps=len(steps),
            extra=None if state.totals.cost_is_all else {OURS: {"cost_is_all": False}},
        ),
        extra={OURS: {"outcome": words.outcome(state)}},
    )


def atif(records: Sequence[Record], version: str) -> str:
    """The same as JSON text."""
    return trajectory(records, version).model_dump_json(indent=2, exclude_none=True) + "\n"


def _parts(
    story: Story, calls: dict[str, list[Record]], times: dict[int, int]
) -> Iterator[list[Step]]:
    yield list(_opening(story))
    plans = list(story.plans)
    for part in story.parts:
        match part:
            case Turn():
                ours: JsonObject = {"step": part.number}
                end = _end_of(part, story)
                ours["plans"] = [json.loads(dump_event(p)) for at, p in plans if at < end]
                plans = [(at, plan) for at, plan in plans if at >= end]
                yield [_turn(part, calls, {name: one for name, one in ours.items() if one})]
            case Between(event=NoteAdded(text=text)) if text.startswith(IMPORT_NOTE):
                pass  # says how the record came here, and is nothing of the run
            case Between():
                yield [_between(part, times)]


def _end_of(turn: Turn, story: Story) -> int:
    """The number of the event with which the next turn begins."""
    after = (one.record.seq for one in story.steps if one.record.seq > turn.record.seq)
    return next(after, story.state.last_seq + 1)


def _opening(story: Story) -> Iterator[Step]:
    state = story.state
    at = format_ts(story.first.ts) if story.first else None
    if story.start and story.start.instructions:
        yield Step(step_id=1, timestamp=at, source="system", message=story.start.instructions)
    yield Step(step_id=1, timestamp=at, source="user", message=state.goal)


def _turn(turn: Turn, calls: dict[str, list[Record]], ours: JsonObject) -> Step:
    reply = turn.reply
    if reply is not None:
        ours |= {"stop": reply.stop, "replied": format_ts(turn.replied.ts if turn.replied else 0)}
    results = [_result(call) for call in turn.calls if call.view.status.is_settled]
    return Step(
        step_id=1,
        timestamp=format_ts(turn.record.ts),
        source="agent",
        model_name=turn.model.removeprefix(IMPORTED_MODEL) or None,
        message=turn.text or ("" if reply else turn.draft),
        reasoning_content=turn.thought or None,
        tool_calls=[_call(call, calls) for call in turn.calls] or None,
        observation=Observation(results=results) if results else None,
        metrics=_metrics(reply.usage, reply.cost_usd) if reply else None,
        llm_call_count=max(1, turn.attempts),
        extra={OURS: ours},
    )


def _metrics(usage: Usage, cost: float | None) -> Metrics:
    return Metrics(
        prompt_tokens=usage.total - usage.output,
        completion_tokens=usage.output,
        cached_tokens=usage.cache_read,
        cost_usd=_finite(cost),
        extra={"cache_write_tokens": usage.cache_write} if usage.cache_write else None,
    )


def _call(call: Call, calls: dict[str, list[Record]]) -> ToolCall:
    """The call with the arguments it ran with; what was decided about it is in its extra."""
    view = call.view
    kept = [{"ts": format_ts(record.ts), "event": _short(record)} for record in calls[view.call_id]]
    ours: Extra = {"events": kept}
    if view.original_args is not None:
        ours["proposed"] = view.original_args
    return ToolCall(
        tool_call_id=view.call_id,
        function_name=view.tool,
        arguments=view.args,
        extra={OURS: ours},
    )


def _result(call: Call) -> Result:
    view = call.view
    content = view.output or view.answer_reason
    return Result(source_call_id=view.call_id, content=content)


def _between(part: Between, times: dict[int, int]) -> Step:
    """A note tells the time of what it is about: numbers are others when it comes back."""
    event = part.event
    ours: Extra = {"event": json.loads(dump_event(event))}
    if isinstance(event, NoteAdded) and event.at in times:
        ours["about"] = format_ts(times[event.at])
    said = isinstance(event, HumanMessage | HumanSteered | HumanAnswered)
    text = words.speech(event)
    message = text if said else ": ".join(filter(None, (words.moment(event), text)))
    return Step(
        step_id=1,
        timestamp=format_ts(part.record.ts),
        source="user" if said else "system",
        message=message,
        extra={OURS: ours},
    )


def _events_of_calls(records: Sequence[Record]) -> dict[str, list[Record]]:
    """What happened to each call, its proposal and the pieces of its output left out."""
    found: dict[str, list[Record]] = {}
    for record in records:
        event = record.event
        if isinstance(event, CallProposed):
            found.setdefault(event.call_id, [])
        elif isinstance(event, CallEvent) and not isinstance(event, CallOutput):
            found.setdefault(event.call_id, []).append(record)
    return found


def _short(record: Record) -> JsonObject:
    """The event as JSON; the output is not told twice."""
    event = record.event
    data: JsonObject = json.loads(dump_event(event))
    if isinstance(event, CallFinished):
        data["output"] = ""
    return data


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None
