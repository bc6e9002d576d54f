"""The running sums of a session: what was spent, asked, answered, and went wrong."""

from loopdeck.session.calls import CallEvent, CallStatus, CallView
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    CallStarted,
)
from loopdeck.session.evolve import evolve
from loopdeck.session.state import Totals
from loopdeck.session.values import Usage


def spend(totals: Totals, new: Usage, cost_usd: float | None, *, cut: bool = False) -> Totals:
    """The sums after a reply, or after one that was `cut`: what is known of it."""
    old = totals.usage
    return evolve(
        totals,
        usage=Usage(
            input=old.input + new.input,
            output=old.output + new.output,
            cache_read=old.cache_read + new.cache_read,
            cache_write=old.cache_write + new.cache_write,
        ),
        cost_usd=totals.cost_usd + (cost_usd or 0.0),
        cost_known=totals.cost_known and (cut or cost_usd is not None),
        cut=totals.cut + cut,
    )


def count(totals: Totals, view: CallView, event: CallEvent) -> Totals:
    """The sums after an event of a call."""
    match event:
        case CallProposed():
            return evolve(totals, calls=totals.calls + 1)
        case CallStarted():
            span = totals.span + 1
            return evolve(totals, span=span, longest_span=max(span, totals.longest_span))
        case CallAsked():
            return evolve(totals, asked=totals.asked + 1)
        case CallAnswered(by="human"):
            return _count_answer(totals, view)
        case CallFinished():
            if event.usage is not None:
                totals = spend(totals, event.usage, event.cost_usd)
            failed = view.status is CallStatus.FAILED
            return evolve(totals, errors=totals.errors + 1) if failed else totals
        case _:
            return totals


def _count_answer(totals: Totals, view: CallView) -> Totals:
    yes = view.status is CallStatus.APPROVED
    return evolve(
        totals,
        approved=totals.approved + yes,
        denied=totals.denied + (not yes),
        human_wait_ns=totals.human_wait_ns + view.waited_ns,
        span=0,
    )
