"""Rules as people give them, on the command line and in the config file, checked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from loopdeck.permissions.rules.language import parse_rule
from loopdeck.permissions.rules.load import expired, load_rules
from loopdeck.permissions.rules.warnings import all_warnings
from loopdeck.session.values import JsonObject, Rule


def read_rules(given: Mapping[str, Sequence[str]], tables: Sequence[JsonObject]) -> list[Rule]:
    """The rules of the command line, then those of the tables. Raises `RuleError`."""
    rules = [
        Rule.model_validate({"decide": decide, "match": text, "scope": "cli"})
        for decide, texts in given.items()
        for text in texts
    ]
    for rule in rules:
        parse_rule(rule.match)
    return rules + list(load_rules(list(tables), datetime.now(UTC)))


def oddities(rules: Sequence[Rule], tables: Sequence[JsonObject] = ()) -> tuple[str, ...]:
    """What a person should hear of rules that never match or cover more than they look like."""
    return (*expired(list(tables), datetime.now(UTC)), *all_warnings(rules))
