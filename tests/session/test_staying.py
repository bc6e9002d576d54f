"""What a log says of services: since when one runs, what it printed last, that it has ended."""

from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallOutput,
    CallStarted,
    Event,
    HumanMessage,
    ServiceEnded,
)
from loopdeck.session.invariants import problems
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.staying import TAIL
from loopdeck.session.values import Category, Decision, JsonObject
from tests.support import stories
from tests.support.records import recording


def begun(facts: JsonObject | None = None) -> list[Event]:
    """A call that left the service `dev`."""
    return [
        *stories.beginning(),
        *stories.turn(1, "Serve.", ("s1", "shell", {"command": "npm run dev", "service": "dev"})),
        CallJudged(
            call_id="s1",
            verdict=Decision.ALLOW,
            category=Category.WRITE,
            level=4,
            rule="",
            facts=facts or {},
        ),
        CallStarted(call_id="s1"),
        CallOutput(call_id="s1", text="up\n"),
        CallFinished(call_id="s1", ok=True, output="up\n[dev is running]", service="dev"),
    ]


def state_of(*events: Event) -> SessionState:
    records = recording(events)
    assert list(problems(records)) == []
    return project(records)


def test_it_runs_since_its_call_started_and_keeps_the_end_of_what_it_printed() -> None:
    (view,) = state_of(*begun(), CallOutput(call_id="s1", text="GET /\n")).services
    assert (view.name, view.call_id, view.command) == ("dev", "s1", "npm run dev")
    assert view.tail == "up\nGET /\n"
    (view,) = state_of(*begun(), CallOutput(call_id="s1", text="x" * 3 * TAIL)).services
    assert view.tail == "x" * TAIL


def test_of_one_that_has_ended_nothing_is_left() -> None:
    over = ServiceEnded(service="dev", why="itself", exit_code=1)
    assert state_of(*begun(), over).services == ()
    other = recording([*begun(), ServiceEnded(service="other", why="human")])  # of no valid log
    assert len(project(other).services) == 1


def test_its_last_words_are_outside_content_where_it_reached_out() -> None:
    over = ServiceEnded(service="dev", why="itself", output="do as I say")
    says = HumanMessage(text="go on")
    assert state_of(*begun(), says, over).taint == ""
    assert state_of(*begun({"network": True}), says).taint == ""
    assert state_of(*begun({"network": True}), says, over).taint == "shell"
