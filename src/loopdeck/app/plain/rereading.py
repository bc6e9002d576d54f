"""A past session in lines, a step at a time: what is told is never taken back."""

from collections.abc import Awaitable, Callable, Sequence

from loopdeck.app.plain.face import PAGE
from loopdeck.app.plain.labels import labelled
from loopdeck.app.plain.talk import PROMPT, Out
from loopdeck.app.plain.telling import Teller
from loopdeck.figures import plural
from loopdeck.ports import Opened
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.timeline import Timeline

WORDS = ("the next step", "the step before", "the next approval", "the next error", "all the rest")
LEAVE = "leave"


class Rereading:
    """The playhead of one session, moved by numbers; it executes nothing and writes nothing."""

    def __init__(self, opened: Opened, out: Out) -> None:
        self.left = False
        self._opened = opened
        self._out = out
        self._timeline = Timeline()
        self._state = SessionState()
        self._teller = Teller()

    async def begin(self) -> None:
        """Find out what there is, and tell it up to where it was opened."""
        journal, session = self._opened.journal, self._opened.session
        head = await journal.head(session)
        self._timeline.extend(await journal.marks(session), head=head)
        await self._tell(min(self._opened.position or head, head))

    async def all(self) -> None:
        """Tell everything that is left."""
        await self._tell(self._timeline.head)

    async def typed(self, lines: Sequence[str]) -> None:
        """A number that was typed; an empty line is the next step."""
        for line in lines:
            text = line.strip()
            number = 1 if not text else int(text) if text.isdecimal() else 0
            if number == len(WORDS) + 1:
                self.left = True
                return
            if 1 <= number <= len(WORDS):
                await self._moves()[number - 1]()
            else:
                self._out(["There is no such choice."])
        self.offer()

    def offer(self) -> None:
        """Say where the playhead is and what can be chosen."""
        where = self._timeline.where(self._state.last_seq)
        place = f"step {where.step} of {where.steps}, event {self._state.last_seq:,}"
        left = f", {plural(where.behind, 'event')} to come" if where.behind else ", the end"
        numbered = [f"{at}. {words}" for at, words in enumerate((*WORDS, LEAVE), start=1)]
        self._out(["", labelled("playhead", place + left), *numbered, PROMPT])

    def _moves(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        at, line = self._state.last_seq, self._timeline
        return (
            lambda: self._go(line.by_step(at, 1)),
            lambda: self._go(line.by_step(at, -1)),
            lambda: self._go(line.by_approval(at, 1)),
            lambda: self._go(line.by_error(at, 1)),
            self.all,
        )

    async def _go(self, goal: int | None) -> None:
        goal = self._timeline.head if goal is None else goal
        if goal == self._state.last_seq:
            self._out(["There is no such moment from here."])
        elif goal > self._state.last_seq:
            await self._tell(goal)
        else:
            await self._back(goal)

    async def _back(self, goal: int) -> None:
        """Tell the step again that ends at the goal; what came before it was told already."""
        self._state, self._teller = SessionState(), Teller()
        before = self._timeline.by_step(goal, -1) or 1
        await self._tell(before if before < goal else 0, silent=True)
        self._out(["", labelled("back", f"to event {goal:,}")])
        await self._tell(goal)

    async def _tell(self, goal: int, *, silent: bool = False) -> None:
        journal, session = self._opened.journal, self._opened.session
        while self._state.last_seq < goal:
            records = await journal.read(
                session, after=self._state.last_seq, until=goal, limit=PAGE
            )
            if not records:
                return
            for record in records:
                self._state = advance(self._state, record)
                told = self._teller.tell(record, self._state)
                if told and not silent:
                    self._out(told)
