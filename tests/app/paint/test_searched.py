"""A search that the model's maker made, as it is shown: nobody knows how long it took."""

from loopdeck.app.paint.calls import headline
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.standing import BY_MAKER, SEARCH


def shown(**facts: object) -> str:
    call = CallView("c", 1, SEARCH, {"query": "paint"}, 1, CallStatus.DONE, facts=facts)
    return "".join(part.text for part in headline(call, 60))


def test_its_row_says_whose_it_was_in_the_place_of_a_time() -> None:
    assert shown(**{BY_MAKER: True}).endswith("✓ by its maker")
    assert shown().endswith("✓ <1 ms")
