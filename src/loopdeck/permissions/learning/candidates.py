"""The narrowest rules that would let a call run by itself next time, for a human to choose from."""

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from loopdeck.errors import RuleError
from loopdeck.permissions.commands import commands_of
from loopdeck.permissions.floor import floor
from loopdeck.permissions.learning.evidence import may_grant
from loopdeck.permissions.rules.allowing import DANGERS, Pair, covering
from loopdeck.permissions.rules.language import FILE_TOOLS, Call, parse_rule
from loopdeck.permissions.rules.matching import parts_of
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Category, Rule

MOST = 3
_NAME = re.compile(r"[A-Za-z][\w.:-]*")
_VERBS = frozenset(
    {
        "bundle",
        "bun",
        "cargo",
        "deno",
        "docker",
        "dotnet",
        "gh",
        "git",
        "go",
        "gradle",
        "hatch",
        "just",
        "kubectl",
        "make",
        "mvn",
        "npm",
        "npx",
        "pdm",
        "pip",
        "pip3",
        "pipx",
        "pnpm",
        "poetry",
        "rake",
        "ruff",
        "task",
        "uv",
        "yarn",
    }
)
_TWO_VERBS = frozenset({"run", "exec", "pip", "tool", "remote", "compose", "pr", "issue", "api"})
_RUNNERS = re.compile(
    r"python[\d.]*|pypy[\d.]*|node|deno|bun|perl|ruby|php|lua|(?:ba|da|k|z|fi)?sh"
)


def candidates(call: Call, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Up to three rules that each cover all of the call, narrowest first.

    There is none for what destroys, is not understood, or stands on the hard floor: no standing
    permission may cover that.
    """
    if _is_beyond(call, own):
        return ()
    wanted = dict.fromkeys(_texts(call))
    return tuple(text for text in wanted if _serves(text, call))[:MOST]


def part_candidates(call: Call) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each part of a compound command that is no plain read: its text, and rules for it."""
    parts = parts_of(call) if commands_of(call.command).complete else ()
    changing = (part for part in parts if part.assessment.category is not Category.READ)
    return tuple((part.command, candidates(part)) for part in changing)


def each_part(call: Call) -> tuple[tuple[str, ...], ...]:
    """Sets of rules that cover a compound command part by part, narrowest first.

    There is none where one part may have no standing permission.
    """
    parts = [rules for _, rules in part_candidates(call)]
    if _is_beyond(call, ()) or len(parts) < 2 or not all(parts):
        return ()
    narrow, wide = ([rules[at] for rules in parts] for at in (0, -1))
    sets = dict.fromkeys(_needed(texts, call) for texts in (narrow, wide))
    return tuple(texts for texts in sets if len(texts) > 1)


def _needed(texts: Iterable[str], call: Call) -> tuple[str, ...]:
    """The rules without those that the others can do without; a part may lie in another part."""
    needed = list(dict.fromkeys(texts))
    for text in tuple(reversed(needed)):
        rest = [_pair(one) for one in needed if one != text]
        if covering(call, rest) is not None:
            needed.remove(text)
    return tuple(needed)


def _is_beyond(call: Call, own: Iterable[str]) -> bool:
    facts = call.assessment.facts
    return (
        call.assessment.category in DANGERS
        or bool(facts.get("outside_sandbox"))
        or floor(call, own) is not None
    )


def _texts(call: Call) -> Iterator[str]:
    if call.tool == "shell":
        yield from _shell(call)
    elif call.tool in FILE_TOOLS:
        yield from _paths(call.tool, call.listed("paths"))
    elif call.tool == "web_fetch":
        yield f"web_fetch({call.assessment.facts.get('url', '')})"
        yield from (f"web_fetch(domain:{host})" for host in call.listed("hosts")[:1])
    elif call.tool.startswith(OF_SERVERS):
        yield call.tool


def _shell(call: Call) -> Iterator[str]:
    yield f"shell({call.command.strip()})"
    parts = parts_of(call) if commands_of(call.command).complete else ()
    doing = [part for part in parts if part.assessment.category is not Category.READ]
    changing = doing or parts
    if len(changing) == 1:
        (words,) = (tuple(shlex.split(part.command)) for part in changing)
        yield f"shell({changing[0].command})"
        yield from (f"shell({' '.join(start)} *)" for start in _starts(words))


def _starts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The beginnings of a command that still say what it does."""
    name = words[0]
    if _RUNNERS.fullmatch(posixpath.basename(name)):
        # An interpreter alone would run anything: what it runs has to be named.
        if len(words) > 2 and words[1] == "-m" and _NAME.fullmatch(words[2]):
            yield words[:3]
        elif len(words) > 1 and not words[1].startswith("-"):
            yield words[:2]
        return
    if name not in _VERBS:
        yield words[:1]
        return
    verbs = 1
    if len(words) > 2 and words[1] in _TWO_VERBS:
        verbs = 2
    if len(words) > verbs and all(_NAME.fullmatch(word) for word in words[1 : verbs + 1]):
        yield words[: verbs + 1]


def _paths(tool: str, paths: Sequence[str]) -> Iterator[str]:
    if len(paths) != 1 or any(char in paths[0] for char in "*?[\\"):
        return
    path = paths[0]
    path = f"/{path}" if path.startswith("/") else f"./{path.removeprefix('./')}"
    yield f"{tool}({path})"
    folder = posixpath.dirname(path)
    if folder not in (".", "/", "//", ""):
        yield f"{tool}({folder}/**)"


def _serves(text: str, call: Call) -> bool:
    """Whether a rule can be read back, covers the call, and may stand."""
    if "*" in text.removesuffix(" *)").removesuffix("/**)") or "\\" in text:
        return False
    try:
        pair = _pair(text)
    except RuleError:
        return False
    return not may_grant(text) and covering(call, [pair]) is not None


def _pair(text: str) -> Pair:
    return Rule(decide="allow", match=text, grant_id="candidate"), parse_rule(text)
