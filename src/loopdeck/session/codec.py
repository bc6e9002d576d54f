"""Record <-> one line of JSON, and the upcasts that let old lines be read for ever."""

from collections.abc import Callable
from datetime import UTC, datetime

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from loopdeck.errors import CodecError
from loopdeck.session.events import Event
from loopdeck.session.records import SCHEMA_VERSION, Record
from loopdeck.session.values import JsonObject

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = 2**63  # what a database keeps in one number

UPCASTS: dict[int, Callable[[JsonObject], JsonObject]] = {}
"""`UPCASTS[n]` turns an event's JSON of schema version n into version n + 1."""


def _floor_in_words(event: JsonObject) -> JsonObject:
    """Before there was the field, the rule's words alone said that it was the hard floor."""
    return {**event, "floor": str(event.get("rule", "")).startswith("the hard floor")}


FILLED: dict[str, tuple[str, Callable[[JsonObject], JsonObject]]] = {
    "call_judged": ("floor", _floor_in_words)
}
"""For a kind, the field it got without a new schema version, and what fills it where it lacks."""

_LACKING = tuple((kind, f'"{name}":') for kind, (name, _) in FILLED.items())
_LACKING_BYTES = tuple((kind.encode(), name.encode()) for kind, name in _LACKING)


class _Line(BaseModel):
    """A record as JSON has it; the event waits for its upcasts.

    The first line of a recording may carry what people call the session; the record does not.
    """

    model_config = ConfigDict(extra="forbid")

    session: str = Field(min_length=1)
    seq: int = Field(ge=1, lt=_END, strict=True)
    ts: str
    mono: int = Field(default=0, ge=0, lt=_END)
    v: int = SCHEMA_VERSION
    event: JsonObject
    label: JsonObject | None = None


def dump_event(event: Event) -> str:
    """The event as compact JSON text; fields that are `None` are left out."""
    return event.model_dump_json(exclude_none=True)


def load_event(text: str | bytes, version: int = SCHEMA_VERSION) -> Event:
    """The event in a JSON text. Raises `CodecError` if it is none, or a newer one."""
    try:
        if version == SCHEMA_VERSION and not _may_lack(text):
            return _EVENT.validate_json(text)
        return _EVENT.validate_python(_upcast(_OBJECT.validate_json(text), version))
    except ValueError as error:
        raise CodecError(f"not an event: {_first_line(error)}") from error


def dump_record(record: Record) -> str:
    """The record as one line of JSON, without the line break."""
    head = pydantic_core.to_json(
        {
            "session": record.session,
            "seq": record.seq,
            "ts": format_ts(record.ts),
            "mono": record.mono,
            "v": record.v,
        }
    ).decode()
    return f'{head[:-1]},"event":{dump_event(record.event)}}}'


def load_record(line: str | bytes) -> Record:
    """The record in a line of JSON. Raises `CodecError` with what is wrong."""
    try:
        head = _Line.model_validate_json(line)
        return Record(
            session=head.session,
            seq=head.seq,
            ts=parse_ts(head.ts),
            mono=head.mono,
            event=_EVENT.validate_python(_upcast(head.event, head.v)),
        )
    except ValueError as error:
        raise CodecError(f"not a record: {_first_line(error)}") from error


def format_ts(ts: int) -> str:
    """UTC nanoseconds as ISO 8601 with microseconds and a Z."""
    moment = datetime.fromtimestamp(ts // 1_000_000_000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ts % 1_000_000_000 // 1000:06d}Z"


def parse_ts(text: str) -> int:
    """ISO 8601 text as UTC nanoseconds; a time without a zone is taken as UTC."""
    moment = datetime.fromisoformat(text)
    gap = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    ts = ((gap.days * 86_400 + gap.seconds) * 1_000_000 + gap.microseconds) * 1000
    if not 0 <= ts < _END:
        raise ValueError("a time is between the years 1970 and 2262")
    return ts


def _may_lack(text: str | bytes) -> bool:
    """Whether an event may have to be filled: one look at its text, as nearly none has to be."""
    if isinstance(text, str):
        return any(kind in text and name not in text for kind, name in _LACKING)
    return any(kind in text and name not in text for kind, name in _LACKING_BYTES)


def _upcast(event: JsonObject, version: int) -> JsonObject:
    if version > SCHEMA_VERSION:
        raise CodecError(
            f"event schema {version} is newer than this Loopdeck", "Update Loopdeck to read it."
        )
    for step in range(version, SCHEMA_VERSION):
        if step not in UPCASTS:
            raise CodecError(f"there is no event schema {version}")
        event = UPCASTS[step](event)
    name, fill = FILLED.get(str(event.get("type")), ("", None))
    return event if fill is None or name in event else fill(event)


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"]
    return str(error).splitlines()[0]
