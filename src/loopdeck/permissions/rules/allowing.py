"""Whether the allow rules cover a call: all of its parts, and by name what needs care."""

from collections.abc import Sequence

from loopdeck.permissions.commands import commands_of
from loopdeck.permissions.levels import REACHABLE, STAYS
from loopdeck.permissions.rules.language import Call, Matcher, parse_rule
from loopdeck.permissions.rules.matching import (
    is_all,
    loosens,
    may_cover,
    names_danger,
    names_fact,
    part_texts,
    parts_of,
    speaks_of_words,
)
from loopdeck.session.values import Category, Rule

NAMED_ONLY = ("sensitive", "outside_workspace", "privileged", STAYS, REACHABLE)
DANGERS = frozenset({Category.DESTRUCTIVE, Category.UNKNOWN})

Pair = tuple[Rule, Matcher]


def allowing(rules: Sequence[Rule]) -> list[Pair]:
    """The rules that may allow something: what a project brings along can only tighten."""
    return [
        (rule, parse_rule(rule.match))
        for rule in rules
        if rule.decide == "allow" and (rule.scope != "project" or rule.grant_id)
    ]


def covering(call: Call, pairs: Sequence[Pair]) -> Rule | None:
    """The rule that lets a call run, the first of them where several parts need several."""
    near = [pair for pair in pairs if speaks_of_words(pair[1], call)]
    if not near:
        return None
    return _whole(call, near) or _in_parts(call, near)


def naming(fact: str, pairs: Sequence[Pair]) -> Rule | None:
    """The rule that says of a careful fact that it is no reason to ask."""
    for rule, matcher in pairs:
        if matcher.kind == "fact" and matcher.pattern == fact:
            return rule
    return None


def careful(call: Call) -> list[str]:
    """The facts of a call that a rule has to name before it allows it."""
    return [fact for fact in NAMED_ONLY if call.assessment.facts.get(fact)]


def _whole(call: Call, pairs: Sequence[Pair]) -> Rule | None:
    for rule, matcher in pairs:
        if loosens(matcher, call) and _says_so(rule, matcher, call, pairs):
            return rule
    return None


def _says_so(rule: Rule, matcher: Matcher, call: Call, pairs: Sequence[Pair]) -> bool:
    """Whether what is dangerous or careful about the call is named, and not only included."""
    if call.assessment.category in DANGERS and (rule.grant_id or not names_danger(matcher, call)):
        return False
    return all(names_fact(matcher, fact, call) or naming(fact, pairs) for fact in careful(call))


def _in_parts(call: Call, pairs: Sequence[Pair]) -> Rule | None:
    """A compound command: each part is a plain read or covered by itself, and nothing is added."""
    if not call.command or not commands_of(call.command).complete:
        return None
    texts = part_texts(call)
    if not any(may_cover(matcher, text) for _, matcher in pairs for text in texts):
        return None  # said by the texts alone: to say what each part means takes far longer
    parts = parts_of(call)
    if len(parts) < 2 or not is_all(parts, call):
        return None
    seen = {fact for part in parts for fact in careful(part)}
    if not all(fact in seen or naming(fact, pairs) for fact in careful(call)):
        return None
    first: Rule | None = None
    for part in parts:
        rule = _whole(part, pairs)
        if rule is None and not _is_plain_read(part):
            return None
        first = first or rule
    return first


def _is_plain_read(part: Call) -> bool:
    return part.assessment.category is Category.READ and not careful(part)
