"""The net change of a file, from the diffs of its changes alone."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.session.netdiff import net_diff
from loopdeck.tools.disk.diffs import unified

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "def f():"]), max_size=12)
TEXTS = LINES.map(lambda lines: "".join(f"{line}\n" for line in lines))


def numbered(*changed: tuple[int, str], count: int = 40) -> str:
    """Forty lines, some of them changed."""
    other = dict(changed)
    return "".join(f"{other.get(at, f'line {at}')}\n" for at in range(1, count + 1))


def steps(*texts: str | None) -> list[str]:
    """The diff of each change."""
    return [unified(old, new, "a.py") for old, new in pairwise(texts) if old != new]


def applied(old: str, diff: str) -> str:
    """What a plain patch program would make of the old text."""
    lines, out, at = old.splitlines(), list[str](), 0
    for row in diff.splitlines()[2:]:
        if row.startswith("@@"):
            start, _, count = row.split()[1][1:].partition(",")
            begin = int(start) - (count != "0")
            out += lines[at:begin]
            at = begin
        elif row.startswith("+"):
            out.append(row[1:])
        else:
            assert lines[at] == row[1:]
            out += [lines[at]] if row.startswith(" ") else []
            at += 1
    return "".join(f"{line}\n" for line in out + lines[at:])


def test_one_change_is_told_as_it_was() -> None:
    (diff,) = steps(numbered(), numbered((20, "new")))
    assert net_diff([diff]) == diff


def test_a_change_of_a_change_is_one_change() -> None:
    found = net_diff(steps(numbered(), numbered((20, "new")), numbered((20, "newer"))))
    assert found == steps(numbered(), numbered((20, "newer")))[0]


def test_changes_far_apart_stay_hunks_of_their_own() -> None:
    both = numbered((5, "five"), (30, "thirty"))
    found = net_diff(steps(numbered(), numbered((30, "thirty")), both))
    assert found == steps(numbered(), both)[0]


def test_what_was_undone_is_no_change() -> None:
    assert net_diff(steps(numbered(), numbered((3, "x")), numbered())) == ""


def test_a_file_that_was_made_and_deleted_again_leaves_nothing() -> None:
    assert net_diff(steps(None, "one\n", "two\n", None)) == ""


def test_a_file_that_was_made_and_changed_is_new_with_its_last_words() -> None:
    assert net_diff(steps(None, "one\n", "one\ntwo")) == steps(None, "one\ntwo")[0]


def test_diffs_with_a_change_of_somebody_else_between_them_have_no_net() -> None:
    first = steps(numbered(), numbered((20, "ours")))
    second = steps(numbered((20, "theirs")), numbered((20, "again")))
    assert net_diff([*first, *second]) is None


def test_a_note_in_the_place_of_old_content_has_no_net() -> None:
    assert net_diff([unified("", "new\n", "a.bin", old_note="binary, 3 bytes")] * 2) is None


@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_the_net_of_any_changes_leads_from_the_first_text_to_the_last(texts: list[str]) -> None:
    net = net_diff(steps(*texts))
    assert net is not None
    assert applied(texts[0], net) == texts[-1]
    assert (net == "") == (texts[0] == texts[-1])
