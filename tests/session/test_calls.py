"""What of its arguments tells a call from others."""

import pytest

from loopdeck.session.calls import about
from loopdeck.session.values import JsonObject


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"content": "x", "path": "a.txt"}, "a.txt"),
        ({"path": None}, "null"),
        ({"path": ["ä", True]}, '["ä", true]'),
        ({"content": "x"}, ""),
    ],
)
def test_a_call_is_told_by_its_argument_as_the_model_wrote_it(args: JsonObject, told: str) -> None:
    assert about(args) == told
