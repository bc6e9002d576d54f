"""What is held is not collected; left, it is garbage like any other."""

import gc
import weakref
from collections.abc import Generator

import pytest

from loopdeck.app.view.collecting import held


@pytest.fixture(autouse=True)
def frozen_again() -> Generator[None]:
    """What the tests have imported is nobody's to look through, before or after."""
    yield
    gc.freeze()


class Knot:
    """Refers to itself, so that the collector alone can free it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_loaded_is_not_looked_through_until_it_is_left() -> None:
    was_frozen = gc.get_freeze_count()
    with held(much=True) as loaded:
        assert not gc.isenabled()
        knot = Knot()
        gone = weakref.ref(knot)
        loaded()
        assert gc.isenabled()
        assert gc.get_freeze_count() > was_frozen
        del knot
        gc.collect()
        assert gone() is not None
    gc.collect()
    assert gone() is None
    assert gc.isenabled()


def test_a_small_session_leaves_the_collector_alone() -> None:
    frozen = gc.get_freeze_count()
    with held(much=False) as loaded:
        loaded()
        assert gc.isenabled()
        assert gc.get_freeze_count() <= frozen  # those that die meanwhile are fewer


def test_a_load_that_fails_leaves_nothing_held_and_the_collector_at_work() -> None:
    try:
        with held(much=True):
            raise KeyError
    except KeyError:
        pass
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
