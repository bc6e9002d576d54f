"""Keeps the prompt within what its model takes: long results are shortened, old turns summed up."""

from loopdeck.errors import ContextFull
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.prompt.replies import as_summary, said
from loopdeck.harness.prompt.transcript import SUM_UP, size_of, transcript
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.thinker import Thinker
from loopdeck.ports import ModelRequest, Reply, UserTurn
from loopdeck.session.events import CallFinished, ContextCompacted
from loopdeck.session.events.thinking import COMPACTED, NOT_COMPACTED

FULL = 0.8  # of the model's window: from here on something is done
CHARS_PER_TOKEN = 3  # a careful guess for what the model has not counted yet
WORTH = 0.7  # a prompt that is at most this much of what it was has become shorter
KEPT = 0.25  # of the prompt: the newest turns, which stay as they are
LEAST = 4_000  # characters of a prompt that there is any point in summing up
MOST_CHARS = 400_000  # of what is to be summed up, where the model's window is not known


class Compactor:
    """One try each: what could not be made shorter is not tried again until the model answers."""

    def __init__(self, recorder: Recorder, conversation: Conversation, thinker: Thinker) -> None:
        self._recorder = recorder
        self._conversation = conversation
        self._thinker = thinker
        self._window = 0
        self._used = 0
        self._wanted: bool | None = None
        self._rested = True  # since the last time something was done because it was nearly full
        self._rescues = 0

    def want(self, *, results_only: bool) -> None:
        """Do it before the next request."""
        self._wanted = results_only

    def saw(self, reply: Reply) -> None:
        """The model answered: what it counted, and what it can take, where that is known."""
        self._window = reply.window or self._window
        self._used = reply.usage.total
        if reply.stop != "context_full":
            self._rescues = 0
        if not self._is_full(0):
            self._rested = True

    async def look(self) -> None:
        """Before a request: do what was asked for, or what is needed. Raises `ModelError`."""
        wanted, self._wanted = self._wanted, None
        if wanted is None and self._rested and self._is_full(self._unsent()):
            self._rested = False
            await self._recorder.flush()
            wanted = self._gain(self._conversation.last_reply) <= WORTH
        if wanted:
            await self._shorten(self._conversation.last_reply)
        elif wanted is not None:
            await self._recorder.flush()
            await self._sum_up()

    async def rescue(self) -> bool:
        """After a request that was too long: whether the next is shorter. Raises `ModelError`."""
        self._rescues += 1
        everything = self._recorder.state.last_seq
        match self._rescues:
            case 1 if self._gain(everything) <= WORTH:
                await self._shorten(everything)
                return True
            case 1 | 2:
                self._rescues = 2
                try:
                    return await self._sum_up()
                except ContextFull:
                    return False
            case _:
                return False

    def _unsent(self) -> int:
        """The characters that the model has not counted yet, on record or about to be."""
        ends = [event for event in self._recorder.held if isinstance(event, CallFinished)]
        return self._conversation.unsent() + sum(len(event.output) for event in ends)

    def _is_full(self, unsent: int) -> bool:
        used = self._used + unsent / CHARS_PER_TOKEN
        return self._window > 0 and used > FULL * self._window

    def _gain(self, upto: int) -> float:
        """How much of the prompt would be left if long results were shortened."""
        before = size_of(self._conversation.shortened(0))
        return size_of(self._conversation.shortened(upto)) / max(1, before)

    async def _shorten(self, upto: int) -> None:
        await self._recorder.record(ContextCompacted(upto=upto, summary=""))

    async def _sum_up(self) -> bool:
        """Have the model sum up all but the newest turns; false where that is no shorter."""
        turns = self._conversation.request()
        before = size_of(turns)
        first = self._conversation.first_kept(int(before * KEPT))
        old = turns[:first]
        if not old or before < LEAST:
            return False
        room = min(self._room(), before // 2 if self._rescues else before)
        asked = UserTurn((), (transcript(old, max(room, 2_000)),))
        reply = await self._thinker.once(ModelRequest(SUM_UP, [asked]))
        summary = said(reply).strip()
        after = len(summary) + before - size_of(old)
        whole = reply.stop in ("end_turn", "stop_sequence", COMPACTED)
        good = whole and bool(summary) and after <= WORTH * before
        step = self._recorder.state.step
        event = as_summary(reply, step, COMPACTED if good else NOT_COMPACTED)
        upto = self._conversation.seq_of(first) - 1
        done = [ContextCompacted(upto=upto, summary=summary)] if good else []
        await self._recorder.record(event, *done)
        return good

    def _room(self) -> int:
        return int(self._window * CHARS_PER_TOKEN / 2) or MOST_CHARS
