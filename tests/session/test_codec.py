"""A record survives being text, and nothing that is no record gets in."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.errors import CodecError
from loopdeck.session import codec
from loopdeck.session.codec import (
    dump_event,
    dump_record,
    format_ts,
    load_event,
    load_record,
    parse_ts,
)
from loopdeck.session.events import CallJudged, Event, NoteAdded
from loopdeck.session.records import Record
from loopdeck.session.values import Category, Decision, JsonObject
from tests.support.anyevent import JSON, any_events, any_records

MICROSECONDS = st.integers(0, 4_000_000_000_000_000).map(lambda us: us * 1_000)
NOTE = Record("s1", 7, 1_795_000_000_123_456_000, 42, NoteAdded(at=3, text="look"))


@given(any_events())
def test_any_event_comes_back_from_its_text(event: Event):
    assert load_event(dump_event(event)) == event


@given(any_records(max_size=4))
def test_any_record_comes_back_from_its_line(records: list[Record]):
    assert [load_record(dump_record(record)) for record in records] == records


@given(any_events())
def test_an_event_is_one_line(event: Event):
    assert "\n" not in dump_event(event)


@given(MICROSECONDS)
def test_a_time_comes_back_from_its_text(ts: int):
    text = format_ts(ts)
    assert parse_ts(text) == ts
    assert text.endswith("Z")


def test_a_line_has_the_promised_shape():
    assert json.loads(dump_record(NOTE)) == {
        "session": "s1",
        "seq": 7,
        "ts": "2026-11-18T11:06:40.123456Z",
        "mono": 42,
        "v": 1,
        "event": {"type": "note_added", "at": 3, "text": "look"},
    }


@pytest.mark.parametrize("text", ["2026-11-18T12:06:40+01:00", "2026-11-18T11:06:40"])
def test_a_time_with_another_zone_or_none_is_understood(text: str):
    assert parse_ts(text) == parse_ts("2026-11-18T11:06:40Z")


@given(st.binary(max_size=60))
def test_bytes_that_are_no_record_are_refused_and_never_crash(line: bytes):
    with pytest.raises(CodecError):
        load_record(line)


@given(JSON)
def test_json_that_is_no_record_is_refused_and_never_crashes(data: Any):
    with pytest.raises(CodecError):
        load_record(json.dumps(data))
    with pytest.raises(CodecError):
        load_event(json.dumps(data))


WRONG: list[tuple[str, Any]] = [
    ("session", ""),
    ("session", None),
    ("seq", 0),
    ("seq", -3),
    ("seq", "7"),
    ("seq", 1.5),
    ("ts", "yesterday"),
    ("ts", 12),
    ("ts", "0001-01-01T00:00:00Z"),
    ("ts", "9999-12-31T23:59:59-23:59"),
    ("seq", 2**63),
    ("mono", 2**63),
    ("mono", "x"),
    ("v", 0),
    ("v", -1),
    ("v", 99),
    ("event", []),
    ("event", {}),
    ("event", {"type": "no_such_event"}),
    ("event", {"type": "note_added", "at": 3}),
    ("event", {"type": "note_added", "at": 3, "text": "x", "colour": "red"}),
    ("colour", "red"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_line_with_one_wrong_field_is_refused(field: str, value: Any):
    data = json.loads(dump_record(NOTE)) | {field: value}
    with pytest.raises(CodecError):
        load_record(json.dumps(data))


@pytest.mark.parametrize("field", ["session", "seq", "ts", "event"])
def test_a_line_without_a_needed_field_is_refused(field: str):
    data = json.loads(dump_record(NOTE))
    del data[field]
    with pytest.raises(CodecError, match=field):
        load_record(json.dumps(data))


def test_a_newer_schema_is_named_as_such_with_the_way_out():
    with pytest.raises(CodecError, match="newer") as caught:
        load_event(dump_event(NOTE.event), version=2)
    assert "Update" in caught.value.hint


def test_an_old_event_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch):
    def rename(event: JsonObject) -> JsonObject:
        return {"type": "note_added", "at": event["seq"], "text": event["words"]}

    monkeypatch.setitem(codec.UPCASTS, 0, rename)
    old = {"type": "noted", "seq": 3, "words": "look"}
    assert load_event(json.dumps(old), version=0) == NOTE.event
    line = json.loads(dump_record(NOTE)) | {"v": 0, "event": old}
    assert load_record(json.dumps(line)) == NOTE


@pytest.mark.parametrize("rule", ["the hard floor: rm -rf /", "level 3 lets a read run"])
def test_a_verdict_from_before_the_floor_was_a_field_is_filled_from_its_rule(rule: str):
    now = CallJudged(
        call_id="c",
        verdict=Decision.DENY,
        category=Category.UNKNOWN,
        level=3,
        rule=rule,
        floor=rule.startswith("the hard floor"),
    )
    old = json.loads(dump_event(now))
    del old["floor"]
    text = json.dumps(old)
    line = json.dumps(json.loads(dump_record(NOTE)) | {"event": old})
    assert [load_event(text), load_event(text.encode()), load_record(line).event] == [now] * 3


def test_what_a_verdict_says_of_the_floor_is_not_guessed_again():
    said = CallJudged(
        call_id="c",
        verdict=Decision.DENY,
        category=Category.UNKNOWN,
        level=3,
        rule="the hard floor, a rule that somebody named so",
    )
    assert load_event(dump_event(said)) == said
    assert load_event(dump_event(said).encode()) == said
