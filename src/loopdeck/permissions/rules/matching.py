"""Holds a rule against a call: what it stops, what it covers, what it names.

A rule that tightens fires if any part of a call may match; one that loosens covers a call only
if all of it is covered.
"""

import re
from collections.abc import Iterator, Sequence

from loopdeck.permissions.commands import Words, commands_of, may_name, may_start, meaning
from loopdeck.permissions.levels import REACHABLE, STAYS
from loopdeck.permissions.rules.globs import (
    allow_glob,
    is_literal,
    leaves_workspace,
    path_matches,
    text_glob,
)
from loopdeck.permissions.rules.language import Call, Matcher, parse_rule
from loopdeck.permissions.rules.ordinary import is_named_unknown, is_within
from loopdeck.permissions.rules.places import covers_place, speaks_of_place
from loopdeck.permissions.shell import leaves_machine_open, steers
from loopdeck.session.values import Category, Rule

_NOT_PATHS = re.compile(r"[^\w.~/@+-]+")
_QUOTES = re.compile(r"['\"\\]")
_MANY_WORDS = 400
DELETING = frozenset({"delete_file"})
_EFFECTS = ("writes", "deletes", "hosts")


def tightens(matcher: Matcher, call: Call) -> bool:
    """Whether a deny or ask rule fires: it does if any part of the call may match."""
    match matcher.kind:
        case "tool":
            return matcher.speaks_of(call.tool, tighten=True)
        case "command":
            return matcher.speaks_of(call.tool, tighten=True) and _any_command(matcher, call)
        case "path":
            return matcher.speaks_of(call.tool, tighten=True) and any(
                _path(matcher, call, path) for path in _touched(matcher, call)
            )
        case "category":
            return call.assessment.category.value == matcher.pattern
        case "fact":
            return bool(call.assessment.facts.get(matcher.pattern))
        case "host" | "url":
            return speaks_of_place(matcher, call)


def loosens(matcher: Matcher, call: Call) -> bool:
    """Whether an allow rule by itself covers the call, as far as tool, text, paths and hosts go."""
    if call.tool == "shell" and not _is_understood(call):
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
            return False  # an allowed fact stops being a reason to ask; see `names_fact`
        case "host" | "url":
            return covers_place(matcher, call)


def names_fact(matcher: Matcher, fact: str, call: Call) -> bool:
    """Whether an allow rule speaks of this careful fact, so that it alone no longer asks."""
    match matcher.kind:
        case "fact":
            return matcher.pattern == fact
        case _ if fact in (STAYS, REACHABLE):
            return False  # who lets a command run has not said that it may stay, or be reached
        case "command":
            # All of the command stands in the rule: the path that makes it careful too.
            return "*" not in matcher.pattern and loosens(matcher, call)
        case "path" if fact == "outside_workspace":
            return leaves_workspace(matcher.pattern)
        case "path":
            return fact == "sensitive" and is_literal(matcher.pattern)
        case _:
            return False


def names_danger(matcher: Matcher, call: Call) -> bool:
    """Whether an allow rule says itself what it lets happen, where that destroys or is unknown.

    `shell(rm build/*)` does, `shell(find *)` does not cover `-delete`, and no rule about a whole
    tool does but for tools that do nothing else.
    """
    category = call.assessment.category
    match matcher.kind:
        case "category":
            return matcher.pattern == category.value
        case "command":
            literal = _literal(matcher.pattern)
            if category is Category.UNKNOWN:
                return bool(literal) and is_named_unknown(literal, matcher.pattern)
            return bool(literal) and meaning(literal, call.workspace).category is category
        case "path":
            return matcher.tools == DELETING
        case "tool":
            return call.tool != "shell" and matcher.name == call.tool
        case _:
            return False


def parts_of(call: Call) -> tuple[Call, ...]:
    """Every simple command of a shell call as a call of its own."""
    return tuple(
        Call(
            call.tool,
            {"command": text},
            meaning(text, call.workspace, call.home),
            call.workspace,
            call.home,
        )
        for text in part_texts(call)
    )


def part_texts(call: Call) -> list[str]:
    """Every simple command of a shell call, as a rule would name it."""
    return list(commands_of(call.command).texts)


def speaks_of_words(matcher: Matcher, call: Call) -> bool:
    """False where a command rule certainly speaks of no part of a call: nothing is taken apart."""
    return matcher.kind != "command" or may_name(
        call.command, _QUOTES.sub("", _literal(matcher.pattern)).split()
    )


def may_cover(matcher: Matcher, command: str) -> bool:
    """False where a rule certainly does not cover a simple command, by its text alone."""
    return matcher.kind != "command" or allow_glob(matcher.pattern).fullmatch(command) is not None


