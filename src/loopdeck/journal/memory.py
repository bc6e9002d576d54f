"""Everything the database does, in memory: for recordings that are only looked at, and tests."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import Self

from loopdeck.errors import SessionBusy
from loopdeck.journal.held import Held
from loopdeck.journal.labels import sought_in
from loopdeck.journal.library import folded
from loopdeck.journal.log import check_batch, conflict
from loopdeck.journal.moments import later
from loopdeck.journal.naming import choose, missing
from loopdeck.journal.watch import Pulse
from loopdeck.journal.within import holding
from loopdeck.session.calls import of_call
from loopdeck.session.codec import dump_event
from loopdeck.session.commands import Command, Say
from loopdeck.session.records import Mark, Record
from loopdeck.session.reducer import advance, project
from loopdeck.session.state import SessionState
from loopdeck.session.summary import Label, Summary


class _MemoryLog:
    """The log of every session, as lists."""

    def __init__(self) -> None:
        self._sessions: dict[str, Held] = {}
        self._pulse = Pulse()

    async def append(
        self, records: Sequence[Record], state: SessionState, *, durable: bool = True
    ) -> None:
        """Write records of one session; nothing here survives the process."""
        if not records:
            return
        check_batch(records)
        first = records[0]
        if first.seq != len(self._held(first.session).records) + 1:
            raise conflict(first.session)
        self._sessions.setdefault(first.session, Held()).add(records, state)
        self._pulse.beat()

    async def read(
        self, session: str, *, after: int = 0, until: int | None = None, limit: int = 500
    ) -> list[Record]:
        """Records with `after < seq <= until`, in order, at most `limit`."""
        records = self._held(session).records
        start = max(0, after)
        stop = len(records) if until is None else min(until, len(records))
        return records[start : max(start, min(stop, start + max(0, limit)))]

    async def pick(self, session: str, seqs: Sequence[int]) -> dict[int, Record]:
        """The records of these numbers, as far as they exist."""
        records = self._held(session).records
        return {seq: records[seq - 1] for seq in sorted(set(seqs)) if 0 < seq <= len(records)}

    async def call_records(self, session: str, call_id: str) -> list[Record]:
        """Every event of one call, in order, to its end."""
        return list(of_call(self._held(session).records, call_id))

    async def marks(
        self, session: str, *, after: int = 0, until: int | None = None, kinds: Collection[str] = ()
    ) -> list[Mark]:
        """The session's index, `after < seq <= until`, in order; of some kinds alone if named."""
        found = self._held(session).marks
        start = bisect_right(found, after, key=lambda line: line.seq)
        end = None if until is None else bisect_right(found, until, key=lambda line: line.seq)
        return [line for line in found[start:end] if not kinds or line.type in kinds]

    async def find_in(self, session: str, words: str, *, after: int, until: int) -> list[int]:
        """The records of a stretch that say these words, in any case, in order."""
        records = self._held(session).records[max(0, after) : max(0, until)]
        stored = [(record.seq, dump_event(record.event)) for record in records]
        return holding(words, stored)

    async def head(self, session: str) -> int:
        """The newest seq; 0 for a session that does not exist."""
        return len(self._held(session).records)

    async def state_before(self, session: str, seq: int) -> SessionState | None:
        """A stored fold at or before `seq` to start from, if there is one."""
        held = self._held(session)
        if 0 < held.newest.last_seq <= seq:
            return held.newest
        index = bisect_right(held.folded, seq)
        return held.states[index - 1] if index else None

    async def approach(
        self, session: str, seq: int, near: SessionState | None = None
    ) -> SessionState:
        """The fold after event `seq`."""
        state = later(near, await self.state_before(session, seq))
        return project(self._held(session).records[state.last_seq : max(0, seq)], state)

    async def wait(self, session: str, after: int) -> int:
        """Return the head as soon as it is beyond `after`."""

        async def beyond() -> int | None:
            newest = await self.head(session)
            return newest if newest > after else None

        return await self._pulse.until(beyond, poll=False)

    def _held(self, session: str) -> Held:
        return self._sessions.get(session) or Held()


class _Origins:
    """Which sessions came from elsewhere."""

    def __init__(self) -> None:
        self._upto: dict[str, int] = {}

    async def mark_imported(self, session: str, upto: int) -> None:
        """Remember, before it is kept, that a session came from elsewhere up to this event."""
        self._upto[session] = max(upto, await self.imported(session))

    async def imported(self, session: str) -> int:
        """Up to which event a session came from elsewhere; 0 for one that was made here."""
        return self._upto.get(session, 0)


