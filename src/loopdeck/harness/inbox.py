"""Commands on their way to the loop: from keys in this process, and from other processes."""

import asyncio
import logging

from loopdeck.errors import JournalError, ReadOnlyError, TakenOver
from loopdeck.ports import Clock, Mailbox
from loopdeck.session.commands import Approve, Command, Deny

log = logging.getLogger(__name__)

ANSWERS = (Approve, Deny)
PAUSE_S = 1.0  # after a mailbox that could not be read


class Inbox:
    """A queue that is a `CommandSink`; closed when the run is over."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Command] = asyncio.Queue()
        self._open = True

    @property
    def accepts(self) -> bool:
        """True while a run listens."""
        return self._open

    async def send(self, command: Command) -> None:
        """Hand a command to the loop. Raises `ReadOnlyError` once the run is over."""
        self.put(command)

    def put(self, command: Command) -> None:
        """The same, at once."""
        if not self._open:
            raise ReadOnlyError("This run is over.", "`loopdeck resume` goes on with a session.")
        self._queue.put_nowait(command)

    async def take(self) -> Command:
        """Wait for the next command."""
        return await self._queue.get()

    def drain(self) -> list[Command]:
        """Every command that waits now."""
        found: list[Command] = []
        while not self._queue.empty():
            found.append(self._queue.get_nowait())
        return found

    def close(self) -> None:
        """Take no more commands."""
        self._open = False


async def deliver(mailbox: Mailbox, session: str, inbox: Inbox) -> None:
    """Carry what waits in the mailbox into the inbox; of several answers the last one counts."""
    commands = await mailbox.collect(session)
    last = {command.call_id: command for command in commands if isinstance(command, ANSWERS)}
    for command in commands:
        if not isinstance(command, ANSWERS) or last[command.call_id] is command:
            await inbox.send(command)


async def pump(mailbox: Mailbox, session: str, inbox: Inbox, clock: Clock) -> None:
    """Carry commands that other processes leave into the inbox, until cancelled.

    Raises `TakenOver` where they are for another process by now.
    """
    while True:
        try:
            await mailbox.wait_mail(session)
            await deliver(mailbox, session, inbox)
        except TakenOver:
            raise
        except JournalError:
            log.exception("reading the mail of %s", session)
            await clock.sleep(PAUSE_S)
