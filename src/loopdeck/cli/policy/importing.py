"""`loopdeck policy import`: the permissions of a Claude Code settings file as rules of ours."""

import argparse
import json
from pathlib import Path
from typing import Literal, cast

from loopdeck.cli.config import Settings
from loopdeck.cli.console import printable, tell
from loopdeck.cli.kept.files import read_small
from loopdeck.cli.places import places
from loopdeck.cli.policy.adding import add_rules, tables_of
from loopdeck.errors import ConfigError, RuleError
from loopdeck.permissions.rules.language import parse_rule
from loopdeck.permissions.rules.warnings import warnings
from loopdeck.session.values import JsonObject, Rule

_DECISIONS: tuple[Literal["deny", "ask", "allow"], ...] = ("deny", "ask", "allow")
_NOT_TAKEN = {
    "additionalDirectories": "the workspace is one folder; allow `Read(//…)` for others",
    "defaultMode": "the level is the dial for that: --level",
    "disableBypassPermissionsMode": "there is no such mode",
    "disableAutoMode": "there is no such mode",
}


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Print the rules that would be added, or add them with --write."""
    path = Path(args.file).expanduser()
    rules, untaken = read_permissions(path)
    known = {(table.get("decide"), table.get("match")) for table in settings.rule}
    new = [rule for rule in rules if (rule.decide, rule.match) not in known]
    for sentence in untaken:
        tell(sentence)
    for rule in new:
        for sentence in warnings(rule, rules):
            tell(sentence)
    if len(new) < len(rules):
        tell(f"{len(rules) - len(new)} of the rules are in the config already.")
    if not new:
        tell("There is nothing to add.")
        return 0
    print(printable(tables_of(new)), end="")
    if not args.write:
        tell("Nothing was written.", "Add --write to append these to the config.")
        return 0
    config = places(args).config
    backup = add_rules(config, new)
    kept = f" The old file is {backup}." if backup else ""
    tell(f"{len(new)} rules were added to {config}.{kept}")
    return 0


def read_permissions(path: Path) -> tuple[list[Rule], list[str]]:
    """The rules of a settings file, and what was not taken, in sentences. Raises `ConfigError`."""
    permissions = _permissions(path)
    untaken = [
        f"`{name}` was not taken: {why}." for name, why in _NOT_TAKEN.items() if name in permissions
    ]
    known = {*_NOT_TAKEN, *_DECISIONS}
    untaken += [
        f"`{name}` was not taken: it is not known." for name in permissions if name not in known
    ]
    rules: list[Rule] = []
    for decide in _DECISIONS:
        for text in _entries(permissions.get(decide, []), decide, path):
            if not isinstance(text, str):
                untaken.append(f"A rule in `permissions.{decide}` is not text. It was not taken.")
                continue
            try:
                parse_rule(text)
            except RuleError as error:
                untaken.append(f"{error} It was not taken.")
            else:
                rules.append(Rule(decide=decide, match=text))
    return list(dict.fromkeys(rules)), untaken


def _permissions(path: Path) -> JsonObject:
    text = read_small(path)
    if text is None:
        raise ConfigError(f"There is no file {path}.", "Check its name.")
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path} is not valid JSON.", "Name a settings.json.") from error
    found = cast("JsonObject", data).get("permissions") if isinstance(data, dict) else None
    if not isinstance(found, dict):
        raise ConfigError(f"{path} has no `permissions`.", "Name a settings.json of Claude Code.")
    return cast("JsonObject", found)


def _entries(value: object, decide: str, path: Path) -> list[object]:
    if not isinstance(value, list):
        raise ConfigError(f"{path}: `permissions.{decide}` is not a list.", "Mend it.")
    return cast("list[object]", value)
