"""Takes secrets out of records once more before they leave this machine, and says what it took.

The log was cleaned when it was written; a newer Loopdeck knows more shapes, and a recording may
come from elsewhere. Unlike the recorder, nothing is spared here: ids and names are cleaned too, and
stay consistent because equal secrets leave equal marks. A record without a secret stays itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_origin

from loopdeck.permissions.secrets.redacting import MARK, Redactor
from loopdeck.session.events import CallOutput, ModelChunk, ModelRequested
from loopdeck.session.records import Record
from loopdeck.session.values import ThinkingBlock, Value

V = TypeVar("V", bound=Value)

_LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Removed:
    """One kind of secret in one field of one event, and how many there were."""

    seq: int
    event: str
    field: str
    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Records without secrets. `earlier` marks were in them already, from when they were kept."""

    records: tuple[Record, ...]
    removed: tuple[Removed, ...] = ()
    earlier: int = 0

    @property
    def by_kind(self) -> dict[str, int]:
        """How many of each kind were taken out now."""
        counts: Counter[str] = Counter()
        for one in self.removed:
            counts[one.kind] += one.count
        return dict(sorted(counts.items()))


def cleaned(records: Sequence[Record], redactor: Redactor) -> Cleaned:
    """The records with a mark in the place of each secret."""
    cleaner = _Cleaner(redactor)
    clean = [cleaner.record(record) for record in cleaner.whole(records)]
    return Cleaned(tuple(clean), tuple(cleaner.removed), cleaner.earlier)


class _Cleaner:
    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._at: Record | None = None
        self.removed: list[Removed] = []
        self.earlier = 0

    def whole(self, records: Sequence[Record]) -> list[Record]:
        """The records; a streamed text that holds a secret across its pieces is all in the first.

        So no secret leaves in two halves.
        """
        found = list(records)
        for places in _streams(records):
            pieces = [cast("ModelChunk | CallOutput", records[at].event) for at in places]
            text = "".join(piece.text for piece in pieces)
            clean = self._redactor.clean(text)
            if clean == "".join(self._redactor.clean(piece.text) for piece in pieces):
                continue
            for at, piece in zip(places, pieces, strict=True):
                kept = text if at == places[0] else ""
                found[at] = replace(records[at], event=piece.model_copy(update={"text": kept}))
        return found

    def record(self, record: Record) -> Record:
        """One record without secrets."""
        self._at = record
        event = self._value(record.event, "")
        return record if event is record.event else replace(record, event=event)

    def _value(self, value: V, place: str) -> V:
        changed: dict[str, Any] = {}
        for name in _free_fields(type(value)):
            old = getattr(value, name)
            new = self._any(old, f"{place}.{name}" if place else name)
            if new is not old:
                changed[name] = new
        if not changed:
            return value
        if isinstance(value, ThinkingBlock):
            changed["signature"] = ""  # it no longer fits
        return value.model_copy(update=changed)

    def _any(self, value: Any, place: str) -> Any:
        if type(value) is str:
            return self._text(value, place)
        if isinstance(value, Value):
            return self._value(value, place)
        if isinstance(value, dict):
            return self._object(cast("dict[str, Any]", value), place)
        if isinstance(value, (list, tuple)):
            old = cast("Sequence[Any]", value)
            new = [self._any(item, place) for item in old]
            same = all(a is b for a, b in zip(old, new, strict=True))
            return old if same else type(old)(new)  # pyright: ignore[reportCallIssue] - list or tuple
        return value

    def _object(self, old: dict[str, Any], place: str) -> dict[str, Any]:
        new: dict[str, Any] = {}
        for name, item in old.items():
            key = self._text(name, place)
            new[key] = self._any(item, f"{place}.{key}"[:_LONGEST_PLACE])
        same = all(a is b for a, b in zip(old.values(), new.values(), strict=False))
        return old if same and old.keys() == new.keys() else new

    def _text(self, text: str, place: str) -> str:
        before = _kinds(text)
        self.earlier += before.total()
        clean = self._redactor.clean(text)
        if clean == text:
            return text
        record = self._at
        taken = _kinds(clean) - before
        if record is not None:
            self.removed += [
                Removed(record.seq, record.event.type, place, kind, count)
                for kind, count in taken.items()
            ]
        return clean


def _streams(records: Iterable[Record]) -> list[list[int]]:
    """Where the pieces of each streamed text stand."""
    found: dict[tuple[str, str], list[int]] = {}
    turn = 0
    for at, record in enumerate(records):
        match record.event:
            case ModelRequested():
                turn += 1
            case ModelChunk(kind=kind):
                found.setdefault((f"turn {turn}", kind), []).append(at)
            case CallOutput(call_id=call_id, stream=stream):
                found.setdefault((f"call {call_id}", stream), []).append(at)
            case _:
                pass
    return [places for places in found.values() if len(places) > 1]


def _kinds(text: str) -> Counter[str]:
    """How many marks of each kind are in a text."""
    if "‹redacted:" not in text:
        return Counter()
    return Counter(mark.split(":")[1] for mark in MARK.findall(text))


@cache
def _free_fields(kind: type[Value]) -> tuple[str, ...]:
    """The fields whose text is not one of a fixed set of words."""
    fields = kind.model_fields.items()
    return tuple(name for name, field in fields if get_origin(field.annotation) is not Literal)
