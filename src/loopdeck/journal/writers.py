"""Who may write a session: only the last process that claimed it, whatever an earlier one thinks.

A claim is a lock that the system drops when its process dies. One that hangs keeps it, so it can be
taken over, and may wake up later with half an event in its hands. So every writer has a number in
the session's row, looked at in the transaction that writes: an older one is refused.
"""

import sqlite3
from dataclasses import dataclass

from loopdeck.errors import TakenOver
from loopdeck.journal.claims import Claims


@dataclass(frozen=True, slots=True)
class Writer:
    """A claim of this process, and its number in the session's row."""

    term: int
    epoch: int


class Writers:
    """The sessions that this process writes."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._known: dict[str, Writer] = {}

    def admit(self, db: sqlite3.Connection, session: str, key: int) -> Writer | None:
        """Inside of a transaction: the writer to be `kept` after it. Raises `TakenOver`.

        Who never claimed a session has no number; only the order of events stands against it.
        """
        if not self._claims.holds(session):
            return None
        self.check(session)
        known, term = self._known.get(session), self._claims.term(session)
        (epoch,) = db.execute("SELECT epoch FROM sessions WHERE key = ?", (key,)).fetchone()
        if known is not None and known.term == term:
            if known.epoch != epoch:
                raise _taken_over(session)
            return known
        db.execute("UPDATE sessions SET epoch = ? WHERE key = ?", (epoch + 1, key))
        return Writer(term, epoch + 1)

    def check(self, session: str) -> None:
        """Raises `TakenOver` where a claim of this process is no longer the last one."""
        if self._claims.holds(session) and not self._claims.term(session):
            raise _taken_over(session)

    def keep(self, session: str, writer: Writer | None) -> None:
        """The transaction was committed."""
        if writer is not None:
            self._known[session] = writer


def _taken_over(session: str) -> TakenOver:
    return TakenOver(
        f"Another process has taken over session {session}: nothing more is written here.",
        f"`loopdeck replay {session}` shows what it does.",
    )
