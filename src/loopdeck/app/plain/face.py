"""Shows one session as it goes on, line by line, and listens to what is typed."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence

from loopdeck.app.plain.talk import Out, Talk
from loopdeck.app.plain.telling import Teller
from loopdeck.ports import Clock, Journal, Opened
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState

PAGE = 500
_CHUNK = 65_536


class Face:
    """One session, told from its beginning; with `asks` its human can answer."""

    def __init__(self, opened: Opened, clock: Clock, out: Out, *, asks: bool) -> None:
        self.state = SessionState()
        self._journal: Journal = opened.journal
        self._session = opened.session
        self._out = out
        self._asks = asks
        self._teller = Teller(brief=asks)
        self._talk = Talk(self._teller, clock, out, opened.sink.send)

    async def follow(self) -> None:
        """Tell what is there and what comes, for ever."""
        while True:
            await self.catch_up()
            if self._asks:
                self._talk.update(self.state)
            await self._journal.wait(self._session, self.state.last_seq)

    async def catch_up(self) -> None:
        """Tell everything that is there."""
        while records := await self._journal.read(
            self._session, after=self.state.last_seq, limit=PAGE
        ):
            for record in records:
                self._tell(record)
            if len(records) < PAGE:
                return

    async def listen(self, typed: AsyncIterator[Sequence[str]]) -> None:
        """Give what is typed to the conversation, until nothing can come any more."""
        async for lines in typed:
            await self._talk.typed(lines)

    def _tell(self, record: Record) -> None:
        self.state = advance(self.state, record)
        if told := self._teller.tell(record, self.state):
            self._out(told)


async def typed_lines(handle: int) -> AsyncIterator[Sequence[str]]:
    """Whole lines as they are typed, those that came together in one go, until the end."""
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes] = asyncio.Queue()

    def ready() -> None:
        try:
            data = os.read(handle, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""  # the terminal is gone
        if not data:
            loop.remove_reader(handle)
        chunks.put_nowait(data)

    loop.add_reader(handle, ready)
    rest = b""
    try:
        while data := await chunks.get():
            *lines, rest = (rest + data).split(b"\n")
            if lines:
                yield [line.decode("utf-8", "replace") for line in lines]
    finally:
        loop.remove_reader(handle)


def printing(write: Callable[[str], object]) -> Out:
    """Each line by itself."""

    def out(lines: Sequence[str]) -> None:
        for line in lines:
            write(f"{line}\n")

    return out
