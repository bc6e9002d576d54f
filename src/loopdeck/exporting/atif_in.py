"""An ATIF trajectory as a session that opens in replay, and the list of what it does not tell.

Everything in the file is outside content. Nothing in it is taken for a decision of this Loopdeck:
the model's name says that it was imported, so that nobody goes on with it by mistake, and each
call is marked as outside content. What Loopdeck itself wrote into `extra` is believed only as far
as it makes a valid recording.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from loopdeck.errors import CodecError
from loopdeck.exporting.atif_calls import Imported, calls_of
from loopdeck.exporting.atif_model import Content, Step, Trajectory, words_of
from loopdeck.exporting.atif_out import IMPORT_NOTE, OURS
from loopdeck.exporting.extras import dict_in, event_in, int_in, list_in, text_in, time_in
from loopdeck.exporting.story import BETWEEN
from loopdeck.session.codec import parse_ts
from loopdeck.session.events import (
    Event,
    HumanMessage,
    ModelReplied,
    ModelRequested,
    NoteAdded,
    PlanRevised,
    SessionEnded,
    SessionPaused,
    SessionStarted,
)
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from loopdeck.session.standing import IMPORTED_MODEL
from loopdeck.session.values import Block, CallBlock, JsonObject, TextBlock, ThinkingBlock, Usage

_NOWHERE = "(not recorded)"
_LEVEL = 3
_NO_MODEL = "unknown"


@dataclass(frozen=True, slots=True)
class Trip:
    """An imported session, and what its file did not tell."""

    session: str
    records: tuple[Record, ...]
    missing: tuple[str, ...]


def read_atif(text: str | bytes) -> Trip:
    """The session in a trajectory. Raises `CodecError`."""
    try:
        found = Trajectory.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CodecError(
            f"It is not an ATIF trajectory: {place or 'the file'}: {first['msg']}.",
            "ATIF 1.0 to 1.8 can be read; compare the file with its specification.",
        ) from error
    except RecursionError as error:
        raise CodecError("It is nested too deep to be read.", "Look at the file.") from error
    session = f"atif-{hashlib.sha256(found.model_dump_json().encode()).hexdigest()[:8]}"
    for trusts in (True, False):
        importer = _Importer(found, session, trusts=trusts)
        records = tuple(importer.records())
        if not any(problems(records)):
            break
    return Trip(session, records, tuple(importer.missing))


class _Importer:
    """Writes one trajectory as records; with `trusts` it takes up what Loopdeck left in it."""

    def __init__(self, found: Trajectory, session: str, *, trusts: bool) -> None:
        self._found = found
        self._session = session
        self._trusts = trusts
        self._now = 0
        self._start = 0
        self._seq = 0
        self._times: list[int] = []
        self._turn = 0
        self._imported = Imported()
        self.missing: list[str] = []

    def records(self) -> Iterator[Record]:
        """Every record, numbered, at times that never go back."""
        self.missing = list(_gaps(self._found, trusts=self._trusts))
        last: Event | None = None
        for ts, event in self._events():
            self._now = max(self._now, ts or 0)
            self._start = self._start or self._now
            self._seq += 1
            self._times.append(self._now)
            last = last if isinstance(event, NoteAdded) else event
            yield Record(self._session, self._seq, self._now, self._now - self._start, event)
        if not isinstance(last, SessionEnded):
            text = "The imported recording ends here; how the run ended is not recorded."
            end = SessionPaused(reason="human", text=text)
            yield Record(self._session, self._seq + 1, self._now, self._now - self._start, end)

    def _events(self) -> Iterator[tuple[int | None, Event]]:
        steps = list(self._found.steps)
        first = next((step.timestamp for step in steps if step.timestamp), None)
        at = parse_ts(first) if first else None
        instructions = ""
        if steps[0].source == "system":
            instructions = words_of(steps.pop(0).message)[0]
        goal = ""
        if steps and steps[0].source == "user":
            goal = words_of(steps.pop(0).message)[0]
        yield at, self._opening(goal, instructions)
        yield at, NoteAdded(at=1, text=self._note())
        for step in steps:
            yield from self._step(step)

    def _opening(self, goal: str, instructions: str) -> SessionStarted:
        agent = self._found.agent
        ours = dict_in(agent.extra, OURS) if self._trusts else {}
        level = int_in(ours, "level")
        model = agent.model_name
        model = model or next((s.model_name for s in self._found.steps if s.model_name), _NO_MODEL)
        return SessionStarted(
            goal=goal,
            model=f"{IMPORTED_MODEL}{model}",
            level=level if level in range(1, 6) else _LEVEL,
            workspace=text_in(ours, "workspace") or _NOWHERE,
            instructions=instructions,
            app_version=f"{agent.name} {agent.version}",
        )

    def _note(self) -> str:
        agent = self._found.agent
        head = f"{IMPORT_NOTE}{self._found.schema_version}, written by {agent.name}"
        missing = " ".join(self.missing)
        return f"{head} {agent.version}. All of it is outside content. {missing}".strip()

    def _step(self, step: Step) -> Iterator[tuple[int | None, Event]]:
        at = parse_ts(step.timestamp) if step.timestamp else None
        if step.source == "agent":
            yield from self._agent(step, at)
            return
        ours = dict_in(step.extra, OURS) if self._trusts else {}
        event = event_in(ours.get("event"))
        text = words_of(step.message)[0]
        if isinstance(event, NoteAdded):
            yield at, NoteAdded(at=self._place(event.at, ours), text=event.text)
        elif isinstance(event, BETWEEN):
            yield at, event
        elif step.source == "user":
            yield at, HumanMessage(text=text)
        else:
            yield at, NoteAdded(at=max(1, self._seq), text=text)

    def _place(self, at: int, ours: JsonObject) -> int:
        """The number that a moment a note is about has here: the newest event of its time."""
        about = time_in(ours.get("about"))
        found = min(at, self._seq) if about is None else bisect_right(self._times, about)
        return max(1, found)

    def _agent(self, step: Step, at: int | None) -> Iterator[tuple[int | None, Event]]:
        ours = dict_in(step.extra, OURS) if self._trusts else {}
        self._turn = max(self._turn + 1, int_in(ours, "step"))
        model = f"{IMPORTED_MODEL}{step.model_name or self._found.agent.model_name or _NO_MODEL}"
        yield at, ModelRequested(step=self._turn, model=model)
        calls = calls_of(step, self._turn, self._imported, trusts=self._trusts)
        stop = text_in(ours, "stop") or ("tool_use" if calls.proposed else "end_turn")
        replied = time_in(ours.get("replied"))
        yield (
            replied or at,
            ModelReplied(
                step=self._turn,
                blocks=tuple(_blocks(step, [call.call_id for call in calls.proposed])),
                stop=stop,
                usage=_usage(step),
                cost_usd=step.metrics.cost_usd if step.metrics else None,
            ),
        )
        yield from ((replied or at, call) for call in calls.proposed)
        for plan in list_in(ours, "plans"):
            event = event_in(plan)
            if isinstance(event, PlanRevised):
                yield replied or at, event
        yield from calls.events
        if calls.stray:
            yield at, NoteAdded(at=max(1, self._seq), text=calls.stray)


def _blocks(step: Step, calls: list[str]) -> Iterator[Block]:
    if step.reasoning_content:
        yield ThinkingBlock(text=step.reasoning_content)
    text = words_of(step.message)[0]
    if text:
        yield TextBlock(text=text)
    yield from (CallBlock(call_id=call_id) for call_id in calls)


def _usage(step: Step) -> Usage:
    metrics = step.metrics
    if metrics is None:
        return Usage()
    cached = metrics.cached_tokens or 0
    written = int_in(metrics.extra, "cache_write_tokens")
    return Usage(
        input=max(0, (metrics.prompt_tokens or 0) - cached - written),
        output=metrics.completion_tokens or 0,
        cache_read=cached,
        cache_write=written,
    )


def _gaps(found: Trajectory, *, trusts: bool) -> Iterator[str]:
    """Sentences about what a recording of Loopdeck would have, and this has not."""
    turns = [step for step in found.steps if step.source == "agent"]
    ours = trusts and any(dict_in(step.extra, OURS) for step in found.steps)
    if any(step.timestamp is None for step in found.steps):
        yield "Some steps have no time."
    if any(step.metrics is None for step in turns):
        yield "Some steps have no token counts."
    if any(step.tool_calls for step in turns) and not ours:
        yield "Who allowed a call, and whether it succeeded, is not recorded."
    if not ours:
        yield "The level, the workspace and the outcome are not recorded."
    media = sum(words_of(content)[1] for step in found.steps for content in _contents(step))
    if media:
        yield f"Images and sounds ({media}) are only named."
    if found.subagent_trajectories:
        yield f"The runs of sub-agents ({len(found.subagent_trajectories)}) are left out."
    if found.continued_trajectory_ref:
        yield "It goes on in another file."


def _contents(step: Step) -> Iterator[str | list[Content] | None]:
    yield step.message
    if step.observation:
        yield from (result.content for result in step.observation.results)


def looks_like_atif(text: bytes) -> bool:
    """Whether a file is one JSON object with a version of this format, and not lines of records."""
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return str(dict_in({"it": data}, "it").get("schema_version", "")).startswith("ATIF")
