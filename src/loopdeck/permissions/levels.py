"""The five levels of autonomy: what is offered to the agent, and what runs without asking."""

from loopdeck.ports import ToolSpec
from loopdeck.session.state import LEVEL_NAMES
from loopdeck.session.values import Assessment, Category, Decision

CAREFUL_FACTS = ("sensitive", "outside_workspace")
_WHAT = {
    Category.READ: "a read",
    Category.WRITE: "a write",
    Category.NETWORK: "an action over the network",
    Category.DESTRUCTIVE: "something that destroys",
    Category.UNKNOWN: "something that is not understood",
}
_WHERE = {
    "sensitive": "what may hold secrets",
    "outside_workspace": "what is outside the workspace",
}


def offers(level: int, spec: ToolSpec) -> bool:
    """Whether the agent gets to see this tool at all."""
    if level <= 1:
        return False
    return level >= 3 or spec.mildest is Category.READ


def default(level: int, assessment: Assessment) -> tuple[Decision, str]:
    """What the level alone says about a call, and the sentence that says so."""
    name = f"level {level} {LEVEL_NAMES.get(level, '')}".rstrip()
    what = _WHAT[assessment.category]
    if level <= 1:
        return Decision.DENY, f"{name} runs no tools"
    if level == 2 and assessment.category is not Category.READ:
        return Decision.DENY, f"{name} only reads, and this is {what}"
    for fact in CAREFUL_FACTS:
        if assessment.facts.get(fact):
            return _ask(level), f"{name} asks before it touches {_WHERE[fact]}"
    if assessment.category in _alone(level, assessment):
        return Decision.ALLOW, f"{name} lets {what} inside the workspace run"
    return _ask(level), f"{name} asks for {what}"


def _alone(level: int, assessment: Assessment) -> frozenset[Category]:
    """The categories that run without asking."""
    if level >= 4 and not assessment.facts.get("runs_code"):
        return frozenset({Category.READ, Category.WRITE})
    return frozenset({Category.READ})


def _ask(level: int) -> Decision:
    """At level 5 nobody is asked in place: the call is put aside until somebody comes."""
    return Decision.PARK if level >= 5 else Decision.ASK
