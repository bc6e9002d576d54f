"""What of its arguments tells a call from others, and where its events end."""

from typing import cast

import pytest

from loopdeck.session.calls import CallEvent, CallView, about, advance_call
from loopdeck.session.events import CallFinished, CallOutput, CallProposed
from loopdeck.session.values import JsonObject
from tests.support.records import recording


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"content": "x", "path": "a.txt"}, "a.txt"),
        ({"path": None}, "null"),
        ({"path": ["ä", True]}, '["ä", true]'),
        ({"content": "x"}, ""),
    ],
)
def test_a_call_is_told_by_its_argument_as_the_model_wrote_it(args: JsonObject, told: str) -> None:
    assert about(args) == told


def test_what_a_service_prints_after_its_call_changes_nothing_of_the_call() -> None:
    end = CallFinished(call_id="c1", ok=True, output="up", service="dev")
    log = recording([CallProposed(call_id="c1", step=1, tool="shell", args={}), end])
    late = recording([CallOutput(call_id="c1", text="GET /")], after=2)[0]
    view: CallView | None = None
    for record in log:
        view = advance_call(view, record, cast("CallEvent", record.event))
    assert advance_call(view, late, cast("CallOutput", late.event)) == view
