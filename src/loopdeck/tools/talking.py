"""`update_plan` and `ask_human`: what the agent tells its human."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from loopdeck.figures import plural
from loopdeck.ports import ToolContext, ToolResult
from loopdeck.session.values import Assessment, Category, JsonObject, PlanItem, Preview
from loopdeck.tools.arguments import Arguments


class PlanItemArgs(Arguments):
    """One line of a plan."""

    text: str = Field(min_length=1, max_length=300, description="What to do, in a few words.")
    state: Literal["todo", "doing", "done", "dropped"] = Field(
        default="todo", description="Where it stands."
    )


class UpdatePlanArgs(Arguments):
    """What `update_plan` takes."""

    items: list[PlanItemArgs] = Field(
        min_length=1, max_length=50, description="The whole plan, in order; it replaces the old."
    )


class AskHumanArgs(Arguments):
    """What `ask_human` takes."""

    question: str = Field(
        min_length=1, max_length=4_000, description="What you need to know or have decided."
    )
    options: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default_factory=list[str],
        max_length=9,
        description="Answers to choose from, if there are a few.",
    )


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """A new form of the plan."""

    args: UpdatePlanArgs

    def assess(self) -> Assessment:
        """Touches nothing but what the human sees."""
        return Assessment(category=Category.READ)

    def preview(self) -> Preview:
        """The plan as text."""
        lines = [f"{item.state:8} {item.text}" for item in self.args.items]
        return Preview(kind="text", text="\n".join(lines), title="update_plan")

    def binding(self) -> JsonObject:
        """Nothing beside the arguments decides."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """Replace the plan."""
        items = [PlanItem(text=item.text, state=item.state) for item in self.args.items]
        await context.revise_plan(items)
        done = sum(item.state == "done" for item in items)
        return ToolResult(ok=True, output=f"Plan noted: {plural(len(items), 'item')}, {done} done.")


@dataclass(frozen=True, slots=True)
class AskHuman:
    """A question that only the human can answer."""

    args: AskHumanArgs

    def assess(self) -> Assessment:
        """Touches nothing."""
        return Assessment(category=Category.READ)

    def preview(self) -> Preview:
        """The question."""
        return Preview(kind="text", text=self.args.question, title="ask_human")

    def binding(self) -> JsonObject:
        """Nothing beside the arguments decides."""
        return {}

    async def run(self, context: ToolContext) -> ToolResult:
        """Wait for the answer; it is the result."""
        answer = await context.ask(self.args.question, self.args.options)
        return ToolResult(ok=True, output=answer or "[your human gave no words]")
