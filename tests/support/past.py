"""Calls of past sessions, as records and as what is left of them for rules."""

from loopdeck.session.events import CallAnswered, CallAsked, CallJudged, CallProposed, Event
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Category, Decision, JsonObject

WORKSPACE = "/demo/shed"


def past_call(
    number: int,
    tool: str,
    args: JsonObject,
    category: Category,
    *,
    answer: str = "",
    facts: JsonObject | None = None,
) -> RecordedCall:
    """One recorded call; one that somebody answered was asked about."""
    return RecordedCall(
        session="s1",
        call_id=f"c{number}",
        tool=tool,
        args=args,
        category=category,
        facts=facts or {},
        verdict=Decision.ASK if answer else Decision.ALLOW,
        human_answer=answer,
        workspace=WORKSPACE,
    )


def told(
    call_id: str,
    tool: str,
    args: JsonObject,
    category: Category = Category.WRITE,
    *,
    answer: str = "",
    edited: JsonObject | None = None,
    facts: JsonObject | None = None,
) -> list[Event]:
    """The events of one call, as far as the permission layer writes them."""
    verdict = Decision.ASK if answer else Decision.ALLOW
    judged = CallJudged(
        call_id=call_id, verdict=verdict, category=category, level=3, rule="r", facts=facts or {}
    )
    events: list[Event] = [
        CallProposed(call_id=call_id, step=1, tool=tool, args=args),
        judged,
    ]
    if answer:
        yes = CallAnswered.model_validate(
            {"call_id": call_id, "answer": answer, "by": "human", "args": edited}
        )
        events += [CallAsked(call_id=call_id, binding="b"), yes]
    return events
