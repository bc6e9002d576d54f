"""Records both demos into sessions/, with a human who reads for a moment before answering.

    python scripts/make_recordings.py [--parent FOLDER]

The demos run for real, at the pace a person watches them. Their workspaces are made in FOLDER,
whose path is in the recordings: choose one that says nothing about your machine.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from loopdeck.cli.config import Settings
from loopdeck.cli.demo import prepare
from loopdeck.cli.places import Places
from loopdeck.cli.shipped import CHECKOUT
from loopdeck.cli.wiring import Manner, Run, Workshop, terms_for
from loopdeck.journal.jsonl import write_records
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Approve, Command, Deny
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Limits

NAMES = ("pitches", "bugfix")
READING_S = {Category.WRITE: 2.2, Category.UNKNOWN: 1.4, Category.DESTRUCTIVE: 3.6}
REASON = "too long: I would not finish it. Half of that, please"


def main() -> None:
    """Record both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--pace", type=float, default=1.0)
    args = parser.parse_args()
    for name in NAMES:
        asyncio.run(_record(name, args.parent, args.pace))


async def _record(name: str, parent: Path, pace: float) -> None:
    session = f"demo-{name}"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        spots = Places(root / "db", root / "config", root / "themes", root / "spool", root / "log")
        async with await SqliteJournal.open(spots.database) as journal:
            workshop = Workshop(journal, spots, Settings(), env={}, new_id=lambda: session)
            run = await _start(workshop, name, parent, pace)
            human = asyncio.ensure_future(_answer(journal, run, patient=pace > 0))
            await run.work()
            human.cancel()
            records = await journal.read(session, limit=100_000)
    write_records(CHECKOUT / "sessions" / f"{session}.jsonl", records)
    state = project(records)
    print(f"{session}: {len(records)} records, {state.outcome}, {state.verified}")  # noqa: T201


async def _start(workshop: Workshop, name: str, parent: Path, pace: float) -> Run:
    parent.mkdir(parents=True, exist_ok=True)
    demo = prepare(name, parent)
    place = parent / name
    demo.workspace.rename(place)
    terms = terms_for(
        demo.goal,
        Settings(),
        place,
        model=demo.model,
        level=3,
        check=demo.check,
        limits=Limits(cost_usd=1.0),
        rules=(),
    )
    return await workshop.start(terms, Manner("wait", pace=pace))


async def _answer(journal: SqliteJournal, run: Run, *, patient: bool) -> None:
    """Answer what waits, oldest first; the first draft of a letter is sent back once."""
    head, state, denied = 0, SessionState(), False
    while True:
        head = await journal.wait(run.session, head)
        state = project(await journal.read(run.session, after=state.last_seq, limit=1000), state)
        for call in state.waiting:
            await asyncio.sleep(READING_S.get(call.category or Category.WRITE, 2.0) * patient)
            send_back = not denied and "drafts/" in str(call.args.get("path", ""))
            denied = denied or send_back
            await run.inbox.send(_command(call, send_back=send_back))


def _command(call: CallView, *, send_back: bool) -> Command:
    if send_back:
        return Deny(call_id=call.call_id, reason=REASON)
    return Approve(call_id=call.call_id, binding=call.binding)


if __name__ == "__main__":
    main()
