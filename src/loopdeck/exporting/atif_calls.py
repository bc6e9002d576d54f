"""The calls of one imported step: proposed, decided as far as anybody recorded it, and ended."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from loopdeck.exporting.atif_model import Result, Step, ToolCall, words_of
from loopdeck.exporting.atif_out import OURS
from loopdeck.exporting.extras import dict_in, event_in, list_in, time_in
from loopdeck.session.calls import CallEvent
from loopdeck.session.codec import parse_ts
from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallProposed,
    CallStarted,
    CallUnknown,
)
from loopdeck.session.standing import OUTSIDE_FACT
from loopdeck.session.values import Category, Decision, Reason

Timed = tuple[int | None, CallEvent]

_RULE = "recorded elsewhere"
_REASON = "Loopdeck did not judge this call: another program ran it"
_NO_RESULT = "the imported recording has no result of it"


@dataclass(slots=True)
class Imported:
    """The ids of all calls so far: the format lets them come twice, a session does not."""

    taken: set[str] = field(default_factory=set[str])

    def fresh(self, wanted: str) -> str:
        """The id, or one like it that is free."""
        name, count = wanted, 1
        while name in self.taken:
            count += 1
            name = f"{wanted}~{count}"
        self.taken.add(name)
        return name


@dataclass(slots=True)
class Calls:
    """What one step did. `stray` is what came back without a call."""

    proposed: list[CallProposed] = field(default_factory=list[CallProposed])
    events: list[Timed] = field(default_factory=list[Timed])
    stray: str = ""


def calls_of(step: Step, turn: int, imported: Imported, *, trusts: bool) -> Calls:
    """The calls of a step of the agent, their events in the order of their times."""
    results = list(step.observation.results) if step.observation else []
    at = parse_ts(step.timestamp) if step.timestamp else None
    found = Calls()
    timed: list[tuple[int, Timed]] = []
    for call in step.tool_calls or ():
        call_id = imported.fresh(call.tool_call_id)
        result = _taken(results, call.tool_call_id)
        ours = dict_in(call.extra, OURS) if trusts else {}
        args = dict_in(ours, "proposed") or call.arguments
        proposed = CallProposed(call_id=call_id, step=turn, tool=call.function_name, args=args)
        found.proposed.append(proposed)
        events = list(_events(call, call_id, result, at, trusts=trusts))
        latest = at or 0
        for ts, event in events:
            latest = max(latest, ts or 0)
            timed.append((latest, (ts, event)))
    found.events = [event for _, event in sorted(timed, key=lambda pair: pair[0])]
    found.stray = "\n".join(_words(result) for result in results)
    return found


def _taken(results: list[Result], call_id: str) -> Result | None:
    """The first result of a call, which is then gone from the list."""
    for place, result in enumerate(results):
        if result.source_call_id == call_id:
            return results.pop(place)
    return None


def _events(
    call: ToolCall, call_id: str, result: Result | None, at: int | None, *, trusts: bool
) -> Iterator[Timed]:
    if trusts and OURS in (call.extra or {}):
        yield from _kept(call, call_id, result)
    else:
        yield from ((at, event) for event in _plain(call_id, result))


def _kept(call: ToolCall, call_id: str, result: Result | None) -> list[Timed]:
    """What Loopdeck wrote down about the call when it exported it, marked as from outside."""
    found: list[Timed] = []
    for entry in list_in(dict_in(call.extra, OURS), "events"):
        event = event_in(dict_in({"it": entry}, "it").get("event"))
        ts = time_in(dict_in({"it": entry}, "it").get("ts"))
        if not isinstance(event, CallEvent) or isinstance(event, CallProposed):
            return []
        event = event.model_copy(update={"call_id": call_id})
        if isinstance(event, CallJudged):
            event = event.model_copy(update={"facts": event.facts | {OUTSIDE_FACT: True}})
        elif isinstance(event, CallFinished) and result is not None:
            event = event.model_copy(update={"output": _words(result)})
        found.append((ts, event))
    return found


def _plain(call_id: str, result: Result | None) -> Iterator[CallEvent]:
    """A call of which only its result is known."""
    yield CallJudged(
        call_id=call_id,
        verdict=Decision.ALLOW,
        category=Category.UNKNOWN,
        level=0,
        rule=_RULE,
        reasons=(Reason(text=_REASON),),
        facts={OUTSIDE_FACT: True},
    )
    yield CallStarted(call_id=call_id)
    if result is None:
        yield CallUnknown(call_id=call_id, reason=_NO_RESULT)
    else:
        yield CallFinished(call_id=call_id, ok=True, output=_words(result))


def _words(result: Result) -> str:
    return words_of(result.content)[0]
