"""Keeps bookmarks and notes: through whoever runs the session, or in its log where nobody does."""

from pathlib import Path

from loopdeck.cli.wiring import Workshop
from loopdeck.errors import SessionBusy
from loopdeck.harness.jotting import jot_down
from loopdeck.session.commands import Jot


async def keep_jot(workshop: Workshop, session: str, jot: Jot) -> None:
    """Raises `UnknownSession`, and `JournalError` where nothing can be written."""
    journal = workshop.journal
    if journal.is_live(session):
        await journal.post(session, jot)
        return
    (line,) = await journal.summaries_of([session])
    try:
        journal.claim(session)
    except SessionBusy:  # somebody has just taken it up
        await journal.post(session, jot)
        return
    try:
        redactor = workshop.redactor(Path(line.workspace))
        await jot_down(journal, workshop.clock, session, jot, redactor)
    finally:
        journal.release(session)
