"""Permission rules: `Tool`, `Tool(specifier)`, `category(…)`, `fact(…)`, `host(…)`.

A rule that tightens fires if any part of a call may match; one that loosens covers a call only
if all of it is covered, and the careful facts (secrets, outside the workspace) only by name.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal, cast

from loopdeck.errors import RuleError
from loopdeck.permissions.globs import is_literal, leaves_workspace, path_matches, text_glob
from loopdeck.permissions.shell import likely_parts, plain_words
from loopdeck.permissions.words import read
from loopdeck.session.values import Assessment, Category, JsonObject, Rule

FILE_TOOLS = frozenset(
    {"read_file", "list_files", "search_text", "write_file", "edit_file", "delete_file"}
)
TOOLS = FILE_TOOLS | {"shell", "update_plan", "ask_human", "web_fetch"}
ALIASES: dict[str, frozenset[str]] = {
    "Bash": frozenset({"shell"}),
    "Read": frozenset({"read_file", "list_files", "search_text"}),
    "Grep": frozenset({"search_text"}),
    "Glob": frozenset({"list_files"}),
    "LS": frozenset({"list_files"}),
    "Edit": frozenset({"edit_file", "write_file"}),
    "Write": frozenset({"write_file"}),
    "WebFetch": frozenset({"web_fetch"}),
}
SHELL = frozenset({"shell"})
WEB = frozenset({"web_fetch"})
FACTS = frozenset({"outside_workspace", "sensitive", "runs_code", "undoable", "privileged"})
_FORM = re.compile(r"([A-Za-z_*][\w*.-]*)(?:\((.*)\))?", re.DOTALL)
_HELP = "Write `Tool`, `Tool(specifier)`, `category(…)`, `fact(…)` or `host(…)`."

Kind = Literal["tool", "command", "path", "category", "fact", "host"]


@dataclass(frozen=True, slots=True)
class Matcher:
    """A rule that was understood: what it looks at, and the pattern it looks for."""

    kind: Kind
    tools: frozenset[str]
    pattern: str
    name: str

    def speaks_of(self, tool: str, *, tighten: bool) -> bool:
        """Whether the rule is about this tool; to tighten, also where the effect is the same."""
        if "*" in self.name:
            return fnmatchcase(tool, self.name)
        if tool in self.tools or tool == self.name or tool.startswith(f"{self.name}__"):
            return True
        return tighten and (
            (tool == "delete_file" and bool(self.tools & {"write_file", "edit_file"}))
            or (tool == "shell" and self.kind == "path" and "read_file" in self.tools)
        )


@dataclass(frozen=True, slots=True)
class Call:
    """What a rule is held against; nothing in it comes from the disk."""

    tool: str
    args: JsonObject
    assessment: Assessment
    workspace: str
    home: str = ""

    @property
    def command(self) -> str:
        """The shell command, empty for other tools."""
        return str(self.args.get("command", "")) if self.tool == "shell" else ""

    def listed(self, fact: str) -> list[str]:
        """The strings of a fact that is a list."""
        value = self.assessment.facts.get(fact)
        if not isinstance(value, list):
            return []
        return [str(item) for item in cast("list[object]", value)]


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Matcher:
    """Understand a rule's `match`. Raises `RuleError`."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise RuleError(f"The rule `{text}` is not of a known form.", _HELP)
    name, pattern = found.group(1), (found.group(2) or "").strip()
    has_pattern = found.group(2) is not None
    if has_pattern and not pattern:
        raise RuleError(f"The rule `{text}` has nothing between its brackets.", _HELP)
    if name in ("category", "fact", "host"):
        return _special(name, pattern, text)
    tools = _tools(name, text)
    if not has_pattern or pattern == "*":
        return Matcher("tool", tools, "", name)
    return _specific(name, tools, pattern, text)


def tightens(matcher: Matcher, call: Call) -> bool:
    """Whether a deny or ask rule fires: it does if any part of the call may match."""
    match matcher.kind:
        case "tool":
            return matcher.speaks_of(call.tool, tighten=True)
        case "command":
            return matcher.speaks_of(call.tool, tighten=True) and _any_command(matcher, call)
        case "path":
            return matcher.speaks_of(call.tool, tighten=True) and any(
                _path(matcher, call, path) for path in call.listed("paths")
            )
        case "category":
            return call.assessment.category.value == matcher.pattern
        case "fact":
            return bool(call.assessment.facts.get(matcher.pattern))
        case "host":
            return any(_host(matcher, host) for host in call.listed("hosts"))


