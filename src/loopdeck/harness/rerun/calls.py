"""Recorded calls: each is what it was when it was shown and judged, and ends as it ended."""

import asyncio

from loopdeck.errors import ToolError
from loopdeck.harness.gating.answering import WORSE
from loopdeck.harness.gating.gate import INTERRUPTED, NOT_RUN
from loopdeck.harness.rerun.prompter import Prompter
from loopdeck.harness.rerun.prompts import untold
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.events import (
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CheckFinished,
    Event,
    HumanCalled,
    PlanRevised,
)
from loopdeck.session.likeness import MOVED
from loopdeck.session.values import Assessment, Category, JsonObject, Preview


class TapeCheck:
    """The definition of done, as it was met or not."""

    def __init__(self, prompter: Prompter) -> None:
        self._prompter = prompter

    def assess(self) -> Assessment:
        """Nobody judges the human's own command."""
        return Assessment(category=Category.UNKNOWN)

    def preview(self) -> Preview | None:
        """Nobody is shown it."""
        return None

    def binding(self) -> JsonObject:
        """Nothing is bound to it."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """The recorded end."""
        tape, place = self._prompter.tape, self._prompter.position
        while not isinstance(tape.event(place), CheckFinished | None):
            place += 1
        event = tape.event(place)
        if not isinstance(event, CheckFinished):
            await asyncio.Event().wait()
            raise AssertionError("nobody sets it")
        await self._prompter.until(place)
        return ToolResult(ok=event.ok, output=event.output, exit_code=event.exit_code)


class TapeCall:
    """One recorded call."""

    def __init__(self, prompter: Prompter, call_id: str) -> None:
        self._prompter = prompter
        self._tape = prompter.tape
        self._call_id = call_id

    def assess(self) -> Assessment:
        """What its tool said of it, the next time it was judged or else the last."""
        found = Assessment(category=Category.UNKNOWN)
        for place in self._tape.places(self._call_id):
            event = self._tape.event(place)
            if isinstance(event, CallJudged):
                found = Assessment(
                    category=event.category, reasons=event.reasons, facts=event.facts
                )
                if place >= self._prompter.upcoming:
                    break
        return found

    def preview(self) -> Preview | None:
        """What its human was shown, the next time they were asked or else the last."""
        asked = self._asked()
        if not asked:
            return None
        index = min(self._prompter.asked.get(self._call_id, 0), len(asked) - 1)
        return asked[index].preview

    def binding(self) -> JsonObject:
        """The state of its world, counted: another number as soon as the log says that it moved.

        Raises the recorded `ToolError` where what was approved could not be done any more.
        """
        refusal = refusal_of(self._prompter, self._call_id)
        if refusal:
            raise ToolError(refusal)
        upto = self._prompter.asked.get(self._call_id, 0)
        known = [*self._asked()[:upto], next_of(self._prompter, self._call_id)]
        return {"base": sum(_says_it_moved(event) for event in known)}

    async def run(self, context: ToolContext) -> ToolResult:
        """Ask what it asked, plan what it planned, and end as it ended."""
        end = self._end()
        for place in self._effects(end):
            event = self._tape.event(place)
            await self._prompter.until(place)
            if isinstance(event, HumanCalled):
                await context.ask(event.text, event.options, event.form or ())
            elif isinstance(event, PlanRevised):
                self._prompter.give(place)
                await context.revise_plan(event.items)
        finished = self._tape.event(end) if end is not None else None
        if end is None or not isinstance(finished, CallFinished):
            await asyncio.Event().wait()  # it was cut short, or nobody saw its end
            raise AssertionError("nobody sets it")
        await self._prompter.until(end)
        self._prompter.give(end)
        return _result(finished)

    def _asked(self) -> list[CallAsked]:
        events = (self._tape.event(place) for place in self._tape.places(self._call_id))
        return [event for event in events if isinstance(event, CallAsked)]

    def _end(self) -> int | None:
        for place in self._tape.places(self._call_id):
            event = self._tape.event(place)
            if isinstance(event, CallFinished) and place >= self._prompter.upcoming:
                own = event.by == "tool" and event.output != INTERRUPTED
                return place if own else None
        return None

    def _effects(self, end: int | None) -> list[int]:
        """What it did beside its work and still has to: a question waits until it is answered."""
        now = self._prompter.upcoming
        found = self._tape.plans(self._call_id) if end is not None else []
        for place in self._tape.places(self._call_id):
            event = self._tape.event(place)
            if isinstance(event, HumanCalled) and event.kind == "question":
                answer = self._tape.answer_to(event)
                if place >= now or answer is None or answer >= now:
                    found.append(place)
        return sorted(place for place in found if place >= now or not self._is_plan(place))

    def _is_plan(self, place: int) -> bool:
        return isinstance(self._tape.event(place), PlanRevised)


def refusal_of(prompter: Prompter, call_id: str) -> str:
    """Why a call could not be looked at, if that is the next that happens to it."""
    event = next_of(prompter, call_id)
    if isinstance(event, CallFinished) and event.by == "harness":
        return "" if event.output in (INTERRUPTED, NOT_RUN) else event.output
    return ""


def _says_it_moved(event: Event | None) -> bool:
    """Whether a call was asked again because its world had changed, and not its arguments."""
    return isinstance(event, CallAsked) and event.again.startswith(MOVED) and event.again != WORSE


def next_of(prompter: Prompter, call_id: str) -> Event | None:
    """What happens to a call next, once it is proposed."""
    for place in prompter.tape.places(call_id):
        event = prompter.tape.event(place)
        if place >= prompter.upcoming and not isinstance(event, CallProposed):
            return event
    return None


def _result(event: CallFinished) -> ToolResult:
    """As the tool gave it. No place is named: what is not stored would be deleted there."""
    return ToolResult(
        ok=event.ok,
        output=untold(event.withheld) if event.withheld else event.output,
        diff=event.diff,
        files=event.files,
        exit_code=event.exit_code,
        blocked=event.blocked,
        usage=event.usage,
        cost_usd=event.cost_usd,
        service=event.service,
    )
