"""Diffs: right for any two texts, complete in what is new, quick on large ones."""

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.tools.disk.diffs import unified

_TEXT = st.lists(
    st.sampled_from(["a\n", "b\n", "c\n", "\n", "d\r\n", "e\x0bf\n"]), max_size=40
).map("".join)


def patched(old: str, diff: str) -> str:
    """Apply a diff, checking every line it claims to know."""
    source = old.split("\n")
    out: list[str] = []
    at = 0
    for line in diff.split("\n")[2:-1]:
        if line.startswith("@@"):
            spot, _, count = line.split()[1][1:].partition(",")
            start = int(spot) - (count != "0")
            out += source[at:start]
            at = start
        elif line.startswith("\\"):
            continue
        elif line.startswith("+"):
            out.append(line[1:])
        else:
            assert source[at] == line[1:]
            at += 1
            if line.startswith(" "):
                out.append(line[1:])
    return "\n".join(out + source[at:])


@given(_TEXT, _TEXT)
def test_a_diff_leads_from_the_old_text_to_the_new(old: str, new: str) -> None:
    diff = unified(old, new, "x")
    assert (patched(old, diff) if diff else old) == new


def test_a_missing_line_end_is_marked() -> None:
    assert unified("a\n", "a", "x") == (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"
    )


def test_far_changes_are_hunks_of_their_own() -> None:
    old = "".join(f"{n}\n" for n in range(100))
    diff = unified(old, old.replace("10\n", "x\n", 1).replace("90\n", "y\n", 1), "x")
    assert diff.count("@@ -") == 2


def test_a_large_rewrite_does_not_take_for_ever() -> None:
    old = "".join(f"{n % 7}\n" for n in range(60_000))
    new = "".join(f"{n % 5}\n" for n in range(60_000))
    assert unified(old, new, "x").count("\n+") >= 40_000
