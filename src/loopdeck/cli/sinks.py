"""Where commands go when the agent is not in this process."""

from loopdeck.errors import ReadOnlyError
from loopdeck.ports import Mailbox
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
    """Leaves commands for the process that runs the session."""

    accepts = True

    def __init__(self, mailbox: Mailbox, session: str) -> None:
        self._mailbox = mailbox
        self._session = session

    async def send(self, command: Command) -> None:
        """Post it, durably."""
        await self._mailbox.post(self._session, command)


def nobody() -> bool:
    """No process works on a recording."""
    return False
