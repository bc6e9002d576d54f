"""One transaction: all of it is kept, or nothing."""

import contextlib
import sqlite3
from collections.abc import Generator


@contextlib.contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = True) -> Generator[None]:
    """Write in one go; a durable one survives a power cut once this is left.

    The lock is taken first (`IMMEDIATE`): one that is taken halfway is refused at once, however
    long the connection would wait.
    """
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk has rolled back already
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
        raise
