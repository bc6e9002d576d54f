"""What is wrong with a database beyond its events: its pages, and its line of each session."""

import sqlite3
from collections.abc import Sequence

from loopdeck.errors import JournalError
from loopdeck.journal.worker import Worker
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.summary import Summary, summarize

MOST = 20


async def unsound(worker: Worker) -> list[str]:
    """What SQLite finds wrong with the pages; nothing for a sound file."""
    try:
        return await worker.run(_unsound)
    except JournalError as error:
        return [str(error)]


def differs(line: Summary, records: Sequence[Record]) -> str:
    """How the list tells another story than the events; empty where it does not."""
    told = summarize(project(records))
    wrong = [
        name
        for name in ("goal", "state", "steps", "calls", "tokens", "pending")
        if getattr(told, name) != getattr(line, name)
    ]
    return f"the list has another {', '.join(wrong)} than its events say" if wrong else ""


def _unsound(db: sqlite3.Connection) -> list[str]:
    rows = db.execute(f"PRAGMA integrity_check({MOST})").fetchall()
    found = [" ".join(str(text).split()) for (text,) in rows]
    return [] if found == ["ok"] else found
