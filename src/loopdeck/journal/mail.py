"""The `Mailbox` over SQL: commands for a session that another process runs.

A command is kept as it was given, with whatever secret its human typed, because it has to be done
as it was meant. So it stays only until it was taken, and then nothing of it stays in the files.

A message with a ticket is queued: nobody carries it to the run, and it waits until the agent is
about to think. To take it and to take it back is one transaction each, so only one of them gets it.
"""

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import Iterable
from typing import cast

from loopdeck.errors import JournalError
from loopdeck.journal.forgetting import forget
from loopdeck.journal.naming import missing
from loopdeck.journal.rows import key_of
from loopdeck.journal.transaction import transaction
from loopdeck.journal.watch import Pulse
from loopdeck.journal.worker import Worker
from loopdeck.journal.writers import Writers
from loopdeck.session.commands import COMMAND, Command, Say

log = logging.getLogger(__name__)

Letter = tuple[int, str]  # the session's key, the command

_TICKET = "CASE WHEN json_valid(body) THEN coalesce(json_extract(body, '$.ticket'), '') ELSE '' END"
_MAIL = f"session = ? AND {_TICKET} = ''"
_QUEUED = f"session = ? AND {_TICKET} <> ''"


class SqlMail:
    """Commands for sessions, left by other processes."""

    def __init__(self, worker: Worker, pulse: Pulse, writers: Writers) -> None:
        self._worker = worker
        self._pulse = pulse
        self._takers = writers
        self._remnants = False

    async def post(self, session: str, command: Command) -> None:
        """Leave a command, durably. Raises `UnknownSession`."""
        text = COMMAND.dump_json(command).decode()
        if not await self._worker.run(lambda db: _post(db, session, text)):
            raise missing(session)
        self._pulse.beat()

    async def collect(self, session: str) -> list[Command]:
        """Take every command that waits, oldest first; none is handed out twice.

        Raises `TakenOver`: what waits is for the process that has the session now.
        """
        return await self._handed_out(session, _MAIL)

    async def collect_queued(self, session: str) -> list[Say]:
        """Take every message that is queued, oldest first; none is handed out twice."""
        found = await self._handed_out(session, _QUEUED)
        return [command for command in found if isinstance(command, Say)]

    async def queued(self, session: str) -> list[Say]:
        """The messages that are queued; they stay where they are."""
        found = decode(await self._worker.run(lambda db: _texts(db, session, _QUEUED)))
        return [command for command in found if isinstance(command, Say)]

    async def take_back(self, session: str, ticket: str) -> bool:
        """Take back a queued message; false where the agent has it already."""
        return await self._worker.run(lambda db: self._unsay(db, session, ticket))

    async def peek(self, session: str) -> list[Command]:
        """The commands that wait; they stay where they are."""
        return decode(await self._worker.run(lambda db: _texts(db, session, _MAIL)))

    async def mail_waits(self, session: str) -> bool:
        """True while a command waits."""
        return await self._worker.run(lambda db: self._look(db, session))

    async def wait_mail(self, session: str) -> None:
        """Return as soon as a command waits, whoever left it; cancel to give up."""

        async def here() -> bool | None:
            return await self.mail_waits(session) or None

        await self._pulse.until(here, growth=False)

    async def _handed_out(self, session: str, which: str) -> list[Command]:
        """What is taken comes back where its taker has gone meanwhile."""
        taking = asyncio.ensure_future(self._worker.run(lambda db: self._take(db, session, which)))
        try:
            letters = await asyncio.shield(taking)
        except asyncio.CancelledError:
            with contextlib.suppress(JournalError):
                await self._put_back(await taking)
            raise
        return decode(text for _, text in letters)

    def _take(self, db: sqlite3.Connection, session: str, which: str) -> list[Letter]:
        self._takers.check(session)
        letters = _collect(db, session, which)
        if letters:
            self._remnants = not forget(db)
        return letters

    def _unsay(self, db: sqlite3.Connection, session: str, ticket: str) -> bool:
        sql = f"DELETE FROM mailbox WHERE {_QUEUED} AND {_TICKET} = ?"
        with transaction(db):
            found = db.execute(sql, (key_of(db, session), ticket)).rowcount > 0
        if found:
            self._remnants = not forget(db)
        return found

    def _look(self, db: sqlite3.Connection, session: str) -> bool:
        if self._remnants:  # somebody was reading when it was tried
            self._remnants = not forget(db)
        return _waits(db, session)

    async def _put_back(self, letters: list[Letter]) -> None:
        """Nobody got them: the one who asked has gone."""
        if letters:
            await asyncio.shield(self._worker.run(lambda db: _restore(db, letters)))


def decode(texts: Iterable[str]) -> list[Command]:
    """The commands in JSON texts, without those that only a newer Loopdeck could read."""
    found: list[Command] = []
    for text in texts:
        try:
            found.append(COMMAND.validate_json(text))
        except ValueError:
            log.warning("a command of an unknown kind was skipped: %.40r", _kind(text))
    return found


def _kind(text: str) -> object:
    """What a command calls itself; the rest of it is nobody's to read."""
    try:
        command = json.loads(text)
    except ValueError:
        return None
    return cast("dict[str, object]", command).get("type") if isinstance(command, dict) else None


def _post(db: sqlite3.Connection, session: str, text: str) -> bool:
    with transaction(db):
        key = key_of(db, session)
        if key is None:
            return False
        db.execute("INSERT INTO mailbox (session, body) VALUES (?, ?)", (key, text))
        return True


def _collect(db: sqlite3.Connection, session: str, which: str) -> list[Letter]:
    if not _waits(db, session, which):
        return []  # without the lock that a transaction takes: this is asked often
    with transaction(db):
        key = key_of(db, session)
        letters = db.execute(
            f"SELECT session, body FROM mailbox WHERE {which} ORDER BY id", (key,)
        ).fetchall()
        db.execute(f"DELETE FROM mailbox WHERE {which}", (key,))
    return letters


def _texts(db: sqlite3.Connection, session: str, which: str) -> list[str]:
    key = key_of(db, session)
    sql = f"SELECT body FROM mailbox WHERE {which} ORDER BY id"
    return [str(body) for (body,) in db.execute(sql, (key,))]


def _restore(db: sqlite3.Connection, letters: list[Letter]) -> None:
    with transaction(db):
        db.executemany("INSERT INTO mailbox (session, body) VALUES (?, ?)", letters)


def _waits(db: sqlite3.Connection, session: str, which: str = _MAIL) -> bool:
    key = key_of(db, session)
    sql = f"SELECT 1 FROM mailbox WHERE {which} LIMIT 1"
    return db.execute(sql, (key,)).fetchone() is not None
