"""What the rules say of a place on the web once a call is under way: redirects, near hosts."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from loopdeck.permissions.rules.language import Call, Matcher, parse_rule
from loopdeck.permissions.rules.matching import loosens, tightens
from loopdeck.permissions.urls import Address, url_pattern
from loopdeck.session.standing import BY_MAKER, SEARCH
from loopdeck.session.values import Assessment, Category, Rule

_LEAST = 3  # the level; below it nothing is offered that leaves this machine
_ABOUT_PLACES = frozenset({"host", "url"})


def holding_back(rules: Sequence[Rule], at: Address) -> str:
    """The rule that keeps a redirect on the same host from being followed; empty for none.

    It is one that denies or asks, or one that allows only some addresses there, and not this one.
    """
    assessment = Assessment(category=Category.NETWORK, facts={"hosts": [at.host]})
    call = Call("web_fetch", {"url": str(at)}, assessment, "")
    for rule in rules:
        if rule.decide != "allow":
            matcher = parse_rule(rule.match)
            if matcher.kind in _ABOUT_PLACES and tightens(matcher, call):
                return _words(rule)
    allowing = [rule for rule in rules if rule.decide == "allow"]
    narrow = [rule for rule in allowing if _is_of_host(parse_rule(rule.match), at.host)]
    if any(loosens(parse_rule(rule.match), call) for rule in allowing):
        return ""
    return _words(narrow[0]) if narrow else ""


def _is_of_host(matcher: Matcher, host: str) -> bool:
    return matcher.kind == "url" and fnmatchcase(host, url_pattern(matcher.pattern).host)


def _words(rule: Rule) -> str:
    return f"{rule.decide} {rule.match} ({rule.scope})"


def lets_search(rules: Sequence[Rule], level: int) -> bool:
    """Whether the model's maker may search the web: it cannot ask, so a rule that asks says no."""
    assessment = Assessment(category=Category.NETWORK, facts={BY_MAKER: True, "network": True})
    call = Call(SEARCH, {}, assessment, "")
    against = (rule for rule in rules if rule.decide != "allow")
    return level >= _LEAST and not any(tightens(parse_rule(rule.match), call) for rule in against)


def names_host(rules: Sequence[Rule], host: str) -> bool:
    """Whether an allow rule that a human wrote names a host, alone or with all below a domain.

    A grant does not: it was given for what the name led to then.
    """
    return any(
        _names(parse_rule(rule.match), host)
        for rule in rules
        if rule.decide == "allow" and rule.scope != "project" and not rule.grant_id
    )


def _names(matcher: Matcher, host: str) -> bool:
    match matcher.kind:
        case "url":
            pattern = url_pattern(matcher.pattern).host
        case "host":
            pattern = matcher.pattern.strip("[]")
        case _:
            return False
    if "*" in pattern.removeprefix("*."):
        return False
    return pattern == host or (pattern.startswith("*.") and host.endswith(pattern[1:]))
