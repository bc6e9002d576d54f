"""`loopdeck policy suggest`: rules that would have saved questions, and adding one of them."""

import argparse
import asyncio
import json
import time
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.console import one_line, tell
from loopdeck.cli.places import Places, places
from loopdeck.cli.policy.adding import add_rules, confirmed
from loopdeck.cli.reading import open_to_read
from loopdeck.errors import UsageError
from loopdeck.figures import plural
from loopdeck.permissions.learning.past import past_calls
from loopdeck.permissions.learning.suggesting import Suggestion, suggest
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Rule

DAY_NS = 86_400 * 10**9


def main(args: argparse.Namespace, settings: Settings) -> int:
    """List the suggestions, or add the one that --accept names, after a yes."""
    spots = places(args)
    since = time.time_ns() - args.since * DAY_NS if args.since else 0
    calls = asyncio.run(_recorded(spots, since)) if spots.database.exists() else []
    own = [str(path) for path in spots.own]
    known = {table.get("match") for table in settings.rule if table.get("decide") == "allow"}
    found = [one for one in suggest(calls, home=str(Path.home()), own=own) if one.rule not in known]
    if args.accept:
        return _accept(args.accept, found, spots)
    for number, one in enumerate(found, start=1):
        print(_as_json(number, one) if args.json else _as_lines(number, one))
    if not args.json:
        hint = "`loopdeck policy suggest --accept N` adds one." if found else ""
        counted = f"{plural(len(calls), 'recorded call')}, {plural(len(found), 'suggestion')}."
        tell(counted, hint)
    return 0


async def _recorded(spots: Places, since: int) -> list[RecordedCall]:
    async with open_to_read(spots.database) as journal:
        return await past_calls(journal, journal, since=since)


def _accept(number: int, found: list[Suggestion], spots: Places) -> int:
    if number > len(found):
        raise UsageError(
            f"There is no suggestion {number}.", "`loopdeck policy suggest` lists them."
        )
    one = found[number - 1]
    print(_as_lines(number, one))
    if not confirmed(f"Allow this from now on, in {spots.config}?"):
        tell("Nothing was added.")
        return 1
    rule = Rule(decide="allow", match=one.rule, why=f"it {one.sentence}")
    backup = add_rules(spots.config, [rule])
    kept = f" The old file is {backup}." if backup else ""
    tell(f"The rule was added to {spots.config}.{kept}")
    return 0


def _as_lines(number: int, one: Suggestion) -> str:
    return f"{number:>2}  allow {one_line(one.rule)}\n    {one_line(one.sentence)}"


def _as_json(number: int, one: Suggestion) -> str:
    found = one.evidence
    return json.dumps(
        {
            "number": number,
            "decide": "allow",
            "match": one.rule,
            "saved": found.saved,
            "matched": found.matched,
            "calls": found.total,
            "approved": found.approved,
            "categories": {str(category): count for category, count in found.by_category.items()},
            "examples": [call.args for call in found.examples],
        }
    )
