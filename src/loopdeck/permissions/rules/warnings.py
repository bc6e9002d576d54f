"""What is odd about a rule: it can never match, or it covers more than it looks like."""

import re
from collections.abc import Sequence

from loopdeck.errors import RuleError
from loopdeck.permissions.rules.globs import is_literal
from loopdeck.permissions.rules.language import FOREIGN, Matcher, parse_rule
from loopdeck.permissions.rules.matching import first_word
from loopdeck.permissions.rules.ordinary import starts_unclear
from loopdeck.permissions.shell import is_interpreter, ordinary_table, works_here
from loopdeck.session.standing import OF_SERVERS
from loopdeck.session.values import Rule

_RUNS_ANYTHING = re.compile(
    r"g?awk|command|docker|env|eval|exec|find|make|nice|nohup|npx|perl|php|ruby|ssh|time"
    r"|timeout|tmux|uvx|watch|xargs"
)
_SCRIPTED = frozenset({"awk", "find", "sed", "sql"})
_SERVER = re.compile(OF_SERVERS + r"[\w.*?-]+")
_SEVERAL = re.compile(r"\)\s*(?:&&|\|\||[;,])\s*[A-Za-z_*]+\(")


def warnings(rule: Rule, others: Sequence[Rule] = ()) -> tuple[str, ...]:
    """Sentences about one rule; `others` are the rules it stands among. Never raises."""
    try:
        matcher = parse_rule(rule.match)
    except RuleError as error:
        return (str(error),)
    never = _never(matcher)
    found = [*never, *_shadowed(rule, matcher, others)]
    if rule.decide == "allow" and not never:
        found += _broad(matcher)
    return tuple(f"`{rule.decide} {rule.match}`: {text}" for text in found)


def cautions(match: str) -> tuple[str, ...]:
    """What more a rule lets run than it looks like, as sentences. Never raises."""
    try:
        return tuple(_broad(parse_rule(match)))
    except RuleError:
        return ()


def all_warnings(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Everything odd about a set of rules, in their order, each once."""
    return tuple(dict.fromkeys(text for rule in rules for text in warnings(rule, rules)))


def _never(matcher: Matcher) -> list[str]:
    if FOREIGN.fullmatch(matcher.name):
        return ["there is no such tool in Loopdeck, so it never matches"]
    if matcher.name.startswith(OF_SERVERS) and not _SERVER.match(matcher.name):
        return ["it names no server, so it never matches"]
    if matcher.kind == "command" and _SEVERAL.search(matcher.pattern):
        return ["it reads as several rules in one; each needs to stand by itself"]
    if matcher.kind == "command" and not matcher.pattern.strip(" *:"):
        return ["its pattern is empty, so it says nothing about a command"]
    if matcher.kind == "path" and "//" in matcher.pattern.removeprefix("//"):
        return ["its path has `//` inside, so it never matches"]
    if matcher.kind == "path" and re.search(r"(^|/)\.\.(/|$)", matcher.pattern):
        return ["paths are compared after `..` was resolved, so it never matches"]
    return []


def _shadowed(rule: Rule, matcher: Matcher, others: Sequence[Rule]) -> list[str]:
    """A rule that a stricter one always comes before."""
    stricter = {"allow": ("deny", "ask"), "ask": ("deny",), "deny": ()}[rule.decide]
    for other in others:
        if other.decide in stricter and _includes(_parsed(other), matcher):
            return [f"`{other.decide} {other.match}` always decides before it"]
    return []


def _parsed(rule: Rule) -> Matcher | None:
    try:
        return parse_rule(rule.match)
    except RuleError:
        return None


def _includes(wide: Matcher | None, narrow: Matcher) -> bool:
    """Whether whatever the narrow rule speaks of, the wide one does too, by their words alone."""
    if wide is None:
        return False
    if wide.kind == "tool":
        if wide.name in ("*", narrow.name):
            return True
        same = bool(narrow.tools) and narrow.tools <= wide.tools
        server = bool(wide.name) and narrow.name.startswith(f"{wide.name.rstrip('*_')}__")
        return same or (wide.name.startswith(OF_SERVERS) and server)
    if wide.kind != narrow.kind or not narrow.tools <= wide.tools:
        return False
    if wide.kind == "command":
        return _begins(wide.pattern, narrow.pattern)
    return wide.pattern == narrow.pattern or (
        wide.kind == "path" and _begins(wide.pattern.replace("/**", "/*"), narrow.pattern)
    )


def _begins(wide: str, narrow: str) -> bool:
    wide, narrow = (text.replace(":*", " *") for text in (wide, narrow))
    if wide == narrow:
        return True
    head, star, tail = wide.partition("*")
    return bool(star) and not tail and (narrow.startswith(head) or narrow == head.rstrip())


def _broad(matcher: Matcher) -> list[str]:
    match matcher.kind:
        case "tool":
            return _broad_tool(matcher)
        case "command":
            return _broad_command(matcher)
        case "path" if matcher.pattern in ("**", "/**", "//**", "~/**", "*", "./**"):
            return ["it covers every file there"]
        case "path" if matcher.tools and not is_literal(matcher.pattern):
            return []
        case "category":
            return [f"it covers everything that counts as {matcher.pattern}, whatever it is"]
        case "host" if matcher.pattern.strip("*.") == "":
            return ["it covers every host"]
        case _:
            return []


def _broad_tool(matcher: Matcher) -> list[str]:
    if matcher.name == "*":
        return ["it covers every tool"]
    if "shell" in matcher.tools:
        return ["it covers every command that is understood, except what destroys"]
    if (
        matcher.name.startswith(OF_SERVERS)
        and "*" in matcher.name.removeprefix(OF_SERVERS).split("__")[0]
    ):
        return ["it covers every tool of every server that it fits, also of those that come later"]
    if matcher.name.startswith(OF_SERVERS) and (
        "*" in matcher.name or matcher.name.count("__") < 2
    ):
        return ["it covers every tool of that server, also those it gets later"]
    return []


def _options_that_do_more(literal: str) -> str:
    """What a star behind these words fits, and a rule still does not let run."""
    if starts_unclear(literal):
        return f"`{literal}` is not understood whatever follows, so such calls still ask"
    table = ordinary_table(tuple(literal.split()))
    if table is not None and table.language in _SCRIPTED:
        return f"a script of `{table.name}` can write files and run commands; such calls still ask"
    if table is not None and table.subcommands and works_here(table):
        return f"those commands of `{table.name}` that talk to other machines still ask"
    return ""


def _broad_command(matcher: Matcher) -> list[str]:
    pattern = matcher.pattern.replace(":*", " *")
    head, star, tail = pattern.partition("*")
    words = head.split()
    if not star:
        return []
    if not first_word(matcher) and not head:
        return ["it begins with a star, so it covers every program"]
    found: list[str] = []
    if tail and head.endswith(" ") and tail[0] == " ":
        found.append("the star before its end stands for any words, also for other options")
    elif not head.endswith(" ") and tail[:1] in ("", " "):
        found.append(f"it covers each word that begins with `{words[-1]}`, and it alone")
    if more := _options_that_do_more(" ".join(words)) if head.endswith(" ") else "":
        found.append(more)
    if len(words) == 1 and (is_interpreter(words[0]) or _RUNS_ANYTHING.fullmatch(words[0])):
        found.append(f"`{words[0]}` runs whatever its arguments say")
    return found