def _adds_nothing(call: Call) -> bool:
    """Whether a call only reads and shows, so that it does no more than any of its parts."""
    mild = call.assessment.category is Category.READ
    return mild and not any(call.listed(fact) for fact in (*_EFFECTS, "env_set"))


def is_all(parts: Sequence[Call], call: Call) -> bool:
    """Whether the parts do all that the call does: no redirect, pipe or folder adds to it."""
    severity = list(Category).index
    worst = max((severity(part.assessment.category) for part in parts), default=-1)
    if severity(call.assessment.category) > worst:
        return False
    steering = {name for name in call.listed("env_set") if steers(name, "")}
    if not steering <= set(_listed(parts, "env_set")):
        return False
    return all(
        any(path == known or path.endswith(f"/{known}") for known in _listed(parts, fact))
        for fact in _EFFECTS
        for path in call.listed(fact)
    )


def reaches(matcher: Matcher, call: Call) -> bool:
    """Whether a rule, read generously, speaks of all that the call does beside plain reads."""
    if matcher.kind != "command":
        return loosens(matcher, call)
    if not matcher.speaks_of(call.tool, tighten=False):
        return False
    glob = text_glob(matcher.pattern)
    parts = parts_of(call)
    rest = [part for part in parts if not glob.fullmatch(part.command)]
    return len(rest) < len(parts) and all(
        part.assessment.category is Category.READ for part in rest
    )


def literal_words(matcher: Matcher) -> str:
    """The whole words that a command rule begins with."""
    return _literal(matcher.pattern)


def first_word(matcher: Matcher) -> str:
    """The program a command rule begins with; empty where it begins with a star."""
    return _QUOTES.sub("", _literal(matcher.pattern).partition(" ")[0])


def starts_danger(matcher: Matcher, workspace: str = "") -> bool:
    """Whether the words a command rule begins with destroy already, or are not understood."""
    category = meaning(_literal(matcher.pattern), workspace).category
    return category in (Category.DESTRUCTIVE, Category.UNKNOWN)


def sends_anywhere(matcher: Matcher) -> bool:
    """Whether the star of a command rule stands for the machine that is talked to."""
    words = tuple(_literal(matcher.pattern).split())
    return "*" in matcher.pattern and leaves_machine_open(words)


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


def _literal(pattern: str) -> str:
    """The whole words before the first star."""
    before, star, _ = pattern.partition("*")
    if not star or before.endswith((" ", ":")):
        return before.rstrip(" :")
    return before.rpartition(" ")[0].strip()


def _any_command(matcher: Matcher, call: Call) -> bool:
    glob = text_glob(matcher.pattern)
    command = call.command.strip()
    if glob.fullmatch(command) or glob.fullmatch(" ".join(command.split())):
        return True
    if not speaks_of_words(matcher, call):
        return False
    return any(glob.fullmatch(" ".join(part)) for part in _started(call))


def _listed(parts: Sequence[Call], fact: str) -> list[str]:
    return [path for part in parts for path in part.listed(fact)]


def _started(call: Call) -> Iterator[Words]:
    yield from may_start(call.command)
    yield from commands_of(call.command).words


def _is_understood(call: Call) -> bool:
    """What is unknown may still be one plain command of a program that nobody has described."""
    known = call.assessment.category is not Category.UNKNOWN
    return known or commands_of(call.command).complete


def _exact_command(matcher: Matcher, call: Call) -> bool:
    if call.command.strip() == matcher.pattern:
        return True
    texts = part_texts(call)
    if len(texts) != 1 or not may_cover(matcher, texts[0]):
        return False
    if not is_within(matcher, _literal(matcher.pattern), call):
        return False
    return _adds_nothing(call) or is_all(parts_of(call), call)


def _touched(matcher: Matcher, call: Call) -> list[str]:
    """The paths a path rule has to look at; those of a shell command may be anywhere in it."""
    if call.tool != "shell":
        return call.listed("paths")
    if "read_file" not in matcher.tools:
        paths = [*call.listed("writes"), *call.listed("deletes")]
    else:
        paths = [*call.listed("paths"), *call.listed("reads")]
    if call.assessment.category in (Category.UNKNOWN, Category.DESTRUCTIVE):
        paths += _NOT_PATHS.split(call.command)[:_MANY_WORDS]
    return [path for path in paths if path]


def _path(matcher: Matcher, call: Call, path: str) -> bool:
    return path_matches(matcher.pattern, path, workspace=call.workspace, home=call.home)
