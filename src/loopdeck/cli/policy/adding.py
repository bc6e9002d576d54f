"""Adds rules to the user's config file without losing a comment of theirs."""

import sys
from collections.abc import Sequence
from pathlib import Path

import tomlkit

from loopdeck.cli.config import parse_settings
from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.cli.terminal.answering import answer_to
from loopdeck.errors import ConfigError, UsageError
from loopdeck.session.values import Rule


def tables_of(rules: Sequence[Rule]) -> str:
    """The rules as `[[rule]]` tables."""
    return "\n".join(f"[[rule]]\n{_table(rule)}" for rule in rules)


def add_rules(config: Path, rules: Sequence[Rule]) -> Path | None:
    """Append the rules; returns the copy of the old file, if there was one. Raises `ConfigError`.

    Tables may stand at the end of any TOML file, so not a character of the user's is touched. What
    comes out is read back as settings before it takes the old file's place.
    """
    text = read_small(config)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    new = f"{text or ''}{gap}{tables_of(rules)}"
    before = len(parse_settings(text or "", str(config)).rule)
    if len(parse_settings(new, str(config)).rule) != before + len(rules):
        raise ConfigError(f"Nothing can be added to {config}.", "Write each rule as `[[rule]]`.")
    backup = config.with_name(f"{config.name}.before") if text is not None else None
    if backup is not None and text is not None:
        write_private(backup, text)
    write_private(config, new)
    return backup


def confirmed(question: str) -> bool:
    """A yes by a key press, from a person at a terminal. Raises `UsageError` without one."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "This has to be answered by a person at a terminal.", "Run it again in one."
        )
    return answer_to(f"{question} [y/N]").lower() in ("y", "yes")


def _table(rule: Rule) -> str:
    table = tomlkit.table()
    table.add("decide", rule.decide)
    table.add("match", rule.match)
    if rule.why:
        table.add("why", rule.why)
    return table.as_string()
