"""Databases as each version of the tables left them, and how the one of today is made.

`python -m tests.journal.goldens` runs both demos at a made-up place, one to its end and one up to
its first question, and keeps the database. It is run once for each version of the tables, when its
migration is done, and what it made is never made again.
"""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

from loopdeck.journal.migrations import MIGRATIONS
from tests.support.program import command

FOLDER = Path(__file__).parent / "golden"
PLACE = Path("/srv/deck")  # the same on every machine: a database says where it was made
DEMOS = (("bugfix", "deny"), ("pitches", "park"))


def golden(version: int) -> Path:
    """The database of a version, packed."""
    return FOLDER / f"v{version}.db.gz"


def unpack(version: int, folder: Path) -> Path:
    """The database of a version, in a folder where it may be opened."""
    path = folder / "loopdeck.db"
    path.write_bytes(gzip.decompress(golden(version).read_bytes()))
    return path


def main() -> None:
    """Make the one of today. Needs a place that only root can make."""
    target = golden(len(MIGRATIONS))
    if target.exists():
        sys.exit(f"{target.name} is there: a golden database is made once.")
    home, temporary = PLACE / "home", PLACE / "tmp"
    home.mkdir(parents=True)
    temporary.mkdir()
    try:
        (home / "config.toml").write_text("sandbox = false\n")
        env = {"HOME": str(PLACE), "LOOPDECK_HOME": str(home), "TMPDIR": str(temporary)}
        for name, on_ask in DEMOS:
            words = ("demo", name, "--headless", "--pace", "0", "--on-ask", on_ask)
            subprocess.run(
                command(*words), env={**os.environ, **env}, check=False, capture_output=True
            )
        target.write_bytes(gzip.compress((home / "loopdeck.db").read_bytes(), 9, mtime=0))
    finally:
        shutil.rmtree(PLACE)


if __name__ == "__main__":
    main()
