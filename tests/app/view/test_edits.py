"""Arguments as fields to edit: what goes in comes out, what hides is written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.app.look.themed import ThemedApp
from loopdeck.app.paint.edits import changed, edit_lines
from loopdeck.app.paint.lines import plain
from loopdeck.app.panes.editing import EditScreen
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.edits import fields_of, gather, missing_fields
from loopdeck.session.calls import CallView
from loopdeck.session.values import JsonObject
from tests.support.clock import FakeClock

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


def edited(args: JsonObject, **texts: str) -> JsonObject | str:
    """The arguments after some fields were typed anew."""
    fields = fields_of(args)
    return gather(fields, [texts.get(field.name, field.text) for field in fields])


@given(st.dictionaries(st.text(min_size=1, max_size=6), JSON, max_size=4))
def test_what_is_not_edited_comes_back_as_it_was(args: JsonObject) -> None:
    assert edited(args) == args


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_no_field_shows_a_text_that_hides_something(text: str) -> None:
    (field,) = fields_of({"command": text})
    flat = field.text.replace("\t", " ")
    assert sanitize(flat) == flat


def test_words_are_edited_as_they_are_and_the_rest_as_json() -> None:
    command, timeout = fields_of({"command": "ls\n-l", "timeout": 60})
    assert (command.text, command.literal, command.hint) == ("ls\n-l", False, "")
    assert (timeout.text, timeout.literal, timeout.hint) == ("60", True, "as JSON")
    assert edited({"command": "ls", "timeout": 60}, command="pwd", timeout="5") == {
        "command": "pwd",
        "timeout": 5,
    }


def test_hidden_characters_are_escapes_that_can_be_taken_out() -> None:
    (field,) = fields_of({"command": "ls \u202e\x7f"})
    assert field.text == '"ls \\u202e\\u007f"'
    assert field.hint == "as JSON: it has hidden characters"
    assert edited({"command": "ls \u202e"}, command='"ls"') == {"command": "ls"}


def test_what_is_wrong_is_a_sentence() -> None:
    args: JsonObject = {"timeout": 60, "deep": [1]}
    assert edited(args, timeout="6o") == "“timeout” is not JSON: line 1, column 2."
    assert (
        edited(args, timeout='"60"') == "“timeout” was a number, and what stands there is a text."
    )
    assert edited(args, deep="{}") == "“deep” was a list, and what stands there is a table."
    assert edited(args, timeout="true") == (
        "“timeout” was a number, and what stands there is a yes or no."
    )
    assert edited(args, timeout="NaN") == "“timeout” is not JSON."
    assert edited(args, deep="[" * 100_000) == "“deep” is not JSON."


def test_an_empty_field_of_json_leaves_its_argument_out() -> None:
    assert edited({"command": "ls", "timeout": 60}, timeout=" ") == {"command": "ls"}


def test_the_edit_is_shown_as_was_and_now() -> None:
    was: JsonObject = {"command": "rm -r a\nls", "timeout": 60, "same": 1}
    now: JsonObject = {"command": "rm -r b\nls", "same": 1}
    assert changed(was, now) == ["command", "timeout"]
    lines = [plain(line) for line in edit_lines(was, now, 60)]
    assert any(line.endswith("- rm -r a") for line in lines)
    assert any(line.endswith("+ rm -r b") for line in lines)
    assert "  left out" in lines
    assert [plain(line) for line in edit_lines(was, dict(was), 60)] == ["Nothing is changed yet."]


def test_hidden_characters_in_an_edit_are_shown() -> None:
    text = "\n".join(plain(line) for line in edit_lines({"a": "x"}, {"a": "x\u202e\x1b"}, 60))
    assert "⟨U+202E⟩␛" in text


SCHEMA: JsonObject = {
    "properties": {
        "path": {"type": "string"},
        "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "deep": {"type": "boolean"},
        "mode": {"type": "string"},
        "odd": {"oneOf": []},
    }
}


def added(**texts: str) -> JsonObject | str:
    """The arguments after some were given that the call did not have."""
    args: JsonObject = {"path": "a"}
    fields = (*fields_of(args), *missing_fields(args, SCHEMA))
    return gather(fields, [texts.get(field.name, field.text) for field in fields])


def test_what_a_tool_also_takes_can_be_given_and_is_left_out_otherwise() -> None:
    fields = missing_fields({"path": "a"}, SCHEMA)
    assert [(field.name, field.hint) for field in fields] == [
        ("limit", "not given · a number"),
        ("deep", "not given · true or false"),
        ("mode", "not given · a text"),
        ("odd", "not given · JSON"),
    ]
    assert added() == {"path": "a"}
    assert added(limit="5", mode="fast", odd="[1]") == {
        "path": "a",
        "limit": 5,
        "mode": "fast",
        "odd": [1],
    }


def test_what_is_given_has_to_be_of_the_kind_the_tool_takes() -> None:
    assert added(limit='"5"') == "“limit” is a number, and what stands there is a text."
    assert added(deep="yes") == "“deep” is not JSON: line 1, column 1."


def test_a_schema_of_another_shape_offers_nothing() -> None:
    for schema in ({}, {"properties": [1]}, {"properties": None}):
        assert missing_fields({"path": "a"}, schema) == ()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_keys_of_the_edit_are_named_whole_at_every_size(size: tuple[int, int]) -> None:
    app = ThemedApp[None]()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(EditScreen(FakeClock(), CallView("c1", 1, "shell", {"n": 1}, 3), {}))
        await pilot.pause()
        lines = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] # the only way to read cells
        text = "\n".join(line.text for line in lines)
        assert "ctrl+s approves" in text
        assert "approves nothing" in text
        assert "escape " in text
        assert "…" not in text
