"""Names and tags: made fit to keep, and carried by the first line of a recording."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.errors import UsageError
from loopdeck.journal.jsonl import read_records
from loopdeck.journal.labels import label_of, with_label
from loopdeck.session.codec import dump_record, load_record
from loopdeck.session.labels import label
from loopdeck.session.summary import Label
from tests.journal.conformance import session


def test_a_name_is_one_line_and_no_tag_comes_twice() -> None:
    made = label("  the\n parser\t", ["#CI, docs", "ci", "#", "Docs"])
    assert made == Label("the parser", ("CI", "docs"))
    assert label("", []) == Label()


@pytest.mark.parametrize(
    ("name", "tags"), [("x" * 201, []), ("", ["x" * 41]), ("", [f"t{at}" for at in range(21)])]
)
def test_what_is_too_long_is_told(name: str, tags: list[str]) -> None:
    with pytest.raises(UsageError, match="at most") as caught:
        label(name, tags)
    assert caught.value.hint


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=6))
def test_a_recording_carries_its_label_and_reads_the_same(name: str, tags: list[str]) -> None:
    (first, *_) = session("s1")
    made = label(name, tags)
    line = with_label(dump_record(first), made)
    assert load_record(line) == first
    found = json.loads(line).get("label", {"name": "", "tags": []})
    assert label(found["name"], found["tags"]) == made
    assert label(made.name, made.tags) == made


def test_a_line_without_a_label_is_the_line_as_it_was() -> None:
    line = dump_record(session("s1")[0])
    assert with_label(line, Label()) == line


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"label": 3}', '{"label": {"name": 1, "tags": {"a": 1}}}', '"label"', "\xff"],
)
def test_a_label_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(text.encode("latin-1"))
    assert label_of(path).tags == ()


def test_a_labelled_recording_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = session("s1")
    lines = [dump_record(record) for record in records]
    lines[0] = with_label(lines[0], Label("shelf", ("ci",)))
    path.write_text("\n".join(lines) + "\n")
    assert read_records(path) == records
    assert label_of(path) == Label("shelf", ("ci",))
