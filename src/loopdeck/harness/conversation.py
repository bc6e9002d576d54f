"""The prompt as a projection: events in, the turns a model is sent out.

Whatever happened, the result is a valid history: each call of a reply has exactly one result,
in order, in the turn after it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from loopdeck.harness.words import CLOSING, CUT_OFF, NO_RESULT, NOTHING_NEW, UNKNOWN, denial, words
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
)
from loopdeck.session.records import Record
from loopdeck.session.values import CallBlock

DROPPED = frozenset({"refusal"})  # replies that must not go back to the model


class Conversation:
    """Turns that are complete, and the user turn that is being gathered.

    `apply` is called with every record in order. A human's words that arrive while the model is
    answering belong to the turn after that answer.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.turns: list[Turn] = []
        self._ids: set[str] = set()
        self._texts: list[str] = []
        self._sent = 0
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

    def request(self) -> list[Turn]:
        """The turns of the next model call."""
        turns = [*self.turns, *self._gathered(len(self._texts), self._lent)]
        if turns and isinstance(turns[-1], AssistantTurn) and self._stop != "pause_turn":
            turns.append(UserTurn((), (NOTHING_NEW,)))  # a history must not end with the model
        return turns

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
            fresh.append(ToolUse(call_id, use.tool, use.args))
        return fresh

    def apply(self, record: Record) -> None:
        """Take in one more record."""
        event = record.event
        match event:
            case ModelRequested() | ModelReplied():
                self._on_model(event)
            case CallProposed() | CallAnswered() | CallFinished() | CallUnknown():
                self._on_call(event)
            case ContextCompacted():
                self._compact(f"What happened so far, in short: {event.summary}")
            case HumanCalled() | HumanAnswered():
                self._tell(self._asked(event))
            case _:
                self._tell(words(event))

    def _on_model(self, event: ModelRequested | ModelReplied) -> None:
        if isinstance(event, ModelRequested):
            self._closing = event.closing
            self._sent = len(self._texts)
            return
        if event.stop in DROPPED:
            return
        self.turns.extend(self._gathered(self._sent))
        del self._texts[: self._sent]
        self._sent, self._closing, self._stop = 0, False, event.stop
        self._results, self._uses, self._edits, self._lent = {}, {}, {}, {}
        self._expected = [block.call_id for block in event.blocks if isinstance(block, CallBlock)]
        self._reply = event
        if event.stop == "max_tokens":
            self._texts.append(CUT_OFF)
        self._close_reply()

    def _on_call(self, event: CallProposed | CallAnswered | CallFinished | CallUnknown) -> None:
        call_id = event.call_id
        match event:
            case CallProposed():
                self._ids.add(call_id)
                self._uses[call_id] = ToolUse(call_id, event.tool, event.args)
                self._close_reply()
            case CallAnswered(answer="approved"):
                if event.args is not None:
                    self._edits[call_id] = json.dumps(event.args, ensure_ascii=False)
            case CallAnswered():
                self._results[call_id] = CallResult(call_id, denial(event), is_error=True)
            case CallFinished():
                text = event.output
                if call_id in self._edits:
                    edit = self._edits[call_id]
                    text = f"Your human changed the arguments to: {edit}\n{text}"
                self._results[call_id] = CallResult(call_id, text, is_error=not event.ok)
            case CallUnknown():
                self._results[call_id] = CallResult(call_id, UNKNOWN, is_error=True)

    def _tell(self, text: str) -> None:
        if text:
            self._texts.append(text)

    def _compact(self, summary: str) -> None:
        """Begin with a summary; a reply whose calls still need their results stays."""
        if self._expected and self.turns:
            self.turns = [UserTurn((), (summary,)), self.turns[-1]]
            return
        self.turns = []
        self._texts.insert(0, summary)
        self._sent += 1 if self._sent else 0

    def _close_reply(self) -> None:
        """Add the assistant's turn as soon as all of its calls are known."""
        reply = self._reply
        if reply is None or any(call_id not in self._uses for call_id in self._expected):
            return
        self._reply = None
        blocks: list[ReplyBlock] = [
            self._uses[block.call_id] if isinstance(block, CallBlock) else block
            for block in reply.blocks
        ]
        if blocks:
            self.turns.append(AssistantTurn(tuple(blocks)))

    def _gathered(self, texts: int, lent: Mapping[str, str] | None = None) -> list[Turn]:
        results = tuple(
            self._results.get(call_id, CallResult(call_id, NO_RESULT, is_error=True))
            for call_id in self._expected
        )
        if lent:
            results = tuple(
                replace(result, text=lent.get(result.call_id, result.text)) for result in results
            )
        words = (*self._texts[:texts], *((CLOSING,) if self._closing else ()))
        return [UserTurn(results, words)] if results or words else []

    def _asked(self, event: HumanCalled | HumanAnswered) -> str:
        """An answer is told in words, unless it is the result of the call that asked."""
        if isinstance(event, HumanCalled):
            if event.call_id is not None:
                self._by_calls.add(event.ask_id)
            return ""
        return "" if event.ask_id in self._by_calls else event.text
