"""The verdict on one call: hard floor > deny > taint > ask > allow > level; no match asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.permissions.floor import floor
from loopdeck.permissions.levels import default
from loopdeck.permissions.rules.allowing import allowing, careful, covering, naming
from loopdeck.permissions.rules.language import FILE_TOOLS, Call, parse_rule
from loopdeck.permissions.rules.matching import tightens
from loopdeck.permissions.rules.meeting import may_tighten
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.values import Assessment, Category, Decision, JsonObject, Reason, Rule

INNER_TOOLS = frozenset({"update_plan", "ask_human"})
_NOT_AT_TWO = frozenset({"shell"})  # may do anything, so level 2 does not have it


@dataclass(frozen=True, slots=True)
class Policy:
    """A level, the rules beside it, and the folders they speak of.

    `home` is what `~` means in a rule; `own` are the folders Loopdeck keeps its data in, where
    nobody else may write. `sandboxed` says that a sandbox passed its test here, `tainted` names
    the tool that brought outside content in since the human last wrote.
    """

    level: int
    rules: tuple[Rule, ...] = ()
    workspace: Path = Path()
    home: Path | None = None
    own: tuple[Path, ...] = ()
    sandboxed: bool = False
    tainted: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the rule or level behind it in words, and why.

    `grant_id` is the standing permission that decided, if one did; `floor` says that no rule
    could have.
    """

    decision: Decision
    category: Category
    level: int
    rule: str
    reasons: tuple[Reason, ...] = ()
    facts: JsonObject = field(default_factory=dict[str, object])
    grant_id: str = ""
    floor: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    """A call under a policy, and what the hard floor has to say of it."""

    call: Call
    policy: Policy
    below: tuple[Decision, str] | None


@dataclass(frozen=True, slots=True)
class _Ruling:
    decision: Decision
    words: str
    grant_id: str = ""
    floor: bool = False


def judge(tool: str, args: JsonObject, assessment: Assessment, policy: Policy) -> Verdict:
    """Decide about one call. Raises `RuleError` if a rule cannot be understood."""
    home = str(policy.home) if policy.home else ""
    call = Call(tool, args, assessment, str(policy.workspace), home)
    below = floor(call, [str(path) for path in policy.own])
    ruling = _decide(_Question(call, policy, below))
    decision = ruling.decision
    if decision is Decision.ASK and policy.level >= 5:
        decision = Decision.PARK
    return Verdict(
        decision,
        assessment.category,
        policy.level,
        ruling.words,
        assessment.reasons,
        assessment.facts,
        ruling.grant_id,
        ruling.floor,
    )


def _decide(question: _Question) -> _Ruling:
    for stage in _STAGES:
        if ruling := stage(question):
            return ruling
    return _by_level(question.call.assessment, question)


def _not_offered(question: _Question) -> _Ruling | None:
    """Levels 1 and 2 do not have every tool; no rule brings one back."""
    level, call = question.policy.level, question.call
    if level > 2:
        return None
    if level == 2 and call.tool in _NOT_AT_TWO:
        words = f"level 2 {LEVEL_NAMES[2]} has tools that read, and no {call.tool}"
        return _Ruling(Decision.DENY, words)
    if level == 2 and call.assessment.category is Category.READ:
        return None
    return _Ruling(Decision.DENY, default(level, call.assessment)[1])


def _refused_by_floor(question: _Question) -> _Ruling | None:
    below = question.below
    if below is None or below[0] is not Decision.DENY:
        return None
    return _on_floor(below)


def _denied(question: _Question) -> _Ruling | None:
    return _tightened(question, "deny", Decision.DENY)


def _may_be_denied(question: _Question) -> _Ruling | None:
    """What a rule forbids may be among the files that only the running command will name."""
    for rule in question.policy.rules:
        if rule.decide != "allow" and may_tighten(parse_rule(rule.match), question.call):
            words = f"{_words(rule)}: which files it touches is known only when it runs"
            return _Ruling(Decision.ASK, words, rule.grant_id)
    return None


def _asked_by_floor(question: _Question) -> _Ruling | None:
    return question.below and _on_floor(question.below)


def _on_floor(below: tuple[Decision, str]) -> _Ruling:
    return _Ruling(below[0], f"the hard floor: {below[1]}", floor=True)


def _inner(question: _Question) -> _Ruling | None:
    if question.call.tool not in INNER_TOOLS:
        return None
    return _Ruling(Decision.ALLOW, "talking to the human needs no permission")


def _tainted(question: _Question) -> _Ruling | None:
    """What outside content may have talked the model into, and could not be taken back."""
    source, call = question.policy.tainted, question.call
    if not source:
        return None
    match call.assessment.category:
        case Category.NETWORK | Category.DESTRUCTIVE:
            what = f"{call.assessment.category.value} action"
        case Category.UNKNOWN if call.listed("hosts"):
            what = "unknown action on other machines"
        case _:
            return None
    return _Ruling(
        Decision.ASK, f"outside content came in through {source}: each {what} needs your answer"
    )


def _outside_sandbox(question: _Question) -> _Ruling | None:
    if not question.call.assessment.facts.get("outside_sandbox"):
        return None
    return _Ruling(Decision.ASK, "what is to run outside the sandbox is always asked about")


def _changed_tool(question: _Question) -> _Ruling | None:
    """What a server says of a tool is not what it said when somebody let it run."""
    if not question.call.assessment.facts.get("tool_changed"):
        return None
    return _Ruling(Decision.ASK, "what its server says of this tool changed since it last ran")


def _asked(question: _Question) -> _Ruling | None:
    return _tightened(question, "ask", Decision.ASK)


def _allowed(question: _Question) -> _Ruling | None:
    """A rule or a grant covers the call, or lifts the one fact that kept it from running."""
    call, pairs = question.call, allowing(question.policy.rules)
    if rule := covering(call, pairs):
        return _Ruling(Decision.ALLOW, _words(rule), rule.grant_id)
    facts = careful(call)
    lifting = [rule for fact in facts if (rule := naming(fact, pairs))]
    if not facts or len(lifting) < len(facts):
        return None
    left = {name: value for name, value in call.assessment.facts.items() if name not in facts}
    milder = call.assessment.model_copy(update={"facts": left})
    if _by_level(milder, question).decision is not Decision.ALLOW:
        return None
    return _Ruling(Decision.ALLOW, _words(lifting[0]), lifting[0].grant_id)


_STAGES: tuple[Callable[[_Question], _Ruling | None], ...] = (
    _not_offered,
    _refused_by_floor,
    _denied,
    _may_be_denied,
    _asked_by_floor,
    _inner,
    _tainted,
    _outside_sandbox,
    _changed_tool,
    _asked,
    _allowed,
)
"""Who is heard, in this order; the first that says something decides, else the level."""


def _by_level(assessment: Assessment, question: _Question) -> _Ruling:
    policy = question.policy
    # The file tools write by our own careful hands; all else needs walls around it.
    held = question.call.tool in FILE_TOOLS or (
        policy.sandboxed and bool(assessment.facts.get("sandboxed"))
    )
    home = policy.workspace == policy.home
    decision, words = default(policy.level, assessment, held=held, home=home)
    return _Ruling(decision, words)


def _tightened(question: _Question, decide: str, decision: Decision) -> _Ruling | None:
    for rule in question.policy.rules:
        if rule.decide == decide and tightens(parse_rule(rule.match), question.call):
            return _Ruling(decision, _words(rule), rule.grant_id)
    return None


def _words(rule: Rule) -> str:
    text = f"{rule.decide} {rule.match} ({rule.scope})"
    return f"{text}: {rule.why}" if rule.why else text
