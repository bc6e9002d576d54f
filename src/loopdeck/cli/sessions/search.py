"""`loopdeck sessions search`: words in all that was said and done, and where to replay it."""

import argparse

from loopdeck.cli.console import one_line, printable_json, tell
from loopdeck.errors import UsageError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports.search import Hit
from loopdeck.session.codec import dump_record

WORTH_A_WORD = 20_000  # records that take about a second to read


async def search(journal: SqliteJournal, args: argparse.Namespace) -> int:
    """Find words; a hit names the place to replay from. Exit code 1 when there is none."""
    if not args.text.strip():
        raise UsageError("There are no words to search for.", "loopdeck sessions search TEXT")
    behind = await journal.index.behind()
    if behind > WORTH_A_WORD:
        tell(f"reading {behind:,} events that were not searched before …")
    while await journal.index.read_on():
        pass
    hits = await journal.index.search(args.text, limit=args.limit)
    for hit in hits:
        print(await _json(journal, hit) if args.json else _line(hit))
    if not hits:
        tell("Nothing was found.", "Whole words are searched, and the beginning of the last one.")
    elif len(hits) == args.limit:
        tell(f"these are the newest {args.limit}; there may be more.", "--limit N shows more.")
    return 0 if hits else 1


def _line(hit: Hit) -> str:
    return one_line(f"{hit.session} --at {hit.seq}  {hit.text}")


async def _json(journal: SqliteJournal, hit: Hit) -> str:
    record = (await journal.pick(hit.session, [hit.seq]))[hit.seq]
    return printable_json(dump_record(record))
