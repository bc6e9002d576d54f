"""`loopdeck policy replay`: decides recorded calls again under other rules, and runs nothing."""

import argparse
import asyncio
import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.console import one_line, tell
from loopdeck.cli.places import Places, places
from loopdeck.cli.policy.judging import Judge
from loopdeck.cli.policy.rules import oddities
from loopdeck.cli.prose import in_a_row
from loopdeck.cli.reading import open_to_read
from loopdeck.errors import ConfigError
from loopdeck.permissions.learning.history import History
from loopdeck.permissions.learning.past import past_calls
from loopdeck.permissions.policy import Verdict
from loopdeck.permissions.rules.load import load_rules
from loopdeck.session.calls import about
from loopdeck.session.recorded import RecordedCall
from loopdeck.session.values import Decision, Rule

MOST = 100_000  # calls


@dataclass(frozen=True, slots=True)
class Change:
    """A recorded call that would be decided otherwise."""

    call: RecordedCall
    now: Verdict

    @property
    def disagrees(self) -> bool:
        """It would run by itself, and its human did not want it like that."""
        unwanted = self.call.human_answer in ("denied", "edited")
        return unwanted and self.now.decision is Decision.ALLOW


def main(args: argparse.Namespace, settings: Settings) -> int:
    """List what would change; 1 if something would run that its human had refused or changed."""
    path = Path(args.policy).expanduser()
    tables = _tables(path)
    rules = load_rules(tables, datetime.now(UTC))
    for sentence in oddities(rules):
        tell(sentence)
    level = args.level if args.level is not None else settings.level
    spots = places(args)
    calls = asyncio.run(_recorded(spots, args.sessions))
    changes, counts = decide_again(calls, level, rules, spots)
    for change in changes:
        print(_as_json(change) if args.json else one_line(_as_line(change)))
    against = sum(change.disagrees for change in changes)
    if not args.json:
        _report(changes, counts, against)
    return 1 if against else 0


def decide_again(
    calls: list[RecordedCall], level: int, rules: tuple[Rule, ...], spots: Places
) -> tuple[list[Change], Counter[str]]:
    """What each call's verdict would be: those that change, and the counts of all.

    A call is weighed by what its tool said then: its files may be gone by now. So may the sandbox,
    and what had come in from outside by then still counts.
    """
    judges = _Judges(level, rules, spots)
    verdicts: dict[int, Verdict] = {}
    for kind in History(calls).kinds:
        known: dict[Judge, Verdict] = {}  # equal calls are judged once, where all else is equal
        for at in kind.at:
            judge, call = judges.of(calls[at]), kind.first
            if judge not in known:
                known[judge] = judge.weigh(call.tool, call.args, call.assessment)
            verdicts[at] = known[judge]
    counts = Counter({"not decidable": len(calls) - len(verdicts)})
    changes: list[Change] = []
    for at, verdict in sorted(verdicts.items()):
        counts[verdict.decision.value] += 1
        if verdict.decision is not calls[at].verdict:
            counts[f"newly {verdict.decision.value}"] += 1
            changes.append(Change(calls[at], verdict))
    return changes, counts


class _Judges:
    """One for each workspace, with the sandbox and the outside content that there were."""

    def __init__(self, level: int, rules: tuple[Rule, ...], spots: Places) -> None:
        self._level = level
        self._rules = rules
        self._spots = spots
        self._known: dict[tuple[str, bool, str], Judge] = {}

    def of(self, call: RecordedCall) -> Judge:
        """The one for the session of this call, as it was then."""
        key = (call.workspace, call.sandboxed, call.tainted)
        if key not in self._known:
            self._known[key] = Judge(
                Path(call.workspace),
                self._level,
                self._rules,
                self._spots,
                sandboxed=call.sandboxed,
                tainted=call.tainted,
            )
        return self._known[key]


async def _recorded(spots: Places, names: list[str]) -> list[RecordedCall]:
    async with open_to_read(spots.database) as journal:
        sessions = [await journal.find(name) for name in names]
        return await past_calls(journal, journal, sessions=sessions, most=MOST)


def _tables(path: Path) -> object:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(
            f"The policy file {path} cannot be read: {error.strerror}.", "Check its name."
        ) from error
    except ValueError as error:
        raise ConfigError(
            f"The policy file {path} is not valid TOML: {error}.", "Write each rule as `[[rule]]`."
        ) from error
    return data.get("rule", [])


def _report(changes: list[Change], counts: Counter[str], against: int) -> None:
    total = ", ".join(f"{counts[word.value]} {word.value}" for word in Decision)
    lost = counts["not decidable"]
    if lost:
        total += f", {lost} not decidable (a secret was taken out of them)"
    newly = ", ".join(f"{counts[f'newly {word}']} {word.value}" for word in Decision)
    print(f"{total} · newly: {newly} · {against} against what you did · {len(changes)} changed")


def _as_json(change: Change) -> str:
    call = change.call
    return json.dumps(
        {
            "session": call.session,
            "call_id": call.call_id,
            "tool": call.tool,
            "args": call.args,
            "was": call.verdict,
            "now": change.now.decision,
            "rule": change.now.rule,
            "human": call.human_answer or None,
            "disagrees": change.disagrees,
        }
    )


def _as_line(change: Change) -> str:
    call = change.call
    said = f", you {call.human_answer} it" if call.human_answer else ""
    mark = "!" if change.disagrees else " "
    what = in_a_row(about(call.args))
    verdicts = f"{call.verdict} → {change.now.decision}"
    return f"{mark} {call.session}/{call.call_id}  {verdicts}{said}  {call.tool} {what}"
