"""A writer to pull the plug on: `python -m tests.chaos.writer DB SEED full|normal`."""

import asyncio
import sys
from pathlib import Path

from tests.journal.kennel import write

SELDOM = 1_000  # pages: as often as SQLite does by itself


def main(database: str, seed: str, sync: str) -> None:
    """Write until the end; says each number that is kept on stdout."""
    path, number, durable = Path(database), int(seed), sync == "full"
    asyncio.run(write(path, 1, number, durable=durable, merged=8 if int(seed) % 2 else SELDOM))


if __name__ == "__main__":
    main(*sys.argv[1:])
