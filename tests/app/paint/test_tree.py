"""JSON as a tree: what is open, what folds, and that nothing of it is lost."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.paint.tree import LARGEST, parsed, twigs

TEXT = '{"name": "Ada Hour", "episodes": [{"no": 41, "ok": true}, {"no": 42}], "next": null}'


def shown(text: str, *flipped: str, cells: int = 60) -> list[str]:
    """The lines of a JSON text."""
    value = parsed(text)
    assert value is not None
    return [plain(twig.line) for twig in twigs(value, cells, frozenset(flipped))]


def test_small_branches_below_the_first_begin_open_and_deeper_ones_folded() -> None:
    assert shown(TEXT) == [
        "▾ {3 keys}",
        "    name  Ada Hour",
        "  ▾ episodes  [2 items]",
        "    ▸ 0  {2 keys}  no 41",
        "    ▸ 1  {1 key}  no 42",
        "    next  null",
    ]


def test_a_branch_that_is_flipped_is_the_other_way() -> None:
    assert shown(TEXT, "$.1") == [
        "▾ {3 keys}",
        "    name  Ada Hour",
        "  ▸ episodes  [2 items]",
        "    next  null",
    ]
    assert "        no  41" in shown(TEXT, "$.1.0")


def test_a_long_list_is_shown_a_page_at_a_time() -> None:
    text = json.dumps(list(range(250)))
    rows = shown(text)
    assert len(rows) == 102
    assert rows[-1] == "  ▸ … 150 more"
    assert shown(text, "$+0")[-1] == "  ▸ … 50 more"
    assert len(shown(text, "$+0", "$+1")) == 251


def test_a_long_text_folds_out_with_its_line_breaks() -> None:
    text = json.dumps({"log": "first\nsecond " + "x" * 80})
    assert shown(text)[1].startswith("  ▸ log  first⏎second xxx")
    rows = shown(text, "$.0")
    assert rows[1] == "  ▾ log  93 characters"
    assert rows[2] == "      first"


def test_numbers_stand_as_they_were_written_and_a_key_that_comes_twice_is_seen_twice() -> None:
    rows = shown('{"a": 1.10, "a": 1e5, "b": 123456789012345678901234567890}')
    assert [row.strip() for row in rows[1:]] == [
        "a  1.10",
        "a  1e5",
        "b  123456789012345678901234567890",
    ]


def test_what_acts_on_a_terminal_is_made_visible_in_keys_and_values() -> None:
    rows = shown(json.dumps({"\x1b[2Jkey": "\x1b]52;c;x\x07"}))
    assert "\x1b" not in "".join(rows)
    assert "␛" in rows[1]


def test_what_is_no_json_or_too_much_of_it_is_none() -> None:
    assert parsed("{not json") is None
    assert parsed('"only words"') is None
    assert parsed("[" * 100_000) is None
    assert parsed("[" + " " * LARGEST + "]") is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=90),
    lambda child: st.lists(child, max_size=4) | st.dictionaries(st.text(max_size=9), child),
    max_leaves=12,
)


@settings(max_examples=25)
@given(st.lists(_JSON, max_size=5), st.integers(20, 90))
def test_no_line_of_any_tree_is_too_wide(value: list[object], cells: int) -> None:
    tree = parsed(json.dumps(value))
    assert all(width_of(twig.line) <= cells for twig in twigs(tree, cells, frozenset({"$.0"})))
