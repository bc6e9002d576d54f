"""The five levels of autonomy: what is offered to the agent, and what runs without asking."""

from loopdeck.ports import ToolSpec
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.values import Assessment, Category, Decision

CAREFUL_FACTS = ("sensitive", "outside_workspace")
STAYS, REACHABLE = "service", "reachable"
"""The facts of a command that is to run on beside the calls after it, and to be reached by them."""
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


def default(
    level: int, assessment: Assessment, *, held: bool = False, home: bool = False
) -> tuple[Decision, str]:
    """What the level alone says about a call, and the sentence that says so.

    `held` says that the call cannot do more than it seems to: a sandbox or our own file tools
    keep it in the workspace; `home`, that the workspace is a whole home, where that says little.
    """
    name = f"level {level} {LEVEL_NAMES.get(level, '')}".rstrip()
    what = _WHAT[assessment.category]
    if level <= 1:
        return Decision.DENY, f"{name} runs no tools"
    if level == 2 and assessment.category is not Category.READ:
        return Decision.DENY, f"{name} only reads, and this is {what}"
    for fact in CAREFUL_FACTS:
        if assessment.facts.get(fact):
            return _ask(level), f"{name} asks before it touches {_WHERE[fact]}"
    if level <= 3 and assessment.facts.get(STAYS):
        return _ask(level), f"{name} asks before something stays running"
    if assessment.category is Category.READ:
        return Decision.ALLOW, f"{name} lets {what} inside the workspace run"
    if level <= 3 or assessment.category is not Category.WRITE:
        return _ask(level), f"{name} asks for {what}"
    return _written(level, what, held=held, home=home)


def _written(level: int, what: str, *, held: bool, home: bool) -> tuple[Decision, str]:
    """Levels 4 and 5 on a change inside the workspace."""
    name = f"level {level} {LEVEL_NAMES.get(level, '')}".rstrip()
    if home:
        return _ask(level), f"{name} asks for {what}, since the workspace is a whole home folder"
    if not held:
        return _ask(level), f"{name} lets {what} run only inside a sandbox, and there is none here"
    return Decision.ALLOW, f"{name} lets {what} inside the workspace run"


def _ask(level: int) -> Decision:
    """At level 5 nobody is asked in place: the call is put aside until somebody comes."""
    return Decision.PARK if level >= 5 else Decision.ASK
