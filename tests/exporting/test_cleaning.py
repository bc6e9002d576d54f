"""Secrets are taken out of records that leave, and what was taken is told."""

import pytest
from hypothesis import given, settings

from loopdeck.cli.console import printable_json
from loopdeck.exporting.cleaning import cleaned
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.codec import dump_record, load_record
from loopdeck.session.events import CallFinished, CallProposed, ModelChunk, ModelReplied
from loopdeck.session.records import Record
from loopdeck.session.values import ThinkingBlock
from tests.support.anyevent import any_records
from tests.support.planting import KEY, VALUE, planted
from tests.support.records import recording, started

REDACTOR = Redactor(b"k" * 32, [VALUE])


def test_a_record_without_a_secret_stays_itself() -> None:
    records = recording([started(), CallFinished(call_id="c1", ok=True, output="fine")])
    clean = cleaned(records, REDACTOR)
    assert all(new is old for new, old in zip(clean.records, records, strict=True))
    assert clean.by_kind == {}


def test_the_report_names_the_event_the_field_and_the_kind() -> None:
    call = CallProposed(call_id="c1", step=1, tool="shell", args={"env": {"K": f"a {KEY} b"}})
    clean = cleaned(recording([started(), call]), REDACTOR)
    (place,) = clean.removed
    assert (place.seq, place.event, place.field, place.kind) == (
        2,
        "call_proposed",
        "args.env.K",
        "key",
    )
    assert KEY not in dump_record(clean.records[1])


def test_marks_that_were_there_are_counted_and_kept() -> None:
    once = cleaned(recording([started(f"use {KEY}")]), REDACTOR)
    twice = cleaned(once.records, REDACTOR)
    assert (twice.by_kind, twice.earlier) == ({}, 1)
    assert twice.records == once.records


def test_a_secret_that_streamed_in_two_halves_leaves_in_none() -> None:
    pieces = [ModelChunk(kind="text", text=text) for text in ("so ", KEY[:20], KEY[20:], " it is")]
    clean = cleaned(recording([started(), *pieces]), REDACTOR)
    texts = [r.event.text for r in clean.records if isinstance(r.event, ModelChunk)]
    assert KEY[:20] not in "".join(texts)
    assert "".join(texts).startswith("so ‹redacted:key:")
    assert len(texts) == len(pieces)


@settings(max_examples=40)
@given(records=any_records())
def test_lines_without_secrets_come_back_as_the_same_records(records: list[Record]) -> None:
    lines = [printable_json(dump_record(one)) for one in cleaned(records, REDACTOR).records]
    assert [load_record(line) for line in lines] == records


def test_reasoning_that_was_changed_loses_its_signature() -> None:
    thought = ThinkingBlock(text=f"it is {KEY}", signature="signed")
    clean = cleaned(recording([ModelReplied(step=1, blocks=(thought,), stop="x")]), REDACTOR)
    event = clean.records[0].event
    assert isinstance(event, ModelReplied)
    assert isinstance(event.blocks[0], ThinkingBlock)
    assert event.blocks[0].signature == ""


def test_equal_ids_stay_equal() -> None:
    call = CallProposed(call_id=f"c {KEY}", step=1, tool="shell", args={})
    done = CallFinished(call_id=f"c {KEY}", ok=True, output="")
    first, second = (r.event for r in cleaned(recording([call, done]), REDACTOR).records)
    assert isinstance(first, CallProposed)
    assert isinstance(second, CallFinished)
    assert first.call_id == second.call_id


@pytest.mark.parametrize("secret", [KEY, VALUE])
@settings(max_examples=25)
@given(records=any_records(max_size=4))
def test_no_text_of_any_event_keeps_a_secret(secret: str, records: list[Record]) -> None:
    dirty = [planted(record, secret) for record in records]
    clean = cleaned(dirty, REDACTOR)
    assert not any(secret in dump_record(record) for record in clean.records)
    assert bool(clean.removed) == any(secret in dump_record(record) for record in dirty)
