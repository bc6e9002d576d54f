"""Rules about places on the network, held against what a call talks to."""

from fnmatch import fnmatchcase

from loopdeck.permissions.rules.language import Call, Matcher
from loopdeck.permissions.urls import Address, address, url_pattern


def speaks_of_place(matcher: Matcher, call: Call) -> bool:
    """Whether a rule that tightens is about any place that a call talks to."""
    if matcher.kind == "url":
        at = _address(matcher, call)
        return at is not None and url_pattern(matcher.pattern).may_be(at)
    return any(_host(matcher, host) for host in call.listed("hosts"))


def covers_place(matcher: Matcher, call: Call) -> bool:
    """Whether an allow rule about a host or an address covers all that a call talks to."""
    if matcher.kind == "url":
        at = _address(matcher, call)
        return at is not None and url_pattern(matcher.pattern).covers(at)
    hosts = call.listed("hosts")
    # A shell command may talk to more hosts than its text shows.
    fits = call.tool != "shell" and (not matcher.tools or call.tool in matcher.tools)
    return fits and bool(hosts) and all(_host(matcher, host) for host in hosts)


def _address(matcher: Matcher, call: Call) -> Address | None:
    """Where a call goes that fetches from the web."""
    url = call.args.get("url")
    if call.tool not in matcher.tools or not isinstance(url, str):
        return None
    try:
        return address(url)
    except ValueError:
        return None  # it never runs


def _host(matcher: Matcher, host: str) -> bool:
    return fnmatchcase(host.lower().rstrip("."), matcher.pattern)
