"""What the rows of the loop say: small facts about records, paged from the journal, bounded."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.words import CLEARED, grant_words, target
from loopdeck.ports import Journal
from loopdeck.session.attached import attached_line
from loopdeck.session.calls import CallEvent, CallView, advance_call
from loopdeck.session.events import (
    BookmarkAdded,
    CallAnswered,
    CallAsked,
    CallFinished,
    CallJudged,
    CallProposed,
    CallUnknown,
    CheckFinished,
    CheckStarted,
    ContextCompacted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LimitHit,
    LimitWarned,
    LoopSuspected,
    ModelChanged,
    ModelFailed,
    ModelReplied,
    NoteAdded,
    RuleGranted,
    RuleRevoked,
    SandboxChecked,
    ServerChecked,
    ServiceEnded,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.telling import service_fate, told

KEPT = 6_000
LONGEST = 300
_CALL_EVENTS = get_args(CallEvent)
_TIMED = (CallAsked, CallAnswered, HumanCalled, HumanAnswered)  # between them somebody waited


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about one record: `name` of the tool or kind, `text`, milliseconds it took.

    `more` is what an answer made of the call, where it was edited; `ts` is when it was.
    """

    text: str
    name: str = ""
    ms: float | None = None
    more: str = ""
    ts: int = 0


class History:
    """Facts by record number; calls and records on demand."""

    def __init__(self, journal: Journal, session: str) -> None:
        self._journal = journal
        self._session = session
        self._facts: OrderedDict[int, Fact] = OrderedDict()

    def fact(self, seq: int) -> Fact | None:
        """The fact about a record, if it is here."""
        return self._facts.get(seq)

    def take(self, records: Iterable[Record]) -> None:
        """Learn from records that were read for another reason."""
        for record in records:
            fact = fact_of(record.event)
            if fact is not None:
                timed = isinstance(record.event, _TIMED)
                self._facts[record.seq] = replace(fact, ts=record.ts) if timed else fact
                self._facts.move_to_end(record.seq)
        while len(self._facts) > KEPT:
            self._facts.popitem(last=False)

    async def load(self, seqs: Sequence[int]) -> None:
        """Fetch the facts that are missing."""
        missing = [seq for seq in seqs if seq not in self._facts]
        if not missing:
            return
        found = await self._journal.pick(self._session, missing)
        self.take(found.values())
        for seq in missing:
            self._facts.setdefault(seq, Fact(""))

    async def call(self, call_id: str, upto: int | None) -> CallView | None:
        """A call as it stood after event `upto`; as it stands now if `None`."""
        view: CallView | None = None
        for record in await self._journal.call_records(self._session, call_id):
            if upto is not None and record.seq > upto:
                break
            if isinstance(record.event, _CALL_EVENTS):
                view = advance_call(view, record, cast("CallEvent", record.event))
        return view

    async def event(self, seq: int) -> Event | None:
        """One whole event."""
        record = (await self._journal.pick(self._session, [seq])).get(seq)
        return record.event if record else None


def fact_of(event: Event) -> Fact | None:
    """What a row says about an event, if a row says anything about it."""
    match event:
        case CallProposed() | CallFinished() | CallUnknown():
            return _call_fact(event)
        case ModelReplied():
            return Fact(told(event) or _line(_first_words(event)))
        case SessionStarted():
            return Fact(sanitize(event.goal.strip()[:LONGEST], lines=False), event.model)
        case SessionResumed(fork=True):
            return Fact(told(event))
        case SessionPaused() | SessionEnded():
            word = event.outcome if isinstance(event, SessionEnded) else event.reason
            return Fact(_line(event.text), word)
        case ModelFailed() | ContextCompacted() | BookmarkAdded():
            return _other_fact(event)
        case HumanMessage() | HumanSteered() | NoteAdded() | HumanCalled() | HumanAnswered():
            return Fact(_line(event.text or answer_words(event)))
        case _:
            return _decision_fact(event) or _guard_fact(event)


