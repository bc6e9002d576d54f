"""What to type next where a limit ended a run."""

import pytest

from loopdeck.cli.runs.raising import with_way_on
from loopdeck.harness.ending import Ending
from loopdeck.session.events import ModelReplied, SessionStarted
from loopdeck.session.values import Limits
from tests.support import stories
from tests.support.journal import ListJournal


@pytest.mark.parametrize(
    ("used", "typed"),
    [(0.2722025, "0.55"), (0.5, "1"), (0.15, "0.3"), (0.0000321, "0.0001"), (12.344, "24.69")],
)
async def test_a_limit_is_raised_to_a_number_that_is_quickly_typed(used: float, typed: str) -> None:
    started, *_ = stories.beginning()
    asked, replied = stories.turn(1, "Hm.")
    assert isinstance(started, SessionStarted)
    assert isinstance(replied, ModelReplied)
    begun = started.model_copy(update={"limits": Limits(cost_usd=used / 2)})
    journal = ListJournal([begun, asked, replied.model_copy(update={"cost_usd": used})])
    ending = await with_way_on(Ending("limit", "It is used up."), journal, "s1")
    assert ending.hint == f"loopdeck resume s1 --max-cost {typed} goes on with it."
