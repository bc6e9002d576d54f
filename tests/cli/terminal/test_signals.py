"""The first signal ends in good order, the second at once."""

import asyncio
import os
import signal
import threading

from loopdeck.cli.terminal.signals import SIGNALS, listening


async def test_the_first_is_told_and_the_second_waits_for_nothing() -> None:
    told, at_once = asyncio.Event(), list[int]()
    before = [signal.getsignal(number) for number in SIGNALS]
    now = iter((7.0, 7.2, 7.4))
    with listening(told.set, at_once.append, clock=lambda: next(now)) as caught:
        os.kill(os.getpid(), signal.SIGTERM)
        await told.wait()
        os.kill(os.getpid(), signal.SIGTERM)  # said twice by who sent it
        assert (caught, at_once) == ([signal.SIGTERM], [])
        os.kill(os.getpid(), signal.SIGINT)
        assert at_once == [signal.SIGINT]
        assert caught == [signal.SIGTERM]
    assert [signal.getsignal(number) for number in SIGNALS] == before


async def test_hanging_up_twice_is_hanging_up_once() -> None:
    told, at_once = asyncio.Event(), list[int]()
    with listening(told.set, at_once.append, patience=600.0) as caught:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGHUP)
        await told.wait()
    assert (caught, at_once) == ([signal.SIGHUP], [])


async def test_time_runs_out_for_who_has_no_terminal_also_once_its_loop_is_over() -> None:
    ended, at_once = threading.Event(), list[int]()

    def end(number: int) -> None:
        at_once.append(number)
        ended.set()

    with listening(lambda: None, end, patience=0.01):
        os.kill(os.getpid(), signal.SIGTERM)
        assert not ended.is_set()
    with listening(lambda: None, end, patience=0.01):
        os.kill(os.getpid(), signal.SIGHUP)
    assert ended.wait(20)
    assert at_once == [signal.SIGHUP]


async def test_a_signal_for_somebody_else_is_none() -> None:
    told, at_once = asyncio.Event(), list[int]()
    with listening(told.set, at_once.append, counts=lambda number: number != 2) as caught:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(0)
    assert (caught, at_once, told.is_set()) == ([], [], False)
