"""The verdict on one call: hard floor > deny > ask > allow > level; no match asks."""

from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.permissions.floor import floor
from loopdeck.permissions.levels import CAREFUL_FACTS, default
from loopdeck.permissions.rules import Call, Matcher, lifts, loosens, parse_rule, tightens
from loopdeck.session.values import Assessment, Category, Decision, JsonObject, Reason, Rule

INNER_TOOLS = frozenset({"update_plan", "ask_human"})
_READERS_AT_TWO = frozenset({"shell"})  # may do anything, so level 2 does not have it


@dataclass(frozen=True, slots=True)
class Policy:
    """A level, the rules beside it, and the folders they speak of.

    `home` is what `~` means in a rule; `own` are the folders Loopdeck keeps its data in, where
    nobody else may write.
    """

    level: int
    rules: tuple[Rule, ...] = ()
    workspace: Path = Path()
    home: Path | None = None
    own: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the rule or level behind it in words, and why."""

    decision: Decision
    category: Category
    level: int
    rule: str
    reasons: tuple[Reason, ...] = ()
    facts: JsonObject = field(default_factory=dict[str, object])


def judge(tool: str, args: JsonObject, assessment: Assessment, policy: Policy) -> Verdict:
    """Decide about one call. Raises `RuleError` if a rule cannot be understood."""
    home = str(policy.home) if policy.home else ""
    call = Call(tool, args, assessment, str(policy.workspace), home)
    decision, rule = _decide(call, policy)
    if decision is Decision.ASK and policy.level >= 5:
        decision = Decision.PARK
    return Verdict(
        decision, assessment.category, policy.level, rule, assessment.reasons, assessment.facts
    )


def _decide(call: Call, policy: Policy) -> tuple[Decision, str]:
    refused = _not_offered(call, policy)
    if refused:
        return Decision.DENY, refused
    below = floor(call, [str(path) for path in policy.own])
    if below and below[0] is Decision.DENY:
        return below[0], f"the hard floor: {below[1]}"
    if denied := _first(call, policy, "deny"):
        return Decision.DENY, denied
    if below:
        return below[0], f"the hard floor: {below[1]}"
    if call.tool in INNER_TOOLS:
        return Decision.ALLOW, "talking to the human needs no permission"
    if asked := _first(call, policy, "ask"):
        return Decision.ASK, asked
    if allowed := _allowed(call, policy):
        return Decision.ALLOW, allowed
    return default(policy.level, call.assessment)


def _not_offered(call: Call, policy: Policy) -> str:
    """Levels 1 and 2 do not have every tool; no rule brings one back."""
    if policy.level <= 1 or (
        policy.level == 2
        and (call.tool in _READERS_AT_TWO or call.assessment.category is not Category.READ)
    ):
        return default(policy.level, _as_unknown(call.assessment))[1]
    return ""


def _as_unknown(assessment: Assessment) -> Assessment:
    if assessment.category is not Category.READ:
        return assessment
    return assessment.model_copy(update={"category": Category.UNKNOWN})


def _first(call: Call, policy: Policy, decide: str) -> str:
    for rule in policy.rules:
        if rule.decide == decide and tightens(parse_rule(rule.match), call):
            return _words(rule)
    return ""


def _allowed(call: Call, policy: Policy) -> str:
    """The allow rule that covers the call, if the careful facts are covered by name as well."""
    rules = [(rule, parse_rule(rule.match)) for rule in policy.rules if _may_allow(rule)]
    covering = [(rule, matcher) for rule, matcher in rules if loosens(matcher, call)]
    naming = [*covering, *((r, m) for r, m in rules if m.kind == "fact")]
    careful = [fact for fact in CAREFUL_FACTS if call.assessment.facts.get(fact)]
    if not all(_names(fact, naming) for fact in careful):
        return ""
    if covering:
        return _words(covering[0][0])
    return _lifted(call, policy, rules, careful)


def _lifted(
    call: Call, policy: Policy, rules: list[tuple[Rule, Matcher]], careful: list[str]
) -> str:
    """A call that only its careful facts kept from running, when rules allow those facts."""
    named = [rule for rule, matcher in rules if any(lifts(matcher, fact) for fact in careful)]
    if not named:
        return ""
    facts = {name: value for name, value in call.assessment.facts.items() if name not in careful}
    milder = call.assessment.model_copy(update={"facts": facts})
    decision, _ = default(policy.level, milder)
    return _words(named[0]) if decision is Decision.ALLOW else ""


def _names(fact: str, rules: list[tuple[Rule, Matcher]]) -> bool:
    return any(lifts(matcher, fact) for _, matcher in rules)


def _may_allow(rule: Rule) -> bool:
    """What a project brings along can only tighten."""
    return rule.decide == "allow" and rule.scope != "project"


def _words(rule: Rule) -> str:
    text = f"{rule.decide} {rule.match} ({rule.scope})"
    return f"{text}: {rule.why}" if rule.why else text
