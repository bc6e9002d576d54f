"""The rules that a command was given, and those of the config file behind them."""

import argparse

from loopdeck.cli.config import Settings
from loopdeck.session.values import Rule


def rules_from(args: argparse.Namespace, settings: Settings) -> list[Rule]:
    """Rules of the command line, then of the config file. Raises `RuleError`.

    Who goes on with a session is given those of the config file by the workshop.
    """
    given = {"deny": args.deny, "ask": args.ask, "allow": args.allow}
    tables = [] if args.command in ("resume", "fork") else settings.rule
    if not tables and not any(given.values()):
        return []
    from loopdeck.cli.policy.rules import read_rules  # most runs have no rules to be understood

    return read_rules(given, tables)
