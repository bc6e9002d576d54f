"""What a server says of a tool: made harmless, and believed only where it makes things worse."""

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.mcp.offers import MOST_NAME, Hints, category_of, name_of, offer_of

EVIL = "\x1b[2J\u202e"


def test_names_fit_every_vendor_and_differ_where_the_servers_do() -> None:
    assert name_of("git", "git_status") == "mcp__git__git_status"
    odd = {name_of("s", tool) for tool in ("a b", "a.b", "a" * 200, "a" * 201, EVIL)}
    assert len(odd) == 5
    for name in odd:
        assert len(name) <= MOST_NAME
        assert name.isascii()
        assert name.replace("_", "").replace("-", "").isalnum()


def test_what_hides_in_words_is_made_visible_and_too_much_is_cut() -> None:
    schema = {"type": "object", "properties": {"a": {"description": EVIL}}}
    offer = offer_of("s", "t", EVIL + "x" * 5_000, schema, Hints())
    assert "\x1b" not in offer.description
    assert "\u202e" not in offer.description
    assert len(offer.description) < 2_100
    assert "\x1b" not in str(offer.schema_)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "object", "properties": {EVIL: {}}},
        {"type": "object", "description": "x" * 30_000},
        {},
    ],
)
def test_a_schema_that_is_none_says_nothing(schema: dict[str, object]) -> None:
    assert offer_of("s", "t", "", schema, Hints()).schema_ == {"type": "object"}


def test_a_schema_of_any_depth_is_no_danger() -> None:
    deep: dict[str, object] = {"type": "object"}
    for _ in range(400):
        deep = {"type": "object", "properties": {"a": deep}}
    assert offer_of("s", "t", "", deep, Hints()).schema_ == {"type": "object"}


def test_the_mark_changes_with_words_arguments_and_hints_also_where_they_are_cut() -> None:
    schema: dict[str, object] = {"type": "object"}
    long = "x" * 3_000
    marks = {
        offer_of("s", "t", words, arguments, hints).mark
        for words, arguments, hints in (
            (long, schema, Hints()),
            (long + "y", schema, Hints()),
            (long, {**schema, "required": ["a"]}, Hints()),
            (long, schema, Hints(reads=True)),
        )
    }
    assert len(marks) == 4


@pytest.mark.parametrize(
    ("hints", "category", "out"),
    [
        (Hints(), Category.DESTRUCTIVE, True),
        (Hints(reads=True), Category.NETWORK, True),
        (Hints(reads=True, reaches_out=False), Category.READ, False),
        (Hints(reads=False, reaches_out=False), Category.DESTRUCTIVE, False),
        (Hints(destroys=False, reaches_out=False), Category.WRITE, False),
        (Hints(destroys=False), Category.NETWORK, True),
    ],
)
def test_hints_count_for_a_trusted_server_alone(
    hints: Hints, category: Category, *, out: bool
) -> None:
    assert category_of(hints, trusted=True) == (category, out)
    assert category_of(hints, trusted=False) == (Category.DESTRUCTIVE, True)