def _other_fact(event: ModelFailed | ContextCompacted | BookmarkAdded) -> Fact:
    match event:
        case ModelFailed():
            return Fact(_line(event.error))
        case ContextCompacted():
            return Fact(_line(event.summary or CLEARED))
        case BookmarkAdded():
            return Fact(_verbatim(event.label))


def _decision_fact(event: Event) -> Fact | None:
    match event:
        case CallJudged():
            return Fact("", event.grant_id)
        case CallAsked():
            return Fact("")
        case CallAnswered():
            edited = "" if event.args is None else target(event.args)[:LONGEST] or " "
            return Fact(_line(event.reason), event.by, more=edited)
        case _:
            return None


def _call_fact(event: CallProposed | CallFinished | CallUnknown) -> Fact:
    match event:
        case CallProposed():
            return Fact(target(event.args)[:LONGEST], _verbatim(event.tool))
        case CallUnknown():
            return Fact(_line(event.reason))
        case CallFinished():
            return Fact("" if event.ok else _line(event.output), ms=event.duration_ms)


def _guard_fact(event: Event) -> Fact | None:
    match event:
        case LevelChanged():
            return Fact(_line(event.reason), str(event.level))
        case ModelChanged():
            return Fact(_line(event.reason), _verbatim(event.model))
        case RuleGranted() | RuleRevoked() | SandboxChecked() | ServerChecked() | ServiceEnded():
            return _standing_fact(event)
        case CheckStarted():
            return Fact(_verbatim(event.command))
        case CheckFinished():
            return Fact("", ms=event.duration_ms)
        case LimitWarned() | LimitHit():
            hit = isinstance(event, LimitHit)
            return Fact(told(event).partition(": ")[2], "limit reached" if hit else "limit near")
        case LoopSuspected():
            return Fact(_line(f"{event.tool}: the same result {event.count} times"))
        case _:
            return None


def _standing_fact(
    event: RuleGranted | RuleRevoked | SandboxChecked | ServerChecked | ServiceEnded,
) -> Fact:
    match event:
        case RuleGranted():
            return Fact(_verbatim(grant_words(event.grant)), event.grant.rule.scope)
        case RuleRevoked():
            return Fact("")
        case SandboxChecked():
            backend = event.backend if event.passed else ""
            return Fact(_line(" · ".join(filter(None, (backend, event.says)))), backend)
        case ServerChecked():
            how = "anew" if event.says else "back"
            words = ": ".join(filter(None, (event.server, event.says)))
            return Fact(_line(words), how if event.passed else "lost")
        case ServiceEnded():
            failed = event.why == "itself" and event.exit_code != 0
            how = "failed" if failed else "over"
            return Fact(_line(f"{event.service} {service_fate(event)}"), how)


def answer_words(event: Event) -> str:
    """How a question was answered, or what was attached, where that was not done in words."""
    if isinstance(event, HumanMessage | HumanSteered):
        return "; ".join(map(attached_line, event.attached or ()))
    if not isinstance(event, HumanAnswered):
        return ""
    return told(event) if event.answer == "withdrawn" else event.answer


def _first_words(event: ModelReplied) -> str:
    texts = [block.text for block in event.blocks if block.kind == "text" and block.text.strip()]
    thoughts = [block.text for block in event.blocks if block.kind == "thinking"]
    return next((text for text in (*texts, *thoughts) if text.strip()), "")


def _line(text: str) -> str:
    """The first line of prose with anything on it, without its Markdown."""
    first = _first(text).lstrip("#").replace("**", "").replace("`", "").strip()
    return sanitize(first[:LONGEST], lines=False)


def _verbatim(text: str) -> str:
    """The first line of what is no prose: every star of a rule or a command means something."""
    return sanitize(_first(text)[:LONGEST], lines=False)


def _first(text: str) -> str:
    return next((row for row in text[:4_000].splitlines() if row.strip()), "").strip()
