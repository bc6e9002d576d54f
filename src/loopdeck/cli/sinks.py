"""Where commands go when the agent is not in this process."""

from collections.abc import Callable

from loopdeck.errors import ReadOnlyError
from loopdeck.ports import CommandSink, Mailbox
from loopdeck.session.commands import Command


class ReadOnlySink:
    """A recording takes no commands."""

    accepts = False

    async def send(self, command: Command) -> None:
        """Raises `ReadOnlyError`, always."""
        raise ReadOnlyError(
            f"This is a recording: {command.type.replace('_', ' ')} has nobody to act on it.",
            "`loopdeck resume` goes on with a session.",
        )


class MailSink:
    """Leaves commands for the process that runs the session, as long as there is one."""

    def __init__(self, mailbox: Mailbox, session: str, is_live: Callable[[], bool]) -> None:
        self._mailbox = mailbox
        self._session = session
        self._is_live = is_live

    @property
    def accepts(self) -> bool:
        """True while some process runs the session."""
        return self._is_live()

    async def send(self, command: Command) -> None:
        """Post it, durably. Raises `ReadOnlyError` where nobody would find it."""
        if not self._is_live():
            raise ReadOnlyError(
                "Nobody works on this session now.", f"`loopdeck resume {self._session}` goes on."
            )
        await self._mailbox.post(self._session, command)


class HandedOn:
    """Commands for an agent of this process, or of the one that has taken its session over.

    `taken` is true while another process has the session.
    """

    def __init__(self, here: CommandSink, there: CommandSink, taken: Callable[[], bool]) -> None:
        self._here = here
        self._there = there
        self._taken = taken

    @property
    def accepts(self) -> bool:
        """True while an agent of either process works."""
        return self._here.accepts or self._taken()

    async def send(self, command: Command) -> None:
        """Give it to the one whose turn it is. Raises `ReadOnlyError` once the run is over."""
        await (self._there if self._taken() else self._here).send(command)
