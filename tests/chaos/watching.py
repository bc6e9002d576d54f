"""A session seen from outside while somebody else writes it: what is on record by now."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from loopdeck.journal.packing import unpack
from loopdeck.journal.rows import SEQ_MAX
from loopdeck.session.codec import load_event
from loopdeck.session.events import Event

_SQL = "SELECT id, v, body FROM records WHERE id > ? ORDER BY id"


class Watcher:
    """Reads what is new; keeps every event it has seen, for nothing of it may be lost later."""

    def __init__(self, path: Path) -> None:
        self.seen: dict[int, Event] = {}
        self._path = path
        self._last = 0

    def fresh(self) -> list[Event]:
        """The events that were committed since the last look, in order."""
        try:
            found = list(self._read())
        except sqlite3.OperationalError:  # not there yet, being made, or mended after a kill
            return []
        self.seen |= found
        return [event for _, event in found]

    def _read(self) -> Iterator[tuple[int, Event]]:
        if not self._path.exists():
            return
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as db:
            for ident, version, body in db.execute(_SQL, (self._last,)).fetchall():
                self._last = ident
                yield ident & SEQ_MAX, load_event(unpack(body), version)

    @property
    def newest(self) -> Event | None:
        """The last event that was seen."""
        return self.seen.get(max(self.seen, default=0))

    def session(self) -> str:
        """The session's id; empty before it is on record."""
        if not self.seen and not self.fresh():
            return ""
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as db:
            (found,) = db.execute("SELECT id FROM sessions").fetchone()
            return str(found)
