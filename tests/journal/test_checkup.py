"""Damage that a run would not come upon is found beside it, in a bounded time."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.journal.checkup import MOST_S, check_up, look_over
from loopdeck.journal.sqlite import SqliteJournal
from tests.journal.test_salvage import made, spoil


def never() -> bool:
    return False


def spoilt(path: Path) -> Path:
    """Damaged where only one index is."""
    with closing(sqlite3.connect(path)) as db:
        (root,) = db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'marks_of_calls'"
        ).fetchone()
    spoil(path, root - 1)
    return path


async def test_damage_is_found_beside_a_writer_and_none_in_a_sound_file(tmp_path: Path) -> None:
    path = await made(tmp_path / "loopdeck.db")
    async with await SqliteJournal.open(path) as journal:
        assert await check_up(path) is None
        assert len(await journal.ids()) == 3
    spoilt(path)
    async with await SqliteJournal.open(path) as journal:
        assert len(await journal.ids()) == 3  # which does not come upon it
        error = await check_up(path)
    assert error is not None
    assert "is damaged" in str(error)
    assert "sessions verify" in error.hint


async def test_what_was_cut_short_or_emptied_is_damaged(tmp_path: Path) -> None:
    path = await made(tmp_path / "loopdeck.db")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert look_over(path, never) is not None
    path.write_bytes(b"no database, but long enough to be taken for one" * 100)
    assert look_over(path, never) is not None


async def test_nothing_is_said_where_there_is_no_time_to_look(tmp_path: Path) -> None:
    path = spoilt(await made(tmp_path / "loopdeck.db"))
    assert look_over(path, never) is not None
    assert look_over(path, never, most=path.stat().st_size - 1) is None
    assert look_over(tmp_path / "none.db", never) is None


async def test_a_look_that_takes_too_long_or_is_not_wanted_any_more_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = spoilt(await made(tmp_path / "loopdeck.db"))
    monkeypatch.setattr("loopdeck.journal.checkup.STEPS", 10)
    times = iter((0.0, *[MOST_S / 2] * 3, *[MOST_S * 2] * 1_000))
    assert look_over(path, never, clock=lambda: next(times)) is None
    assert look_over(path, lambda: True) is None


async def test_who_is_cancelled_does_not_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def slow(_path: Path, enough: Callable[[], bool]) -> None:
        begun.set()
        while not enough():
            ended.wait(0.001)
        ended.set()

    monkeypatch.setattr("loopdeck.journal.checkup.look_over", slow)
    looking = asyncio.ensure_future(check_up(tmp_path / "loopdeck.db"))
    await asyncio.to_thread(begun.wait)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert await asyncio.to_thread(ended.wait, 20)
