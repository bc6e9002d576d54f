"""Rules from TOML tables: read, dated, and proven by their own examples."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loopdeck.errors import ConfigError, RuleError
from loopdeck.permissions.rules.globs import leaves_workspace
from loopdeck.permissions.rules.language import SHELL, Call, Matcher, parse_rule
from loopdeck.permissions.rules.matching import loosens, tightens
from loopdeck.permissions.shell import classify
from loopdeck.session.faults import first_fault
from loopdeck.session.values import Assessment, Category, Rule

Scope = Literal["cli", "user", "project", "session"]
_EXAMPLE_WORKSPACE = "/workspace"
_EXAMPLE_HOME = "/home/you"


class _Written(BaseModel):
    """A `[[rule]]` as it is written."""

    model_config = ConfigDict(extra="forbid", strict=True)

    decide: Literal["allow", "ask", "deny"]
    match: Annotated[str, Field(min_length=1)]
    why: str = ""
    expires: datetime | date | str | None = None
    examples: list[str] = Field(default_factory=list[str])
    counterexamples: list[str] = Field(default_factory=list[str])


def load_rules(tables: object, now: datetime, *, scope: Scope = "user") -> tuple[Rule, ...]:
    """The `[[rule]]` tables that hold at `now`, as rules. Raises `ConfigError` and `RuleError`."""
    if not isinstance(tables, list):
        raise ConfigError("`rule` must be a list of tables.", "Write each rule as `[[rule]]`.")
    rules: list[Rule] = []
    for number, table in enumerate(cast("list[object]", tables), start=1):
        written = _read(table, number)
        _check_scope(written, scope)
        _prove(written)
        until = _expiry(written, number)
        if until is None or now < until:
            rules.append(_rule(written, scope, until))
    return tuple(rules)


def _rule(written: _Written, scope: Scope, until: datetime | None) -> Rule:
    end = None if until is None else int(until.timestamp()) * 1_000_000_000
    return Rule(decide=written.decide, match=written.match, why=written.why, scope=scope, until=end)


def expired(tables: Sequence[object], now: datetime) -> tuple[str, ...]:
    """A sentence about every rule whose time is over. Raises as `load_rules` does."""
    found: list[str] = []
    for number, table in enumerate(tables, start=1):
        written = _read(table, number)
        until = _expiry(written, number)
        if until is not None and until <= now:
            words = f"`{written.decide} {written.match}`"
            found.append(f"{words}: it expired on {until.date()} and decides nothing")
    return tuple(found)


def _read(table: object, number: int) -> _Written:
    try:
        return _Written.model_validate(table)
    except ValidationError as error:
        _, where, why = first_fault(error)
        raise ConfigError(
            f"Rule {number} cannot be used: {where or 'the table'}: {why}.",
            "A rule has `decide`, `match` and, if you like, "
            "`why`, `expires`, `examples`, `counterexamples`.",
        ) from error


def _check_scope(written: _Written, scope: Scope) -> None:
    if scope == "project" and written.decide == "allow":
        raise RuleError(
            f"The project's rule `{written.match}` wants to allow something.",
            "A project may only add `deny` and `ask`; put the rule into your own config.",
        )


def _expiry(written: _Written, number: int) -> datetime | None:
    value = written.expires
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            text = f"Rule {number} cannot be used: `expires` is no date: {value}."
            raise ConfigError(text, "Write a date such as 2030-12-31.") from error
    if value is None or isinstance(value, datetime):
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time.max, tzinfo=UTC)  # the day itself still counts


def _prove(written: _Written) -> None:
    matcher = parse_rule(written.match)
    for text in written.examples:
        if not _holds(matcher, written.decide, text):
            raise RuleError(
                f"The rule `{written.match}` does not match its own example `{text}`.",
                "Change the rule or the example.",
            )
    for text in written.counterexamples:
        if _holds(matcher, written.decide, text):
            raise RuleError(
                f"The rule `{written.match}` matches its counterexample `{text}`.",
                "Change the rule or the counterexample.",
            )


def _holds(matcher: Matcher, decide: str, text: str) -> bool:
    call = _example(matcher, text)
    if matcher.kind == "fact":
        return bool(call.assessment.facts.get(matcher.pattern))
    return loosens(matcher, call) if decide == "allow" else tightens(matcher, call)


def _example(matcher: Matcher, text: str) -> Call:
    """The call an example stands for: a path, a host, an address, a tool's name, or a command."""
    tool, args, assessment = "shell", {"command": text}, classify(text)
    if matcher.kind == "path":
        tool, args = next(iter(sorted(matcher.tools))), {"path": text}
        outside = leaves_workspace(matcher.pattern) or text.startswith(("/", "~"))
        path = _EXAMPLE_HOME + text[1:] if text.startswith("~/") else text
        facts = {"paths": [path], "outside_workspace": outside}
        assessment = Assessment(category=Category.READ, facts=facts)
    elif matcher.kind == "host":
        tool, args = "web_fetch", {"url": f"https://{text}/"}
        assessment = Assessment(category=Category.NETWORK, facts={"hosts": [text]})
    elif matcher.kind == "url":
        tool, args = "web_fetch", {"url": text}
        assessment = Assessment(category=Category.NETWORK)
    elif matcher.kind == "tool" and matcher.tools != SHELL:
        tool, args = text, {}
    return Call(tool, args, assessment, _EXAMPLE_WORKSPACE, _EXAMPLE_HOME)
