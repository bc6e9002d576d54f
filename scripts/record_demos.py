"""Records both demos into sessions/, at a pace a person can read and answered like one.

Whatever asks is answered a moment later, through the mailbox that other processes use. Names of
this machine (the scratch workspace, the home) are replaced: a recording does not say where it
was made.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.folding import PAGE, state_of
from loopdeck.cli.options.commands import parser
from loopdeck.cli.places import places
from loopdeck.cli.runs.starting import begin_run, open_workshop
from loopdeck.cli.work.run import Manner
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.calls import CallView
from loopdeck.session.codec import dump_record, load_record
from loopdeck.session.commands import Answer, Approve, Command, Deny
from loopdeck.session.events import SessionEnded
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record

TARGET = Path(__file__).parents[1] / "sessions"
DEMOS = ("pitches", "bugfix")
TOO_LONG = "too long: half of that, please"
LOOKING_S = 1.5  # how long the person looks before answering


async def perform(demo: str, home: Path) -> list[Record]:
    """Run a demo to its end and return what was recorded."""
    args = parser().parse_args(["demo", demo, "--db", str(home / "sessions.db")])
    async with open_workshop(places(args), Settings()) as workshop:
        journal = workshop.journal
        run = await begin_run(workshop, args, Manner("wait", pace=1.0))
        work = asyncio.ensure_future(run.work())
        human = asyncio.ensure_future(_answer_all(journal, run.session))
        await asyncio.wait({work, human}, return_when=asyncio.FIRST_COMPLETED)
        human.cancel()
        await work
        return await journal.read(run.session, limit=100 * PAGE)


async def _answer_all(journal: SqliteJournal, session: str) -> None:
    """Answer whatever waits, one thing at a time: yes, but the first letter is sent back once."""
    seen, sent_back = 0, False
    while True:
        seen = await journal.wait(session, seen)
        state = await state_of(journal, session)
        for call in state.waiting[:1]:
            await asyncio.sleep(LOOKING_S)
            yes = sent_back or not str(call.args.get("path", "")).startswith("drafts/")
            sent_back = sent_back or not yes
            await journal.post(session, _answer(call, yes=yes))
        for ask in state.asks[:1]:
            await asyncio.sleep(LOOKING_S)
            await journal.post(session, Answer(ask_id=ask.ask_id, answer=ask.options[0]))


def _answer(call: CallView, *, yes: bool) -> Command:
    if yes:
        return Approve(call_id=call.call_id, binding=call.binding)
    return Deny(call_id=call.call_id, reason=TOO_LONG)


def anywhere(records: list[Record], demo: str, home: Path) -> list[Record]:
    """The records under the recording's own name, without a trace of this machine."""
    state = records[0].event.model_dump()
    names = {
        str(state["workspace"]): f"/demo/{demo}",
        Path(str(state["workspace"])).name: demo,
        str(home.resolve()): "/demo",
        sys.prefix: "/demo/python",
        f"{Path.home()}/": "/demo/home/",
        records[0].session: f"demo-{demo}",
    }
    clean: list[Record] = []
    for record in records:
        line = dump_record(record)
        for mine, theirs in names.items():
            line = line.replace(mine, theirs)
        clean.append(load_record(line))
    return clean


def main() -> None:
    """Record every demo; refuse one that is not valid or not checked."""
    TARGET.mkdir(exist_ok=True)
    for demo in DEMOS:
        with tempfile.TemporaryDirectory() as folder:
            tempfile.tempdir = folder
            home = Path(folder)
            records = anywhere(asyncio.run(perform(demo, home)), demo, home)
            tempfile.tempdir = None
        faults = list(problems(records))
        end = records[-1].event
        if faults or not isinstance(end, SessionEnded) or end.verified != "checked":
            sys.exit(f"{demo}: {faults or end}")
        text = "".join(dump_record(item) + "\n" for item in records)
        (TARGET / f"demo-{demo}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
