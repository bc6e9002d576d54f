"""What comes from outside can be stored and comes back the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.codec import dump_event, load_event
from loopdeck.session.events import CallFinished, CallProposed
from loopdeck.session.plain import TOO_DEEP, plain_json, plain_text

ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF))  # halves included
ANY_DATA: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(ANY_TEXT | st.none(), inner)
    ),
    max_leaves=8,
)


@given(ANY_TEXT)
def test_any_text_becomes_storable(text: str):
    plain_text(text).encode()


@given(st.text())
def test_storable_text_stays_as_it_is(text: str):
    assert plain_text(text) == text


@given(st.dictionaries(ANY_TEXT, ANY_DATA, max_size=3))
def test_whatever_arguments_a_model_sends_are_read_back_as_they_were_kept(args: dict[str, Any]):
    event = CallProposed(call_id="c1", step=1, tool="shell", args=args)
    assert load_event(dump_event(event)) == event


def test_a_file_name_that_is_not_utf8_can_be_recorded():
    name = b"caf\xe9.txt".decode(errors="surrogateescape")
    event = CallFinished(call_id="c1", ok=True, output=name, files=(name, "plain.txt"))
    assert event.files == ("caf�.txt", "plain.txt")
    assert load_event(dump_event(event)) == event


@pytest.mark.parametrize("depth", [63, 64, 300])
def test_arguments_nested_without_end_are_cut_where_they_could_not_be_read_back(depth: int):
    value: Any = "core"
    for _ in range(depth):
        value = [value]
    event = CallProposed(call_id="c1", step=1, tool="shell", args={"x": value})
    text = dump_event(event)
    assert (TOO_DEEP in text) == (depth >= 64)
    assert load_event(text) == event


def test_numbers_json_does_not_have_become_null():
    assert plain_json({"x": [float("nan"), float("inf"), 1.5]}) == {"x": [None, None, 1.5]}
