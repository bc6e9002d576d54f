"""What replies cost."""

import pytest

from loopdeck.models.names import DEFAULT_MODEL
from loopdeck.models.prices import Price, PriceBook
from loopdeck.session.values import Usage

MILLION = 1_000_000


def test_the_users_own_price_wins() -> None:
    book = PriceBook({DEFAULT_MODEL: Price(1.0, 2.0, 0.5, 4.0)})
    usage = Usage(input=MILLION, output=MILLION, cache_read=MILLION, cache_write=MILLION)
    assert book.cost(DEFAULT_MODEL, usage) == pytest.approx(7.5)


def test_the_cache_costs_like_input_unless_said() -> None:
    book = PriceBook({"local": Price(1.0, 2.0)})
    assert book.cost("local", Usage(cache_read=MILLION, cache_write=MILLION)) == pytest.approx(2.0)


def test_a_free_model_costs_nothing_which_is_not_the_same_as_unknown() -> None:
    assert PriceBook({"local": Price(0.0, 0.0)}).cost("local", Usage(input=5)) == 0.0


def test_the_default_model_has_a_listed_price_and_cheap_cache_reads() -> None:
    book = PriceBook()
    fresh = book.cost(DEFAULT_MODEL, Usage(input=MILLION))
    cached = book.cost(DEFAULT_MODEL, Usage(cache_read=MILLION))
    both = book.cost(DEFAULT_MODEL, Usage(input=MILLION, cache_read=MILLION))
    assert fresh is not None
    assert cached is not None
    assert 0 < cached < fresh / 2
    assert both == pytest.approx(fresh + cached)


@pytest.mark.parametrize("name", ["no-such-model", "claude-no-such", "gpt-4o", "llama3.2", ""])
def test_an_unknown_or_foreign_name_has_no_price(name: str) -> None:
    assert PriceBook().cost(name, Usage(input=1000)) is None


def test_unknown_usage_has_no_price() -> None:
    assert PriceBook({"local": Price(1.0, 1.0)}).cost("local", Usage()) is None


def test_a_book_is_ready_for_its_own_prices_at_once_and_for_others_once_warm() -> None:
    book = PriceBook({"local": Price(1.0, 1.0)})
    assert book.is_ready("local")
    assert not book.is_ready(DEFAULT_MODEL)
    book.warm_up()
    assert book.is_ready(DEFAULT_MODEL)


def test_what_a_model_takes_is_known_of_listed_ones_once_warm() -> None:
    book = PriceBook({"local": Price(1.0, 1.0)})
    assert book.window(DEFAULT_MODEL) == 0
    book.warm_up()
    assert book.window(DEFAULT_MODEL) >= 200_000
    assert [book.window(name) for name in ("local", "no-such-model", "gpt-4o", "")] == [0] * 4


def test_a_name_that_the_list_does_not_have_is_looked_for_once() -> None:
    book = PriceBook()
    book.warm_up()
    assert book.window("no-such-model") == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr("genai_prices.calc_price")  # so that to look again would raise
        assert book.cost("no-such-model", Usage(input=1000)) is None
    assert book.cost(DEFAULT_MODEL, Usage(input=1000)) is not None
