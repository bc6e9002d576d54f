"""`update_plan` and `ask_human`."""

from loopdeck.session.values import Category, PlanItem
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.tools import FakeContext
from tests.tools.conftest import Run


async def test_a_plan_reaches_the_human(run: Run, context: FakeContext) -> None:
    result = await run("update_plan", items=[{"text": "read", "state": "done"}, {"text": "write"}])
    assert context.plans == [[PlanItem(text="read", state="done"), PlanItem(text="write")]]
    assert result.output == "Plan noted: 2 items, 1 done."


async def test_the_answer_of_the_human_is_the_result(run: Run, context: FakeContext) -> None:
    result = await run("ask_human", question="Which colour?", options=["red", "blue"])
    assert result.output == "blue"
    assert context.questions == [("Which colour?", ("red", "blue"))]


def test_both_are_mild(box: BuiltinToolbox) -> None:
    plan = box.prepare("update_plan", {"items": [{"text": "x"}]})
    assert plan.assess().category is Category.READ
    assert box.prepare("ask_human", {"question": "?"}).assess().category is Category.READ
