"""Keeps the collector of garbage away from what a long session is made of."""

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager


@contextmanager
def held(*, much: bool) -> Generator[Callable[[], None]]:
    """Load here, then call what is given: from then on nothing that is there is looked through.

    The collector would go through a long session again and again, 80 ms at a time. Left, all of
    it may be garbage. Where there is not `much`, nothing is done.
    """
    if not much:
        yield _nothing
        return
    if not gc.get_freeze_count():
        gc.collect()  # what another session left would be held as well
    gc.disable()
    try:
        yield _hold
    finally:
        gc.unfreeze()
        gc.enable()


def _hold() -> None:
    gc.freeze()
    gc.enable()


def _nothing() -> None:
    pass
