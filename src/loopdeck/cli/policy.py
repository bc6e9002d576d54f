"""`loopdeck policy`: explains what would happen to a call, and runs nothing."""

import argparse
import asyncio
import json
import sys
import tomllib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.folding import PAGE
from loopdeck.cli.main import printable
from loopdeck.cli.places import Places, places, workspace
from loopdeck.cli.starting import rules_from
from loopdeck.errors import ConfigError, ToolError, UsageError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.permissions.load import load_rules
from loopdeck.permissions.policy import Policy, Verdict, judge
from loopdeck.session.events import CallAnswered, CallJudged, CallProposed
from loopdeck.session.values import Assessment, Category, Decision, JsonObject, Reason, Rule
from loopdeck.tools.registry import BuiltinToolbox


class Judge:
    """Decides calls in one workspace under one policy."""

    def __init__(self, folder: Path, level: int, rules: Iterable[Rule], spots: Places) -> None:
        self._toolbox = BuiltinToolbox(folder)
        self._policy = Policy(level, tuple(rules), folder, Path.home(), spots.own)

    def decide(self, tool: str, args: JsonObject) -> Verdict:
        """The verdict; a call that cannot be prepared is unknown, and asked about."""
        try:
            assessment = self._toolbox.prepare(tool, args).assess()
        except ToolError as error:
            why = Reason(text=str(error).splitlines()[0])
            assessment = Assessment(category=Category.UNKNOWN, reasons=(why,))
        return judge(tool, args, assessment, self._policy)


def main(args: argparse.Namespace) -> int:
    """Check calls, or replay recorded ones."""
    settings = load_settings(places(args).config, named=args.config is not None)
    if args.verb == "replay":
        return asyncio.run(_replay(args, settings))
    level = args.level if args.level is not None else settings.level
    folder = workspace(args.workspace)
    decider = Judge(folder, level, rules_from(args, settings), places(args))
    if args.jsonl:
        for line in sys.stdin.buffer:
            if line.strip():
                sys.stdout.write(_decide_line(decider, line, level) + "\n")
        return 0
    if not args.shell_command:
        raise UsageError("There is no command to check.", "loopdeck policy check 'git status'")
    verdict = decider.decide("shell", {"command": args.shell_command})
    print(as_json(None, verdict) if args.json else _explain(args.shell_command, verdict))
    return 0


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


def _decide_line(decider: Judge, line: bytes, level: int) -> str:
    ident: object = None
    try:
        data = cast("JsonObject", dict(json.loads(line)))
        ident = data.get("id")
        tool, args = data["tool"], cast("JsonObject", dict(data["args"]))
        if not isinstance(tool, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        why = Reason(text="The line is not a call: it needs id, tool and args.")
        wrong = Assessment(category=Category.UNKNOWN, reasons=(why,))
        return as_json(ident, judge("", {}, wrong, Policy(level, (), Path())))
    return as_json(ident, decider.decide(tool, args))


def _explain(command: str, verdict: Verdict) -> str:
    lines = [f"{verdict.decision}  ({verdict.category})  because {verdict.rule}"]
    for reason in verdict.reasons:
        lines.append(f"  {reason.text}")
        if reason.span and "\n" not in command:
            start, end = reason.span
            lines += [f"    {command}", "    " + " " * start + "^" * max(1, end - start)]
    return printable("\n".join(lines))


async def _replay(args: argparse.Namespace, settings: Settings) -> int:
    """Decide recorded calls again; list those that would change."""
    rules = load_rules(_rules_in(Path(args.policy)), datetime.now(UTC))
    level = args.level if args.level is not None else settings.level
    counts = dict.fromkeys(Decision, 0)
    changed = 0
    async with await SqliteJournal.open(places(args).database) as journal:
        names = [await journal.find(name) for name in args.sessions]
        for summary in await journal.summaries():
            if names and summary.id not in names:
                continue
            decider = Judge(Path(summary.workspace), level, rules, places(args))
            async for call, old, human in _recorded(journal, summary.id):
                new = decider.decide(call.tool, call.args).decision
                counts[new] += 1
                if new is not old.verdict:
                    changed += 1
                    print(_change(summary.id, call, old, new, human, as_json=args.json))
    if not args.json:
        print(
            ", ".join(f"{count} {word}" for word, count in counts.items()), "·", changed, "changed"
        )
    return 0


async def _recorded(
    journal: SqliteJournal, session: str
) -> AsyncIterator[tuple[CallProposed, CallJudged, str]]:
    proposed: dict[str, CallProposed] = {}
    judged: dict[str, CallJudged] = {}
    answers: dict[str, str] = {}
    after = 0
    while records := await journal.read(session, after=after, limit=PAGE):
        after = records[-1].seq
        for event in (record.event for record in records):
            match event:
                case CallProposed():
                    proposed[event.call_id] = event
                case CallJudged():
                    judged.setdefault(event.call_id, event)
                case CallAnswered(by="human"):
                    answers[event.call_id] = event.answer
                case _:
                    pass
    for call_id, verdict in judged.items():
        if call_id in proposed:
            yield proposed[call_id], verdict, answers.get(call_id, "")


def _rules_in(path: Path) -> object:
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


def _change(
    session: str,
    call: CallProposed,
    old: CallJudged,
    new: Decision,
    human: str,
    *,
    as_json: bool,
) -> str:
    if as_json:
        return json.dumps(
            {
                "session": session,
                "call_id": call.call_id,
                "tool": call.tool,
                "args": call.args,
                "was": old.verdict,
                "now": new,
                "human": human or None,
            }
        )
    said = f", the human {human}" if human else ""
    return printable(f"{session}/{call.call_id}  {old.verdict} → {new}{said}  {call.tool}")
