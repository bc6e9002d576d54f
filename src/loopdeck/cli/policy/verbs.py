"""`loopdeck policy`: explains what would happen to calls, and keeps the rules; runs nothing."""

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import cast

from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.console import tell
from loopdeck.cli.ground import HOME
from loopdeck.cli.places import Places, places, workspace
from loopdeck.cli.policy.bylaws import bylaws, odd_rules
from loopdeck.cli.policy.given import rules_from
from loopdeck.cli.policy.judging import Judge, unknown
from loopdeck.errors import UsageError
from loopdeck.permissions.policy import Verdict
from loopdeck.session.values import JsonObject

VERBS = {  # verb -> the module whose `main(args, settings)` does it
    "accept": "loopdeck.cli.policy.accept",
    "import": "loopdeck.cli.policy.importing",
    "replay": "loopdeck.cli.policy.replay",
    "suggest": "loopdeck.cli.policy.suggest",
}

# What a call may come to that nobody thought of.
_ODD = (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError)


def main(args: argparse.Namespace) -> int:
    """Check calls, or do what another verb asks for."""
    settings = load_settings(places(args).config, named=args.config is not None)
    if args.verb in VERBS:
        # Each verb loads what it needs alone: checking has to start at once.
        return int(importlib.import_module(VERBS[args.verb]).main(args, settings))
    return _check(args, settings)


def _check(args: argparse.Namespace, settings: Settings) -> int:
    if not args.jsonl and not args.shell_command:
        raise UsageError("There is no command to check.", "loopdeck policy check 'git status'")
    level = args.level if args.level is not None else settings.level
    folder = workspace(args.workspace)
    here = bylaws(folder, places(args), time.time_ns())
    grants = [rule for grant in here.grants for rule in grant.rules]
    rules = (*rules_from(args, settings), *here.rules, *grants)
    whole = (HOME,) if folder == Path.home().resolve() else ()
    for sentence in (*whole, *here.notices, *odd_rules(rules, settings)):
        tell(sentence)
    decider = Judge(
        folder,
        level,
        rules,
        places(args),
        sandboxed=not args.no_sandbox,
        in_order=args.in_order,
    )
    if args.jsonl:
        for line in sys.stdin.buffer:
            if line.strip():
                sys.stdout.write(_decide_line(decider, line) + "\n")
        return 0
    verdict = decider.decide("shell", {"command": args.shell_command})
    if args.json:
        print(as_json(None, verdict))
        return 0
    from loopdeck.cli.policy.explaining import explain  # only people need sentences

    print(explain(args.shell_command, verdict))
    if level >= 4 and not args.no_sandbox:
        _tell_of_walls(level, places(args), settings)
    return 0


def _tell_of_walls(level: int, spots: Places, settings: Settings) -> None:
    """The verdict holds only where a sandbox does."""
    if not settings.sandbox:
        said = f"level {level} stays shut: the sandbox is switched off in the config file."
        tell(said, "--no-sandbox explains commands without one.")
        return
    from loopdeck.cli.walls import doubt  # only people who ask about these levels need it

    words, hint = doubt(level, Path.home(), spots.own, spots.walls)
    if words:
        tell(words, hint)


def as_json(ident: object, verdict: Verdict) -> str:
    """The line that `policy check --jsonl` writes."""
    return json.dumps(
        {
            "id": ident,
            "category": verdict.category,
            "verdict": verdict.decision,
            "level": verdict.level,
            "rule": verdict.rule,
            "reasons": [reason.model_dump() for reason in verdict.reasons],
            "facts": verdict.facts,
        }
    )


def _decide_line(decider: Judge, line: bytes) -> str:
    ident: object = None
    try:
        data = cast("JsonObject", dict(json.loads(line)))
        ident = data.get("id")
        tool, args = data["tool"], cast("JsonObject", dict(data["args"]))
        if not isinstance(tool, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        why = "The line is not a call: it needs id, tool and args."
        return as_json(ident, decider.weigh("", {}, unknown(why)))
    try:
        return as_json(ident, decider.decide(tool, args))
    except _ODD:  # the lines behind this one are to be answered too
        return as_json(ident, decider.weigh("", {}, unknown("This call cannot be looked at.")))
