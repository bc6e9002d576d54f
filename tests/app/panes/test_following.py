"""What grows is followed to its end, until its reader scrolls away; numbers are lines."""

import pytest

from loopdeck.app.panes.following import Following


def at_work(*, last: int = 30) -> Following:
    """A text that is followed to this line."""
    following = Following()
    assert not following.turn(speaks=True, other=True, at=0, last=0)
    assert following.made(0, last) == last
    return following


def test_what_grows_is_followed_to_its_last_line() -> None:
    following = at_work(last=30)
    assert not following.turn(speaks=True, other=False, at=30, last=30)
    assert following.made(30, 45) == 45


def test_a_reader_who_scrolls_away_stays_there_until_they_come_back() -> None:
    following = at_work(last=30)
    assert not following.turn(speaks=True, other=False, at=12, last=30)
    assert following.made(12, 45) is None
    assert not following.turn(speaks=True, other=False, at=45, last=45)
    assert following.made(45, 60) == 60


def test_a_smaller_pane_does_not_lose_its_last_line() -> None:
    following = at_work(last=30)
    assert following.made(30, 38) == 38
    assert at_work(last=30).made(22, 22) == 22


@pytest.mark.parametrize(("at", "home"), [(30, True), (7, False)])
def test_at_its_end_only_who_followed_is_taken_to_the_first_line(at: int, *, home: bool) -> None:
    assert at_work(last=30).turn(speaks=False, other=False, at=at, last=30) is home


def test_another_text_begins_at_its_first_line_wherever_its_reader_was() -> None:
    following = at_work(last=30)
    assert following.turn(speaks=False, other=True, at=7, last=30)
    assert following.made(30, 30) is None


def test_what_begins_to_speak_is_followed_where_nobody_has_scrolled() -> None:
    following = Following()
    assert following.turn(speaks=False, other=True, at=0, last=0)
    assert not following.turn(speaks=True, other=False, at=0, last=4)
    assert following.made(0, 4) == 4
    scrolled = Following()
    assert scrolled.turn(speaks=False, other=True, at=0, last=9)
    assert not scrolled.turn(speaks=True, other=False, at=3, last=9)
    assert scrolled.made(3, 12) is None


def test_where_nothing_is_shown_nothing_is_followed() -> None:
    following = at_work(last=30)
    following.forget()
    assert following.made(30, 45) is None
