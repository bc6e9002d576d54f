"""Whether a rule about paths may speak of files that only the running command will name."""

import re
from functools import lru_cache

from loopdeck.permissions.pathnames import names_in
from loopdeck.permissions.rules.globs import anchored
from loopdeck.permissions.rules.language import Call, Matcher

_GLOB = re.compile(r"[*?\[]")
_ANY = "**"


def may_tighten(matcher: Matcher, call: Call) -> bool:
    """Whether a deny or ask rule about paths could fire, once it is known which files are meant."""
    if call.tool != "shell" or matcher.kind != "path":
        return False
    if not matcher.speaks_of(call.tool, tighten=True):
        return False
    named, below = _effects(matcher, call)
    where = {"workspace": call.workspace, "home": call.home}
    return any(
        may_meet(matcher.pattern, path, below=False, **where)
        for path in named
        if _GLOB.search(path)
    ) or any(may_meet(matcher.pattern, path, below=True, **where) for path in below)


def _effects(matcher: Matcher, call: Call) -> tuple[list[str], list[str]]:
    """The paths of a command that a rule looks at, and the folders in which it may touch any."""
    if "read_file" not in matcher.tools:
        written = [*call.listed("writes"), *call.listed("deletes")]
        return written, [*call.listed("writes_below"), *(path for path in written if path == ".")]
    # In a sandbox the files that may not be read are covered; what git keeps of them is not.
    held = call.assessment.facts.get("sandboxed") and "git" not in call.listed("programs")
    named = [*call.listed("reads"), *call.listed("writes")]
    return ([], []) if held else (named, call.listed("reads_below"))


def may_meet(pattern: str, path: str, *, below: bool, workspace: str, home: str) -> bool:
    """Whether some file that `path` may stand for is covered by a rule's pattern.

    With `below` it stands for anything in that folder. Without a home, one that the rule names is
    nowhere that a command could be.
    """
    rule = _absolute(pattern, workspace, home)
    if not rule:
        return False
    place = path if path.startswith("/") else f"{workspace}/{path}"
    parts = names_in(place)
    return _meets(tuple(rule), (*parts, _ANY) if below else tuple(parts))


def _absolute(pattern: str, workspace: str, home: str) -> list[str]:
    if pattern.startswith("//"):
        text = pattern[1:]
    elif pattern.startswith("~/"):
        text = f"{home}/{pattern[2:]}" if home else ""
    else:
        text = f"{workspace}{anchored(pattern)}"
    return [part for part in text.split("/") if part]


@lru_cache(maxsize=4_096)
def _meets(rule: tuple[str, ...], path: tuple[str, ...]) -> bool:
    if not rule:
        return True  # whatever is below a match matches too
    if rule[0] == _ANY:
        return _meets(rule[1:], path) or (bool(path) and _meets(rule, path[1:]))
    if not path:
        return False
    if path[0] == _ANY:
        return _meets(rule, path[1:]) or _meets(rule[1:], path)
    return _same(rule[0], path[0]) and _meets(rule[1:], path[1:])


@lru_cache(maxsize=4_096)
def _same(one: str, other: str) -> bool:
    """Whether two names with stars and question marks have one in common; a set is any sign."""
    if not one or not other:
        return not (one or other).strip("*")
    if one[0] == "*":
        return _same(one[1:], other) or _same(one, other[1:])
    if other[0] == "*":
        return _same(one, other[1:]) or _same(one[1:], other)
    if one[0] in "?[" or other[0] in "?[" or one[0] == other[0]:
        return _same(_rest(one), _rest(other))
    return False


def _rest(text: str) -> str:
    """What stands behind the first sign, or behind the first set of signs."""
    end = text.find("]", 2) if text[0] == "[" else -1
    return text[end + 1 :] if end > 0 else text[1:]
