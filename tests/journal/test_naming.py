"""A name means one session or none: what could be two is refused."""

import pytest

from loopdeck.errors import UnknownSession
from loopdeck.journal.naming import choose

IDS = ("abc1", "abd2", "xyz3")


def test_a_given_name_means_its_session_and_an_id_always_means_itself() -> None:
    assert choose("the parser", IDS, ["xyz3"]) == "xyz3"
    assert choose("abc1", IDS, ["xyz3"]) == "abc1"  # xyz3 is called like the other's id
    assert choose("last", IDS, ["xyz3"]) == "abc1"
    assert choose("xy", IDS, ["xyz3"]) == "xyz3"


def test_a_name_of_two_or_one_that_begins_anothers_id_is_refused_with_both() -> None:
    with pytest.raises(UnknownSession, match="the parser may mean abc1, xyz3") as caught:
        choose("the parser", IDS, ["abc1", "xyz3"])
    assert "id" in caught.value.hint
    with pytest.raises(UnknownSession, match="abd may mean abd2, xyz3"):
        choose("abd", IDS, ["xyz3"])
