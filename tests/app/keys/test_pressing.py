"""Verbs by their keys: tables of many parts make one, in which no key has two verbs."""

import pytest

from loopdeck.app.keys.pressing import Verbs, gathered


def nothing() -> None:
    """Done."""


def test_tables_become_one() -> None:
    first: Verbs = {"files": nothing}
    second: Verbs = {"chart": test_tables_become_one}
    assert gathered([first, {}, second]) == {**first, **second}


def test_a_key_that_has_a_verb_is_not_given_to_another_part() -> None:
    tables: list[Verbs] = [{"files": nothing, "chart": nothing}, {"back": nothing}]
    with pytest.raises(ValueError, match="more than one part answers to chart"):
        gathered([*tables, {"chart": test_tables_become_one}])
