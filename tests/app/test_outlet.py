"""What is drawn goes to the terminal at once; what it does not take goes after, in order."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import TextIO, cast

from textual.drivers._writer_thread import WriterThread

from loopdeck.app.outlet import Outlet

BIG = "".join(f"row {number} ·\x1b[{number}m" for number in range(20_000))


@contextmanager
def opened() -> Generator[tuple[Outlet, TextIO, int]]:
    """An outlet, the file that it shares with others, and the terminal's own end."""
    own, theirs = os.openpty()
    with os.fdopen(theirs, "w", buffering=1, encoding="utf-8") as file:
        outlet = Outlet(file)
        try:
            yield outlet, file, own
        finally:
            outlet.close()
            os.close(own)


def test_a_terminal_that_takes_it_has_it_at_once_without_a_thread() -> None:
    with opened() as (outlet, _, own):
        assert outlet.at_once("a·")
        assert outlet.at_once("b")
        assert os.read(own, 99) == "a·b".encode()


def test_what_it_does_not_take_now_follows_in_order_and_nobody_waits() -> None:
    with opened() as (outlet, file, own):
        writer = WriterThread(cast("TextIO", outlet))
        texts = ["first", BIG, "next", "last"]
        for text in texts:  # nobody reads: were it waited for, it would be for ever
            if not outlet.at_once(text):
                writer.write(text)
        writer.start()
        wanted, got = "".join(texts).encode(), b""
        while len(got) < len(wanted):
            got += os.read(own, 1 << 16)
        assert got == wanted
        writer.stop()
        assert outlet.at_once("again")
        assert os.read(own, 99) == b"again"
        assert os.get_blocking(file.fileno())


def test_where_there_is_no_terminal_all_of_it_is_for_the_thread() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "w") as file:
        outlet = Outlet(file)
        assert not outlet.at_once("a")
        outlet.write("a")
        outlet.flush()
        assert not outlet.at_once("b")
        assert os.read(read, 9) == b"a"
    os.close(read)


def test_a_terminal_that_is_gone_takes_anything() -> None:
    own, theirs = os.openpty()
    file = os.fdopen(theirs, "w", buffering=1)
    outlet = Outlet(file)
    os.close(own)
    assert outlet.at_once("a")
    assert outlet.at_once(BIG)
    outlet.close()
    assert not outlet.at_once("b")
    file.close()