class _MemoryMail(_MemoryLog):
    """Commands for the sessions."""

    async def post(self, session: str, command: Command) -> None:
        """Leave a command. Raises `UnknownSession`."""
        self._known(session).letters.append(command)
        self._pulse.beat()

    async def collect(self, session: str) -> list[Command]:
        """Take every command that waits, oldest first; none is handed out twice."""
        held = self._held(session)
        taken, queued = _sorted_mail(held.letters)
        held.letters = [*queued]
        return taken

    async def mail_waits(self, session: str) -> bool:
        """True while a command waits."""
        return bool(_sorted_mail(self._held(session).letters)[0])

    async def queued(self, session: str) -> list[Say]:
        """The messages that are queued; they stay where they are."""
        return _sorted_mail(self._held(session).letters)[1]

    async def collect_queued(self, session: str) -> list[Say]:
        """Take every message that is queued, oldest first; none is handed out twice."""
        held = self._held(session)
        held.letters, taken = _sorted_mail(held.letters)
        return taken

    async def take_back(self, session: str, ticket: str) -> bool:
        """Take back a queued message; false where the agent has it already."""
        held = self._held(session)
        queued = [say for say in _sorted_mail(held.letters)[1] if say.ticket == ticket]
        held.letters = [letter for letter in held.letters if letter not in queued]
        return bool(queued)

    async def wait_mail(self, session: str) -> None:
        """Return as soon as a command waits; cancel to give up."""

        async def here() -> bool | None:
            return await self.mail_waits(session) or None

        await self._pulse.until(here, poll=False)

    def _known(self, session: str) -> Held:
        if session not in self._sessions:
            raise missing(session)
        return self._sessions[session]


class MemoryJournal(_MemoryMail, _Origins):
    """A `Journal`, a `Library` and a `Mailbox` that end with the process."""

    def __init__(self) -> None:
        _MemoryMail.__init__(self)
        _Origins.__init__(self)
        self._claimed: set[str] = set()
        self._relabelled = 0

    @classmethod
    def of(cls, records: Iterable[Record]) -> Self:
        """A journal of these records: whole sessions, each in order. Raises `JournalError`."""
        sessions: dict[str, list[Record]] = {}
        for record in records:
            sessions.setdefault(record.session, []).append(record)
        journal = cls()
        for session, own in sessions.items():
            check_batch(own)
            held = journal._sessions[session] = Held()
            if own[0].seq != 1:
                raise conflict(session)
            for record in own:
                held.add((record,), advance(held.newest, record))
        return journal

    async def summaries(self) -> list[Summary]:
        """A line a session, newest first."""
        lines = [held.line for held in reversed(self._sessions.values())]
        return sorted(lines, key=lambda line: -line.started)

    async def lines(self, sessions: Sequence[str]) -> dict[str, Summary]:
        """The lines of these sessions, as far as they exist."""
        return {name: self._sessions[name].line for name in sessions if name in self._sessions}

    async def ids(self, text: str = "") -> list[str]:
        """The ids of the sessions whose line holds every word of a text, newest first."""
        words = folded(text)
        return [line.id for line in await self.summaries() if self._holds(line, words)]

    async def forks(self) -> dict[str, str]:
        """The parent of every session that is a fork."""
        return {line.id: line.parent for line in await self.summaries() if line.parent}

    async def version(self) -> tuple[int, int]:
        """Differs from what it was as soon as anything has changed."""
        records = sum(len(held.records) for held in self._sessions.values())
        return len(self._sessions) + self._relabelled, records

    async def relabel(self, session: str, label: Label) -> None:
        """Call a session something else. Raises `UnknownSession`."""
        self._known(session).label = label
        self._relabelled += 1

    async def summaries_of(self, sessions: Sequence[str]) -> list[Summary]:
        """The lines of these sessions, in this order. Raises `UnknownSession`."""
        return [self._known(session).line for session in sessions]

    async def find(self, name: str) -> str:
        """The id that `name` means: an id, a unique prefix or name, or `last`."""
        lines = await self.summaries()
        kept = " ".join(name.split())
        named = [line.id for line in lines if kept and line.label.name == kept]
        return choose(name, [line.id for line in lines], named)

    async def delete(self, session: str) -> None:
        """Remove a session and everything of it. Raises `SessionBusy` while it is live."""
        if self.is_live(session):
            raise SessionBusy(f"Session {session} is live.", "Stop it first.")
        await self.remove(session)

    async def remove(self, session: str) -> None:
        """Remove a session and everything of it, claimed or not. Raises `UnknownSession`."""
        self._known(session)
        del self._sessions[session]
        self._upto.pop(session, None)

    def is_live(self, session: str) -> bool:
        """True while the session is claimed."""
        return session in self._claimed

    def claim(self, session: str) -> None:
        """Become the session's one writer. Raises `SessionBusy`."""
        if session in self._claimed:
            raise SessionBusy(f"Session {session} is live in this process.")
        self._claimed.add(session)

    def release(self, session: str) -> None:
        """Stop being the session's writer."""
        self._claimed.discard(session)

    def _holds(self, line: Summary, words: Sequence[str]) -> bool:
        state = line.as_seen(live=self.is_live(line.id))
        seen = (sought_in(line.id, line.goal, line.model, line.workspace, line.label), line.state)
        return all(word == state or any(word in text for text in seen) for word in words)


def _sorted_mail(letters: Sequence[Command]) -> tuple[list[Command], list[Say]]:
    """Commands for the run, and messages that wait until the agent is about to think."""
    queued = [letter for letter in letters if isinstance(letter, Say) and letter.ticket]
    return [letter for letter in letters if letter not in queued], queued
