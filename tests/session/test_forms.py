"""What may stand in a form's fields, and how an answer is taken apart again."""

import pytest

from loopdeck.session.forms import FormField, Kind, as_text, filled, typed

SIZES = ("s", "m", "l")
NAMES = ("small", "middle", "large")


def field(kind: Kind = "text", **more: object) -> FormField:
    return FormField.model_validate({"name": "x", "kind": kind, **more})


@pytest.mark.parametrize(
    ("one", "text", "value"),
    [
        (field(), " words ", "words"),
        (field(least=3), "ab", None),
        (field(form="email"), "ada@example.org", "ada@example.org"),
        (field(form="email"), "ada", None),
        (field(form="uri"), "see https://x.y", None),
        (field(form="date"), "2026-02-03", "2026-02-03"),
        (field("boolean"), "Yes", True),
        (field("boolean"), "maybe", None),
        (field("integer"), "7", 7),
        (field("integer"), "7.5", None),
        (field("number", most=9), "7.5", 7.5),
        (field("number", most=9), "10", None),
        (field("number"), "nan", None),
        (field("number"), "inf", None),
        (field("choice", options=SIZES), "m", "m"),
        (field("choice", options=SIZES, titles=NAMES), "middle", "m"),
        (field("choice", options=SIZES), "xl", None),
        (field("choices", options=SIZES), "l, s, l", ["l", "s"]),
        (field("choices", options=SIZES), "l, xl", None),
        (field("choices", options=SIZES, least=2), "l", None),
    ],
)
def test_a_value_is_what_is_wanted_or_the_sentence_says_what_is(
    one: FormField, text: str, value: object
) -> None:
    found = filled([one], {"x": text})
    if value is None:
        assert isinstance(found, str)
        assert found.startswith(f"“x” wants {one.wants}")
    else:
        assert found == {"x": value}


def test_what_may_be_empty_is_left_out_and_what_may_not_is_asked_for() -> None:
    assert filled([field()], {}) == {}
    assert "has to be filled in" in str(filled([field(required=True)], {"x": " "}))


def test_an_answer_is_lines_or_json_and_comes_apart_as_it_was() -> None:
    fields = (field(), field("integer").model_copy(update={"name": "y"}))
    for texts in ({"x": "a: b", "y": "3"}, {"x": "two\nlines", "y": "3"}):
        assert filled(fields, typed(fields, as_text(texts))) == {"x": texts["x"], "y": 3}
    assert filled(fields, typed(fields, '{"x": "a", "y": 3}')) == {"x": "a", "y": 3}
    assert typed(fields, "x: a; b; y: 3") == {"x": " a; b", "y": " 3"}
    assert typed(fields[:1], "just words") == {"x": "just words"}
    assert typed(fields, "just words") == {}
