"""The prompt as a projection: events in, the turns a model is sent out.

Whatever happened, the result is a valid history: it begins with the human, each call of a reply
has exactly one result, in order, in the turn after it, and no two calls share an id.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from loopdeck.harness.prompt.servers import Lost, lost_after
from loopdeck.harness.prompt.transcript import shortened, size_of
from loopdeck.harness.prompt.turns import Turns, clear
from loopdeck.harness.prompt.words import (
    CLOSING,
    CUT_OFF,
    NO_RESULT,
    NOTHING_NEW,
    RUN_AGAIN,
    UNKNOWN,
    denial,
    words,
)
from loopdeck.ports import AssistantTurn, CallResult, ReplyBlock, ToolUse, Turn, UserTurn
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallProposed,
    CallUnknown,
    ContextCompacted,
    HumanAnswered,
    HumanCalled,
    ModelReplied,
    ModelRequested,
    ServerChecked,
    SessionStarted,
)
from loopdeck.session.events.thinking import COMPACTED, NOT_COMPACTED
from loopdeck.session.records import Record
from loopdeck.session.values import CallBlock

DROPPED = frozenset({"refusal", COMPACTED, NOT_COMPACTED})  # these must not go back to the model
SUMMARY = "What happened so far, in short: "


class Conversation:
    """Turns that are complete, and the user turn that is being gathered.

    `apply` is called with every record in order. A human's words that arrive while the model is
    answering belong to the turn after that answer.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.last_reply = 0  # its event
        self.lost: Lost = {}
        self._turns = Turns()
        self._seq = 0
        self._results_seq = 0  # of the newest result that the model has not seen
        self._goal = ""
        self._ids: set[str] = set()
        self._texts: list[str] = []
        self._sent = 0
        self._asked_model = self._by = ""
        self._closing = False
        self._stop = ""
        self._results: dict[str, CallResult] = {}
        self._expected: list[str] = []
        self._reply: ModelReplied | None = None
        self._uses: dict[str, ToolUse] = {}
        self._edits: dict[str, str] = {}
        self._by_calls: set[str] = set()
        self._lent: dict[str, str] = {}
        for record in records:
            self.apply(record)

    @property
    def has_news(self) -> bool:
        """True while the model has not been told something it should hear."""
        return bool(self._texts)

    @property
    def turns(self) -> list[Turn]:
        """What is complete."""
        return self._turns.all

    def request(self) -> list[Turn]:
        """The turns of the next model call."""
        turns = [*self.turns, *self._current(lent=self._lent)]
        if not turns:
            turns.append(UserTurn((), (NOTHING_NEW,)))
        if isinstance(turns[-1], AssistantTurn) and self._stop != "pause_turn":
            turns.append(UserTurn((), (NOTHING_NEW,)))  # a history must not end with the model
        return turns

    def shortened(self, upto: int) -> list[Turn]:
        """What is told, without the middle of long results up to an event."""
        current = self._current()
        if upto >= max(1, self._results_seq):
            current = [clear(turn) if isinstance(turn, UserTurn) else turn for turn in current]
        return [*self._turns.cleared(upto), *current]

    def unsent(self) -> int:
        """The characters that the model has not seen yet."""
        return size_of(self._current())

    def first_kept(self, room: int) -> int:
        """Which turn of the request is the first that stays if only the newest may."""
        room -= self.unsent()
        return self._turns.first_within(room, last_stays=bool(self._expected))

    def seq_of(self, at: int) -> int:
        """The event that a turn of the request ends with; the next one for what is not sent yet."""
        return self._turns.seq_of(at) or self._seq + 1

    def lend(self, call_id: str, text: str) -> None:
        """Let the model see a result once that the log does not keep: until its next reply."""
        self._lent[call_id] = text

    def with_new_ids(self, uses: Sequence[ToolUse]) -> list[ToolUse]:
        """The calls, with ids that no earlier call has: some servers hand out the same twice."""
        fresh: list[ToolUse] = []
        for use in uses:
            call_id, count = use.call_id, 1
            while call_id in self._ids or any(other.call_id == call_id for other in fresh):
                count += 1
                call_id = f"{use.call_id}-{count}"
            fresh.append(replace(use, call_id=call_id))
        return fresh

    def apply(self, record: Record) -> None:
        """Take in one more record."""
        event = record.event
        self._seq = record.seq
        match event:
            case ModelRequested() | ModelReplied():
                self._on_model(event)
            case CallProposed() | CallAnswered() | CallFinished() | CallUnknown():
                self._on_call(event)
            case ContextCompacted():
                self._compact(event)
            case SessionStarted():
                self._goal = words(event)
                self._tell(self._goal)
            case HumanCalled() | HumanAnswered():
                self._tell(self._asked(event))
            case ServerChecked():
                self._tell(words(event))
                self.lost = lost_after(self.lost, event)
            case _:
                self._tell(words(event))

    def _on_model(self, event: ModelRequested | ModelReplied) -> None:
        if isinstance(event, ModelRequested):
            self._closing, self._asked_model = event.closing, event.model
            self._sent = len(self._texts)
            return
        if event.stop in DROPPED:
            return
        self._close_reply(at_last=True)
        self._turns.hear(self._current(self._sent), self._seq)
        del self._texts[: self._sent]
        self._sent, self._closing, self._stop = 0, False, event.stop
        self._results, self._uses, self._edits, self._lent = {}, {}, {}, {}
        ids = [block.call_id for block in event.blocks if isinstance(block, CallBlock)]
        self._expected = list(dict.fromkeys(ids))
        self._reply, self._by, self.last_reply = event, self._asked_model, self._seq
        if event.stop == "max_tokens":
            self._texts.append(CUT_OFF)
        self._close_reply()

    def _on_call(self, event: CallProposed | CallAnswered | CallFinished | CallUnknown) -> None:
        call_id = event.call_id
        if isinstance(event, CallProposed):
            self._ids.add(call_id)
            self._uses[call_id] = ToolUse(call_id, event.tool, event.args)
            self._close_reply()
            return
        self._results_seq = self._seq
        match event:
            case CallAnswered(answer="approved"):
                if event.args is not None:
                    self._edits[call_id] = json.dumps(event.args, ensure_ascii=False)
            case CallAnswered():
                self._results[call_id] = CallResult(call_id, denial(event), is_error=True)
            case CallFinished():
                text = self._told(event)
                self._results[call_id] = CallResult(call_id, text, is_error=not event.ok)
            case CallUnknown():
                self._results[call_id] = CallResult(call_id, UNKNOWN, is_error=True)

    def _told(self, event: CallFinished) -> str:
        """A result, with what the model cannot know of how it came about."""
        text, before = event.output, self._results.get(event.call_id)
        if event.by == "tool" and before is not None and before.text == UNKNOWN:
            text = f"{RUN_AGAIN}\n{text}"
        if event.call_id in self._edits:
            edit = self._edits[event.call_id]
            text = f"Your human changed the arguments to: {edit}\n{text}"
        return text

    def _tell(self, text: str) -> None:
        if text.strip():
            self._texts.append(text)

    def _compact(self, event: ContextCompacted) -> None:
        """Begin with a summary; a reply whose calls still need their results stays."""
        if event.summary.strip():
            first = UserTurn((), (*filter(None, (self._goal,)), SUMMARY + event.summary))
            self._turns.sum_up(event.upto, first, last_stays=bool(self._expected))
            return
        self._turns.clear(event.upto)
        if event.upto >= self._results_seq:
            self._results = {key: shortened(result) for key, result in self._results.items()}

    def _close_reply(self, *, at_last: bool = False) -> None:
        """Add the assistant's turn once all of its calls are known, or no more of them will be."""
        reply = self._reply
        known = [call_id for call_id in self._expected if call_id in self._uses]
        if reply is None or not (at_last or known == self._expected):
            return
        self._reply, self._expected = None, known
        self._turns.say(_blocks(reply, self._uses), self.last_reply, self._by)

    def _current(
        self, texts: int | None = None, lent: Mapping[str, str] | None = None
    ) -> list[Turn]:
        """What comes after the turns that are complete; `texts` are those that were sent."""
        said, names = [], self._turns.names
        if self._reply is not None:
            said, names = self._turns.would_say(_blocks(self._reply, self._uses), self._by)
        results = [
            self._result(call_id, names[call_id], lent or {})
            for call_id in self._expected
            if call_id in names
        ]
        words = (*self._texts[:texts], *((CLOSING,) if self._closing else ()))
        return [*said, UserTurn(tuple(results), words)] if results or words else [*said]

    def _result(self, call_id: str, name: str, lent: Mapping[str, str]) -> CallResult:
        """What is told of a call, under the name that it has in the prompt."""
        found = self._results.get(call_id, CallResult(call_id, NO_RESULT, is_error=True))
        text = lent.get(call_id, found.text)
        same = (found.call_id, found.text) == (name, text)
        return found if same else CallResult(name, text, is_error=found.is_error)

    def _asked(self, event: HumanCalled | HumanAnswered) -> str:
        """An answer is told in words, unless it is the result of the call that asked."""
        if isinstance(event, HumanCalled):
            if event.call_id is not None:
                self._by_calls.add(event.ask_id)
            return ""
        return "" if event.ask_id in self._by_calls else event.text


def _blocks(reply: ModelReplied, uses: Mapping[str, ToolUse]) -> list[ReplyBlock]:
    """A reply as it goes back, each call once; one that nothing is known of is left out."""
    blocks: list[ReplyBlock] = []
    left = dict(uses)
    for block in reply.blocks:
        if not isinstance(block, CallBlock):
            blocks.append(block)
        elif block.call_id in left:
            blocks.append(left.pop(block.call_id))
    return blocks
