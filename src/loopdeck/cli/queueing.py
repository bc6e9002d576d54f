"""The messages that wait for the next step of a session, in its mailbox."""

from collections.abc import Callable, Sequence

from loopdeck.errors import ReadOnlyError
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.ports.host import short_id
from loopdeck.session.attached import Attachment
from loopdeck.session.commands import Say


class MailQueue:
    """The `Queue` of one session: durable, and the same for every process that looks on."""

    def __init__(
        self,
        journal: SqliteJournal,
        session: str,
        open_to: Callable[[], bool],
        new_id: Callable[[], str] = short_id,
    ) -> None:
        self._journal = journal
        self._session = session
        self._open_to = open_to
        self._new_id = new_id

    async def add(self, text: str, attached: tuple[Attachment, ...] | None = None) -> None:
        """Queue a message, durably. Raises `ReadOnlyError` where nobody would take it."""
        if not self._open_to():
            raise ReadOnlyError("This run is over.", "`loopdeck resume` goes on with a session.")
        say = Say(text=text, ticket=self._new_id(), attached=attached)
        await self._journal.post(self._session, say)

    async def waiting(self) -> Sequence[Say]:
        """What is queued now, oldest first."""
        return await self._journal.queued(self._session)

    async def take_back(self, ticket: str) -> bool:
        """Take a message back; false where the agent has it already."""
        return await self._journal.take_back(self._session, ticket)
