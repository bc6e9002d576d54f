"""`loopdeck sessions verify | salvage`: finding damage, and saving what is left."""

import argparse
from pathlib import Path

from loopdeck.cli.console import one_line, tell
from loopdeck.cli.folding import PAGE
from loopdeck.errors import LoopdeckError
from loopdeck.journal.checking import differs, unsound
from loopdeck.journal.salvage import salvage as save
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record


async def verify(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Check the file, then every event of a session, or of all of them."""
    broken = await unsound(journal)
    for text in broken:
        print(one_line(f"database: {text}"))
    if args.session:
        names = [await journal.find(args.session)]
    else:
        names = await journal.ids()
    bad = 0
    for session in names:
        found = await _problems(journal, session)
        bad += bool(found)
        for text in found:
            print(f"{session}: {one_line(text)}")
    print(f"{len(names)} checked, {bad} with problems")
    if broken:
        tell("The database is damaged.", "`loopdeck sessions salvage` copies what can be read.")
    return 1 if bad or broken else 0


async def salvage(database: Path, args: argparse.Namespace) -> int:
    """Copy what can be read into a new file, and count what cannot."""
    output = Path(args.output) if args.output else database.with_name(f"{database.name}.salvaged")
    found = await save(database, output)
    for one in found.saved:
        lost = f", {one.missing} of them could not be read" if one.missing else ""
        cut = ", and its end is missing" if one.cut else ""
        print(f"{one.id}: {one.events} events{lost}{cut}")
    for session in found.empty:
        print(f"{session}: none of its events could be read")
    events = sum(one.events - one.missing for one in found.saved)
    missing = sum(one.missing for one in found.saved)
    cut = sum(one.cut for one in found.saved)
    ends = f", and the ends of {cut} sessions" if cut else ""
    print(f"{len(found.saved)} sessions, {events} events saved, {missing} events missing{ends}")
    tell(
        f"They are in {output}; {database} stays as it is.",
        f"loopdeck --db {output} sessions list; put it in the other's place once you have looked.",
    )
    return 0


async def _problems(journal: SqliteJournal, session: str) -> list[str]:
    records: list[Record] = []
    try:
        while page := await journal.read(session, after=len(records), limit=PAGE):
            records += page
        (line,) = await journal.summaries_of([session])
    except LoopdeckError as error:
        return [str(error)]
    other = differs(line, records)
    return [*problems(records), *([other] if other else [])]
