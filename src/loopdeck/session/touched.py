"""Which files a session read, made, changed and deleted, and what of that its log holds.

A diff in the log is certain. What a command did is known by its verdict's facts alone: that it
would write a file, not what it wrote; and of a command that runs code not even which files.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from loopdeck.session.events import CallFinished, CallJudged, CallProposed, CallUnknown
from loopdeck.session.records import Record
from loopdeck.session.values import Category, JsonObject, listed

EVENTS = frozenset({"call_proposed", "call_judged", "call_finished", "call_unknown"})


class How(StrEnum):
    """What happened to a file, the least first."""

    READ = "read"
    WROTE = "wrote"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Touch:
    """One call that had to do with a file; `diff` is true where the log holds what it changed.

    `sure` is false where the call failed, or nobody saw its end: it may have done so.
    """

    seq: int
    call_id: str
    step: int
    how: How
    diff: bool = False
    made: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True)
class TouchedFile:
    """A file and all that touched it, in order."""

    path: str
    touches: tuple[Touch, ...]

    @property
    def how(self) -> How:
        """The most that happened to it: how it ended, where it was changed at all."""
        changes = self.changes
        return changes[-1].how if changes else How.READ

    @property
    def changes(self) -> tuple[Touch, ...]:
        """The touches that changed it."""
        return tuple(touch for touch in self.touches if touch.how is not How.READ)

    @property
    def unrecorded(self) -> tuple[Touch, ...]:
        """The changes whose content the log has not."""
        return tuple(touch for touch in self.changes if not touch.diff)

    @property
    def is_new(self) -> bool:
        """True where the session made it."""
        return bool(self.changes) and self.changes[0].made


@dataclass(frozen=True, slots=True)
class Blind:
    """A command that ran code: which files it touched besides is not in the log."""

    seq: int
    call_id: str
    step: int


@dataclass(frozen=True, slots=True)
class _Open:
    step: int
    tool: str
    category: Category | None = None
    facts: JsonObject = field(default_factory=dict[str, object])


class Touches:
    """Learns from records in order; says what was touched up to any of them."""

    def __init__(self) -> None:
        self._calls: dict[str, _Open] = {}
        self._files: dict[str, list[Touch]] = {}
        self._blind: list[Blind] = []

    def take(self, record: Record) -> None:
        """Learn from one record; those of other kinds say nothing of files."""
        event = record.event
        match event:
            case CallProposed():
                self._calls[event.call_id] = _Open(event.step, event.tool)
            case CallJudged():
                call = self._calls.get(event.call_id)
                if call is not None:
                    self._calls[event.call_id] = replace(
                        call, category=event.category, facts=event.facts
                    )
            case CallFinished() | CallUnknown():
                self._end(record.seq, event)
            case _:
                pass

    def files(self, upto: int) -> list[TouchedFile]:
        """Every file that was touched up to an event: changed ones first, each part by name."""
        found: list[TouchedFile] = []
        for path, touches in self._files.items():
            seen = tuple(touch for touch in touches if touch.seq <= upto)
            if seen:
                found.append(TouchedFile(path, seen))
        return sorted(found, key=lambda file: (file.how is How.READ, file.path))

    def blind(self, upto: int) -> list[Blind]:
        """The commands up to an event that may have touched other files."""
        return [one for one in self._blind if one.seq <= upto]

    def _end(self, seq: int, event: CallFinished | CallUnknown) -> None:
        call = self._calls.get(event.call_id)
        if call is None or (isinstance(event, CallFinished) and event.by == "harness"):
            return
        for path, touch in _touches(seq, call, event):
            seen = self._files.setdefault(path, [])
            if touch not in seen:
                seen.append(touch)
        if call.facts.get("runs_code"):
            self._blind.append(Blind(seq, event.call_id, call.step))


def _touches(
    seq: int, call: _Open, event: CallFinished | CallUnknown
) -> Iterator[tuple[str, Touch]]:
    base = Touch(seq, event.call_id, call.step, How.READ, sure=False)
    if isinstance(event, CallUnknown):
        yield from _told(base, call, ())
    elif event.diff:
        gone = "\n+++ /dev/null" in f"\n{event.diff[:2_000]}"
        how, made = (How.DELETED if gone else How.WROTE), event.diff.startswith("--- /dev/null")
        for path in event.files:
            yield path, replace(base, how=how, diff=True, made=made, sure=True)
    elif event.ok or call.tool == "shell":  # a file tool that failed did nothing
        yield from _told(replace(base, sure=event.ok), call, event.files)


def _told(base: Touch, call: _Open, files: Sequence[str]) -> Iterator[tuple[str, Touch]]:
    """What a verdict's facts say that a call would do."""
    lost, written = listed(call.facts, "deletes"), listed(call.facts, "writes")
    for path in lost:
        yield path, replace(base, how=How.DELETED)
    for path in written:
        if path not in lost:
            yield path, replace(base, how=How.WROTE)
    if call.category is Category.READ or call.tool == "shell":
        for path in dict.fromkeys((*files, *listed(call.facts, "reads"))):
            if path not in (*lost, *written):
                yield path, base
