"""Commands on their way to the loop: from keys in this process, and from other processes."""

import asyncio

from loopdeck.errors import ReadOnlyError
from loopdeck.ports import Mailbox
from loopdeck.session.commands import Command


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


async def pump(mailbox: Mailbox, session: str, inbox: Inbox) -> None:
    """Carry commands that other processes left into the inbox, until cancelled."""
    while True:
        for command in await mailbox.collect(session):
            await inbox.send(command)
        await mailbox.wait_mail(session)