def loosens(matcher: Matcher, call: Call) -> bool:
    """Whether an allow rule covers the call as far as tool, command, paths and hosts go."""
    if call.tool == "shell" and plain_words(call.command) is None:
        return False
    match matcher.kind:
        case "tool":
            return matcher.speaks_of(call.tool, tighten=False)
        case "command":
            return matcher.speaks_of(call.tool, tighten=False) and _exact_command(matcher, call)
        case "path":
            paths = call.listed("paths")
            return (
                matcher.speaks_of(call.tool, tighten=False)
                and bool(paths)
                and not (matcher.pattern.startswith("~/") and not call.home)
                and all(_path(matcher, call, path) for path in paths)
            )
        case "category":
            return call.assessment.category.value == matcher.pattern
        case "fact":
            return False  # an allowed fact stops being a reason to ask; see `lifts`
        case "host":
            hosts = call.listed("hosts")
            # A shell command may talk to more hosts than its text shows.
            fits = call.tool != "shell" and (not matcher.tools or call.tool in matcher.tools)
            return fits and bool(hosts) and all(_host(matcher, host) for host in hosts)


def lifts(matcher: Matcher, fact: str) -> bool:
    """Whether an allow rule names this careful fact, so that it alone no longer asks."""
    if matcher.kind == "fact":
        return matcher.pattern == fact
    if matcher.kind != "path":
        return False
    if fact == "outside_workspace":
        return leaves_workspace(matcher.pattern)
    return fact == "sensitive" and is_literal(matcher.pattern)


def hides(rules: Sequence[Rule], path: str, *, workspace: str, home: str = "") -> bool:
    """Whether a deny rule on reading covers a path, so that listings and searches leave it out."""
    for rule in rules:
        matcher = parse_rule(rule.match)
        about_reading = matcher.kind == "path" and "read_file" in matcher.tools
        if (
            rule.decide == "deny"
            and about_reading
            and path_matches(matcher.pattern, path, workspace=workspace, home=home)
        ):
            return True
    return False


def _tools(name: str, text: str) -> frozenset[str]:
    if name in ALIASES:
        return ALIASES[name]
    if name in TOOLS:
        return frozenset({name})
    if name == "*" or name.startswith("mcp__"):
        return frozenset()  # known only by pattern or server; see `speaks_of`
    if "*" in name:
        matching = frozenset(tool for tool in TOOLS if fnmatchcase(tool, name))
        if matching:
            return matching
    known = ", ".join(sorted(TOOLS | ALIASES.keys()))
    raise RuleError(f"The rule `{text}` names no known tool.", f"Known: {known}, mcp__….")


def _special(name: str, pattern: str, text: str) -> Matcher:
    if name == "category" and pattern in set(Category):
        return Matcher("category", frozenset(), pattern, name)
    if name == "fact" and pattern in FACTS:
        return Matcher("fact", frozenset(), pattern, name)
    if name == "host" and re.fullmatch(r"[\w.*:\[\]-]+", pattern):
        return Matcher("host", frozenset(), pattern.lower().rstrip("."), name)
    known = {"category": sorted(Category), "fact": sorted(FACTS), "host": ["a host name"]}[name]
    raise RuleError(f"The rule `{text}` names no known {name}.", f"Known: {', '.join(known)}.")


def _specific(name: str, tools: frozenset[str], pattern: str, text: str) -> Matcher:
    if tools == SHELL:
        return Matcher("command", tools, pattern, name)
    if tools == WEB:
        host = pattern.removeprefix("domain:").strip().lower()
        if not pattern.startswith("domain:") or not re.fullmatch(r"[\w.*-]+", host):
            raise RuleError(f"The rule `{text}` is not `{name}(domain:HOST)`.", _HELP)
        return Matcher("host", tools, host, name)
    if tools and tools <= FILE_TOOLS:
        if pattern.startswith("!") or "\0" in pattern or "[" in pattern:
            raise RuleError(f"The rule `{text}` has a pattern that is not supported.", _HELP)
        return Matcher("path", tools, pattern, name)
    raise RuleError(f"The rule `{text}` cannot have a specifier.", f"Write `{name}` alone.")


def _any_command(matcher: Matcher, call: Call) -> bool:
    glob = text_glob(matcher.pattern)
    command = call.command.strip()
    if glob.fullmatch(command) or glob.fullmatch(" ".join(command.split())):
        return True
    parts = likely_parts(command, read(command))
    return any(glob.fullmatch(" ".join(part)) for part in parts)


def _exact_command(matcher: Matcher, call: Call) -> bool:
    if call.command.strip() == matcher.pattern:
        return True
    words = plain_words(call.command) or ()
    return text_glob(matcher.pattern).fullmatch(shlex.join(words)) is not None


def _path(matcher: Matcher, call: Call, path: str) -> bool:
    return path_matches(matcher.pattern, path, workspace=call.workspace, home=call.home)


def _host(matcher: Matcher, host: str) -> bool:
    return fnmatchcase(host.lower().rstrip("."), matcher.pattern)
