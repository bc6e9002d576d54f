"""A diff that makes a file holds all of it, and no other diff does."""

import pytest

from loopdeck.permissions.contents import mark_of, new_file
from loopdeck.tools.disk.diffs import unified


@pytest.mark.parametrize(
    "content",
    ["a", "a\n", "a\nb", "\n", "\n\n", "+a\n--- /dev/null\n+++ b/g\n", "a\r\nb\r", "\\ No newline"],
)
def test_a_new_file_comes_out_of_its_diff_as_it_went_in(content: str) -> None:
    assert new_file(unified(None, content, "d/f")) == ("d/f", content)


@pytest.mark.parametrize(
    "diff",
    [
        "",
        "x",
        "--- /dev/null",
        "--- /dev/null\n+++ b/f\n",
        unified("a\n", "b\n", "f"),
        unified("a\n", None, "f"),
        unified(None, "a\n", "f") + unified(None, "b\n", "g"),
        unified(None, "b\n", "f", old_note="binary content"),
    ],
)
def test_any_other_diff_makes_none(diff: str) -> None:
    assert new_file(diff) is None


def test_a_mark_tells_contents_apart() -> None:
    assert mark_of(b"a").startswith("1:")
    assert len({mark_of(b"a"), mark_of(b"b"), mark_of(b"ab")}) == 3
