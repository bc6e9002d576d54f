"""Which files a patch speaks of."""

import pytest

from loopdeck.permissions.shell.patches import MOST, patched, stripped

GIT = (
    "diff --git a/src/a.py b/src/a.py\nindex 1..2 100644\n--- a/src/a.py\n+++ b/src/a.py\n"
    "@@ -1 +1 @@\n-x\n+y\n"
)
GONE = "--- a/gone.py\t2026-01-01 00:00:00\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
MOVED = "diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n"
BLANK = "diff --git a/my file b/my file\nnew file mode 100644\n"
CONTEXT = "*** a/x.c\n--- b/x.c\n***************\n*** 1,2 ****\n! a\n--- 1,2 ----\n! b\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (GIT, {"a/src/a.py", "b/src/a.py"}),
        (GONE, {"a/gone.py"}),
        (MOVED, {"a/old", "b/new", "old", "new"}),
        (BLANK, {"a/my file", "b/my file"}),
        (CONTEXT, {"a/x.c", "b/x.c"}),
        ("Index: x.c\n=====\n", {"x.c"}),
        (GIT + GONE, {"a/src/a.py", "b/src/a.py", "a/gone.py"}),
    ],
)
def test_each_name_that_a_header_holds_is_found(text: str, names: set[str]) -> None:
    found = patched(text)
    assert found is not None
    assert set(found) == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1c1\n< a\n---\n> b\n",
        '--- "a/\\303\\244"\n+++ "b/\\303\\244"\n',
        "".join(f"--- a/{number}\n" for number in range(MOST + 1)),
    ],
    ids=["empty", "no name", "quoted", "too many"],
)
def test_names_that_cannot_be_told_are_none_at_all(text: str) -> None:
    assert patched(text) is None


def test_as_many_parts_are_left_out_as_were_asked_for() -> None:
    assert stripped("a/src/x.py", 1) == ("src/x.py",)
    assert stripped("a//./src/x.py", 2) == ("x.py",)
    assert stripped("/a/x.py", 0) == ("a/x.py",)
    assert stripped("x.py", 1) == ()
    assert stripped("../a/../x.py", 0) == ("x.py",)
    assert stripped("a/src/x.py", None) == ("a/src/x.py", "x.py")
