"""`--plain`: an agent at work, or a past session, as labelled lines with numbers to answer."""

import argparse
import sys

from loopdeck.app.plain.face import Face, printing, typed_lines
from loopdeck.app.plain.rereading import Rereading
from loopdeck.cli.config import Settings
from loopdeck.cli.console import tell
from loopdeck.cli.places import Places, log_to_file
from loopdeck.cli.runs.headless import EXIT_CODES, report, tell_waiting
from loopdeck.cli.runs.hosting import DEMO_PACE, DeckHost
from loopdeck.cli.runs.raising import with_way_on
from loopdeck.cli.runs.starting import begin_run, need_goal, open_workshop
from loopdeck.cli.runs.watching import checking, early_signals, watch
from loopdeck.cli.work.run import Manner
from loopdeck.errors import UsageError
from loopdeck.harness.ending import Ending
from loopdeck.ports import Opened

STDIN = 0


async def run_plain(args: argparse.Namespace, spots: Places, settings: Settings) -> int:
    """An agent at work; returns the exit code. Without a terminal nobody is asked."""
    need_goal(args)
    _no_json(args)
    log_to_file(args)
    talks = sys.stdin.isatty()
    pace = DEMO_PACE if args.pace is None and talks else args.pace or 0.0
    waits = talks and args.on_ask != "deny"
    manner = Manner("wait" if waits else args.on_ask, args.on_unknown, pace)
    async with (
        open_workshop(spots, settings) as workshop,
        checking(workshop.journal.path),
        early_signals() as early,
    ):
        run = await begin_run(workshop, args, manner)
        workshop.patience.listen(tell_waiting)
        for notice in run.notices:
            tell(notice)
        opened = Opened(run.session, workshop.journal, run.inbox, work=run.work)
        face = Face(opened, workshop.clock, printing(_write), asks=talks)
        listening = [face.listen(typed_lines(STDIN))] if talks else []
        try:
            ending = await watch(run, face.follow(), *listening, early=early)
        finally:
            await face.catch_up()
        if ending is None and face.state.pending:
            tell(f"session {run.session} waits for you.", f"loopdeck resume {run.session}")
            return EXIT_CODES["waiting"]
        if isinstance(ending, Ending):
            ending = await with_way_on(ending, workshop.journal, run.session)
        return report(run.session, ending, result=False)


async def replay_plain(args: argparse.Namespace, spots: Places, settings: Settings) -> int:
    """A past session: step by step in a terminal, all of it at once elsewhere."""
    _no_json(args)
    log_to_file(args)
    async with open_workshop(spots, settings, to_read=True) as workshop:
        if workshop.journal.caveat:
            tell(workshop.journal.caveat)
        opened = await DeckHost(workshop, args).replay(args.session, args.at)
        story = Rereading(opened, printing(_write))
        await story.begin()
        if not sys.stdin.isatty():
            if args.at is None:
                await story.all()
            return 0
        story.offer()
        async for lines in typed_lines(STDIN):
            await story.typed(lines)
            if story.left:
                break
    return 0


def _no_json(args: argparse.Namespace) -> None:
    if args.json:
        raise UsageError(
            "--plain is for people and --json for machines.", "Use --headless --json for records."
        )


def _write(line: str) -> None:
    sys.stdout.write(line)
    sys.stdout.flush()
