"""The language of rules: `Tool`, `Tool(specifier)`, `category(…)`, `fact(…)`, `host(…)`."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal, Protocol

from loopdeck.errors import RuleError
from loopdeck.permissions.levels import REACHABLE, STAYS
from loopdeck.permissions.urls import url_pattern
from loopdeck.session.standing import OF_SERVERS, SEARCH
from loopdeck.session.values import Assessment, Category, JsonObject, listed

FILE_TOOLS = frozenset(
    {"read_file", "list_files", "search_text", "write_file", "edit_file", "delete_file"}
)
TOOLS = FILE_TOOLS | {
    *("shell", "update_plan", "ask_human", "web_fetch", SEARCH),
    *("list_resources", "read_resource"),
}
SEARCHES = frozenset({SEARCH})
ALIASES: dict[str, frozenset[str]] = {
    "Bash": frozenset({"shell"}),
    "Read": frozenset({"read_file", "list_files", "search_text"}),
    "Grep": frozenset({"search_text"}),
    "Glob": frozenset({"list_files"}),
    "LS": frozenset({"list_files"}),
    "Edit": frozenset({"edit_file", "write_file"}),
    "MultiEdit": frozenset({"edit_file"}),
    "Write": frozenset({"write_file"}),
    "WebFetch": frozenset({"web_fetch"}),
    "WebSearch": SEARCHES,
    "TodoWrite": frozenset({"update_plan"}),
    "AskUserQuestion": frozenset({"ask_human"}),
}
FOREIGN = re.compile(
    r"Agent|(?:Bash|Task)Output|(?:Enter|Exit)PlanMode|Kill(?:Bash|Shell)|LSP|Monitor"
    r"|Notebook(?:Edit|Read)|PowerShell|SendMessage|Skill|SlashCommand|Task(?:Create|Get|List"
    r"|Stop|Update)?|TodoRead|ToolSearch"
)
"""Tools of other programs: rules about them are read, and stop or cover nothing here."""
SHELL = frozenset({"shell"})
WEB = frozenset({"web_fetch"})
FACTS = frozenset(
    {
        "outside_sandbox",
        "outside_workspace",
        "privileged",
        REACHABLE,
        "runs_code",
        "sandboxed",
        "sensitive",
        STAYS,
        "undoable",
    }
)
_FORM = re.compile(r"([A-Za-z_*][\w*.-]*)(?:\((.*)\))?", re.DOTALL)
_HELP = "Write `Tool`, `Tool(specifier)`, `category(…)`, `fact(…)` or `host(…)`."

Kind = Literal["tool", "command", "path", "category", "fact", "host", "url"]


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
            or (tool == "shell" and self.kind == "path")
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
        return listed(self.assessment.facts, fact)


class Judged(Protocol):
    """A call as it was judged: one that waits, or one of the past."""

    @property
    def tool(self) -> str: ...

    @property
    def args(self) -> JsonObject: ...

    @property
    def assessment(self) -> Assessment: ...


def call_of(judged: Judged, workspace: str, home: str = "") -> Call:
    """A call as rules look at it, with what its tool said of it when it was judged."""
    return Call(judged.tool, judged.args, judged.assessment, workspace, home)


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
    if FOREIGN.fullmatch(name):
        return Matcher("tool", frozenset(), "", name)
    tools = _tools(name, text)
    if not has_pattern or pattern == "*" or tools == SEARCHES:
        return Matcher("tool", tools, "", name)
    return _specific(name, tools, pattern, text)


def _tools(name: str, text: str) -> frozenset[str]:
    if name in ALIASES:
        return ALIASES[name]
    if name in TOOLS:
        return frozenset({name})
    if name == "*" or name.startswith(OF_SERVERS):
        return frozenset()  # known only by pattern or server; see `speaks_of`
    if "*" in name:
        matching = frozenset(tool for tool in TOOLS if fnmatchcase(tool, name))
        if matching:
            return matching
    known = ", ".join(sorted(TOOLS | ALIASES.keys()))
    raise RuleError(f"The rule `{text}` names no known tool.", f"Known: {known}, {OF_SERVERS}….")


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
        # Claude Code escapes the brackets inside a specifier.
        plain = pattern.replace("\\(", "(").replace("\\)", ")")
        return Matcher("command", tools, plain, name)
    if tools == WEB:
        return _web(name, tools, pattern, text)
    if tools and tools <= FILE_TOOLS:
        if pattern.startswith("!") or "\0" in pattern:
            raise RuleError(f"The rule `{text}` has a pattern that is not supported.", _HELP)
        return Matcher("path", tools, pattern, name)
    raise RuleError(f"The rule `{text}` cannot have a specifier.", f"Write `{name}` alone.")


def _web(name: str, tools: frozenset[str], pattern: str, text: str) -> Matcher:
    if pattern.startswith("domain:"):
        host = pattern.removeprefix("domain:").strip().lower()
        if re.fullmatch(r"[\w.*:\[\]-]+", host):
            return Matcher("host", tools, host.strip("[]").rstrip("."), name)
    try:
        url_pattern(pattern)
    except ValueError as error:
        forms = f"`{name}(domain:HOST)` or `{name}(https://HOST/PATH*)`"
        raise RuleError(f"The rule `{text}` is not {forms}: {error}.", _HELP) from error
    return Matcher("url", tools, pattern, name)
