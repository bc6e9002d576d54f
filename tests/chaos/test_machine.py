"""Lives of any length, ended at any moment, and a human who looks: every promise is kept."""

import asyncio
from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from loopdeck.harness.setting import OnUnknown
from tests.chaos.mortal import Ends, Mortal

TOOLS = st.sampled_from(["put", "put", "wreck", "look", "fetch"])
STEPS = st.lists(st.lists(TOOLS, min_size=1, max_size=3), min_size=1, max_size=3)
MOMENTS = st.sampled_from(
    [
        "after model_requested",
        "before call_asked",
        "after call_asked",
        "before call_answered",
        "after call_answered",
        "before call_started",
        "after call_started",
        "the tool begins",
        "the tool has acted",
        "before call_finished",
        "after call_unknown",
        "after human_called",
        "before session_ended",
    ]
)
LIVES = 40


def after(count: int) -> Ends:
    """The end comes with so many moments."""
    left = [count]

    def ends(_: str) -> bool:
        left[0] -= 1
        return left[0] < 0

    return ends


class Lives(RuleBasedStateMachine):
    """The harness, a written model, and the end at any time."""

    @initialize(steps=STEPS, sees_undone=st.sampled_from(["not done", "run again"]))
    def begin(self, steps: Sequence[Sequence[str]], sees_undone: str) -> None:
        """A session with these tasks."""
        self.run = Mortal(
            [
                [(tool, f"k{step}.{at}") for at, tool in enumerate(tools)]
                for step, tools in enumerate(steps)
            ]
        )
        self.run.sees_undone = sees_undone
        self.done = False

    @rule(count=st.integers(0, 60), on_unknown=st.sampled_from(["tell", "park"]))
    def die_after(self, count: int, on_unknown: OnUnknown) -> None:
        """Run until so many things have happened."""
        self._live(after(count), on_unknown)

    @rule(moment=MOMENTS, on_unknown=st.sampled_from(["tell", "park"]))
    def die_at(self, moment: str, on_unknown: OnUnknown) -> None:
        """Run until it comes to this."""
        self._live(lambda now: now == moment, on_unknown)

    @invariant()
    def nothing_is_wrong(self) -> None:
        """The log is valid, prompts are, and nothing was done twice."""
        assert self.run.wrong() == []

    def teardown(self) -> None:
        """In peace it comes to its end, and everything is done."""
        if hasattr(self, "run"):
            for _ in range(LIVES):
                if not self.done:
                    self._live(lambda _: False, "tell")
            assert self.done
            assert self.run.wrong() == []
            assert self.run.undone() == []

    def _live(self, ends: Ends, on_unknown: OnUnknown) -> None:
        if not self.done:
            ending = asyncio.run(self.run.live(ends, on_unknown=on_unknown))
            self.done = ending is not None and ending.outcome == "done"


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=25, stateful_step_count=6)
