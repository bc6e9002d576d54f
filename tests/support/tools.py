"""A tool context that remembers what a tool did with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from loopdeck.ports import Guard
from loopdeck.ports.tools import Spool, Thought
from loopdeck.session.forms import FormField
from loopdeck.session.values import PlanItem

ROOM = 100_000_000  # bytes, as a command really has


class FakeContext:
    """Keeps live output and plans; answers every question with `answer`."""

    def __init__(self, spool: Path, answer: str = "") -> None:
        self.folder = spool
        self.answer = answer
        self.shown: list[str] = []
        self.attended = True
        self.forms: list[tuple[FormField, ...]] = []
        self.plans: list[list[PlanItem]] = []
        self.thoughts: list[tuple[str, tuple[tuple[str, str], ...], int]] = []
        self.questions: list[tuple[str, tuple[str, ...]]] = []

    @property
    def spool(self) -> Spool:
        """Made on first use, as the real one is."""
        self.folder.mkdir(exist_ok=True)
        return Spool(self.folder, ROOM)

    def guard(self) -> Guard | None:
        """No secrets here."""
        return None

    async def output(self, text: str, stream: Literal["stdout", "stderr"] = "stdout") -> None:
        """Remember live output."""
        self.shown.append(text)

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """Remember the question, and its form."""
        self.forms.append(tuple(form))
        self.questions.append((question, tuple(options)))
        return self.answer

    async def think(
        self, instructions: str, said: Sequence[tuple[Literal["user", "assistant"], str]], most: int
    ) -> Thought:
        """Remember what was to be answered."""
        self.thoughts.append((instructions, tuple(said), most))
        return Thought("forty-two", "scripted:fake", "end_turn")

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """Remember the plan."""
        self.plans.append(list(items))
