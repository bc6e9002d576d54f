"""Home as lines: what each says at each width."""

from dataclasses import replace
from typing import Any

import pytest

from loopdeck.app.paint.home import Entry, age, empty_lines, entry_line, head_line, key_words
from loopdeck.app.paint.lines import plain, width_of
from tests.support.libraries import summary

SECOND = 1_000_000_000
LONG = "find the three shows that fit my topic and draft a personal pitch to each of their hosts"


@pytest.mark.parametrize("cells", [20, 40, 56, 76, 116, 196])
@pytest.mark.parametrize("goal", ["short", LONG, "翻訳をレビューする" * 9, "a\u202eb\x1b[2J[/]"])
def test_a_session_and_the_heads_fit_their_line(cells: int, goal: str) -> None:
    line = entry_line(Entry(summary("s", goal), "done"), 90 * SECOND, cells)
    assert width_of(line) <= cells
    assert width_of(head_line(cells)) <= cells


@pytest.mark.parametrize("cells", [56, 76, 116, 196])
def test_the_columns_stand_under_their_heads(cells: int) -> None:
    head = plain(head_line(cells))
    line = plain(entry_line(Entry(summary("s", "goal"), "done"), 90 * SECOND, cells))
    assert line.index("goal") == head.index("goal")
    assert line.rindex("12", 0, head.index("steps") + 5) + 2 == head.index("steps") + 5
    assert ("cost" in head) is (cells >= 70)
    assert ("workspace" in head) is (cells >= 110)


def test_a_line_says_state_age_goal_steps_cost_and_place() -> None:
    line = plain(entry_line(Entry(summary("s", "my goal"), "waiting"), 7_300 * SECOND, 130))
    assert " ".join(line.split()) == "◐ waiting for you 2 h my goal 12 $0.25 /home/noor/podcasts"


@pytest.mark.parametrize(
    ("workspace", "shown"),
    [
        ("/home/noor/podcasts/archive/old", "…/archive/old"),
        ("/srv/a-folder-whose-name-is-long", "…/a-folder-whose-name-is-…"),
    ],
)
def test_a_long_folder_is_named_from_its_end(workspace: str, shown: str) -> None:
    far = Entry(replace(summary("s", "my goal"), workspace=workspace), "done")
    assert plain(entry_line(far, 0, 130)).split()[-1] == shown


@pytest.mark.parametrize("why", [{"cut": 1}, {"partly": True}])
def test_a_cost_of_which_not_all_is_known_is_the_least(why: dict[str, Any]) -> None:
    least = replace(summary("s", "my goal"), **why)
    assert "12    ≥ $0.25" in plain(entry_line(Entry(least, "done"), 0, 80))


@pytest.mark.parametrize("cells", [58, 118])
def test_state_and_age_stand_apart(cells: int) -> None:
    waits = Entry(summary("s", "my goal"), "waiting")
    text = plain(entry_line(waits, waits.summary.started + 11 * 60 * SECOND, cells))
    assert "waiting for you 11 min  " in text


def test_several_requests_are_counted() -> None:
    entry = Entry(summary("s", state="waiting", pending=3), "waiting")
    assert "◐ 3 wait for you" in plain(entry_line(entry, 0, 80))


def test_hostile_goals_are_shown_not_obeyed() -> None:
    line = plain(entry_line(Entry(summary("s", "a\u202eb\nc\x1b[2J"), "done"), 0, 80))
    assert "a⟨U+202E⟩b⏎c␛[2J" in line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "now"), (0, "now"), (12, "12 s"), (300, "5 min"), (7_200, "2 h"), (172_800, "2 d")],
)
def test_age_is_in_its_largest_unit(seconds: int, words: str) -> None:
    assert age(seconds * SECOND) == words


@pytest.mark.parametrize("cells", [30, 56, 76, 116])
def test_an_empty_list_teaches_how_to_begin(cells: int) -> None:
    text = " ".join(" ".join(plain(line) for line in empty_lines(cells)).split())
    for word in ("type a goal above", "loopdeck demo", "loopdeck replay demo-pitches", "every key"):
        assert word in text
    assert max(width_of(line) for line in empty_lines(cells)) <= cells


def test_keys_that_do_not_fit_are_left_out_whole() -> None:
    assert plain(key_words([("enter", "open"), ("r", "resume")], 16)) == "enter open   "
