"""Takes what was deleted out of the database's files, where its log still has it as it was."""

import sqlite3

from loopdeck.journal.reading import WAIT_S

_PATIENCE_MS = 50


def forget(db: sqlite3.Connection) -> bool:
    """Merge and empty the log; False while somebody is reading from it, so try again later.

    `secure_delete` overwrites a row in the database, but not the pages of the log that it was
    written with. The log is emptied and not only begun anew: a short one would cover little of it.
    """
    db.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}").fetchall()
    try:
        (busy, *_) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {WAIT_S * 1_000:.0f}").fetchall()
    return not busy
