"""Waiting looks after each beat, and now and then by itself where others may write."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.journal import watch
from loopdeck.journal.watch import Pulse, written


class Shelf:
    """Something that is looked at; holds nothing until it is told to."""

    def __init__(self) -> None:
        self.found: str | None = None
        self.looks = 0
        self.looked = asyncio.Event()

    async def look(self) -> str | None:
        """What is there."""
        self.looks += 1
        self.looked.set()
        return self.found


async def test_what_is_there_already_is_found_at_the_first_look():
    shelf = Shelf()
    shelf.found = "lamp"
    assert await Pulse().until(shelf.look) == "lamp"
    assert shelf.looks == 1


async def test_a_beat_makes_everybody_look_again():
    pulse, shelf = Pulse(), Shelf()
    waiting = [asyncio.ensure_future(pulse.until(shelf.look, poll=False)) for _ in range(3)]
    await shelf.looked.wait()
    pulse.beat()
    shelf.found = "lamp"
    pulse.beat()
    assert await asyncio.wait_for(asyncio.gather(*waiting), 10) == ["lamp"] * 3


async def test_a_log_that_grows_wakes_only_those_who_wait_for_it():
    pulse, log, mail = Pulse(), Shelf(), Shelf()
    reader = asyncio.ensure_future(pulse.until(log.look, poll=False))
    taker = asyncio.ensure_future(pulse.until(mail.look, poll=False, growth=False))
    await log.looked.wait()
    await mail.looked.wait()
    log.found = mail.found = "lamp"
    pulse.grow()
    assert await asyncio.wait_for(reader, 10) == "lamp"
    assert mail.looks == 1
    pulse.beat()
    assert await asyncio.wait_for(taker, 10) == "lamp"


async def test_a_beat_during_the_look_is_not_missed():
    pulse, shelf = Pulse(), Shelf()

    async def slow_look() -> str | None:
        found = await shelf.look()
        if shelf.looks == 1:
            shelf.found = "lamp"
            pulse.beat()
        return found

    assert await asyncio.wait_for(pulse.until(slow_look, poll=False), 10) == "lamp"


async def test_what_others_do_is_found_without_a_beat():
    pulse, shelf = Pulse(), Shelf()
    waiting = asyncio.ensure_future(pulse.until(shelf.look))
    await shelf.looked.wait()
    shelf.found = "lamp"
    assert await asyncio.wait_for(waiting, 10) == "lamp"


async def test_pauses_between_looks_in_vain_grow_to_a_limit(monkeypatch: pytest.MonkeyPatch):
    pauses: list[float] = []
    shelf = Shelf()

    def at_once(pause: float, job: Callable[[], None]) -> asyncio.Handle:
        pauses.append(pause)
        if len(pauses) == 12:
            shelf.found = "lamp"
        return asyncio.get_running_loop().call_soon(job)

    monkeypatch.setattr(watch, "_later", at_once)
    await Pulse().until(shelf.look)
    assert pauses[0] == watch.FIRST_S
    assert pauses == sorted(pauses)
    assert pauses[-1] == watch.SLOWEST_S


async def test_while_a_sign_stays_the_same_there_are_few_looks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch, "SLOWEST_S", watch.FIRST_S)
    asked, enough = 0, asyncio.Event()

    def sign() -> str:
        nonlocal asked
        asked += 1
        if asked == 3 * watch.TRUST:
            enough.set()
        return "as before"

    shelf = Shelf()
    waiting = asyncio.ensure_future(Pulse(sign).until(shelf.look))
    await asyncio.wait_for(enough.wait(), 10)
    assert shelf.looks <= 3
    shelf.found = "lamp"  # nobody gave a sign, and it is found all the same
    assert await asyncio.wait_for(waiting, 10) == "lamp"


async def test_one_clock_serves_all_who_wait_and_stops_with_the_last(
    monkeypatch: pytest.MonkeyPatch,
):
    planned: list[asyncio.Handle] = []

    def never(_pause: float, job: Callable[[], None]) -> asyncio.Handle:
        planned.append(asyncio.get_running_loop().call_later(3600, job))
        return planned[-1]

    monkeypatch.setattr(watch, "_later", never)
    pulse, shelf = Pulse(), Shelf()
    waiting = [asyncio.ensure_future(pulse.until(shelf.look)) for _ in range(3)]
    await shelf.looked.wait()
    pulse.beat()
    assert len(planned) == 1
    assert not planned[0].cancelled()
    shelf.found = "lamp"
    pulse.beat()
    await asyncio.gather(*waiting)
    assert planned[0].cancelled()


async def test_a_sign_that_differs_makes_it_look():
    shelf, signs = Shelf(), iter(range(100))
    waiting = asyncio.ensure_future(Pulse(lambda: next(signs)).until(shelf.look))
    await shelf.looked.wait()
    shelf.found = "lamp"
    assert await asyncio.wait_for(waiting, 10) == "lamp"


def test_a_commit_of_somebody_else_gives_a_sign(tmp_path: Path):
    path = tmp_path / "loopdeck.db"
    ours, theirs = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    ours.execute("PRAGMA journal_mode = WAL")
    ours.execute("CREATE TABLE lamp (lit INTEGER)")
    sign = written(path)
    before = sign()
    assert sign() == before
    theirs.execute("INSERT INTO lamp VALUES (1)")
    assert sign() != before
    ours.close()
    theirs.close()
    assert sign() != sign()  # the log is gone with the last of them: nothing to rely on
