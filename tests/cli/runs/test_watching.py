"""What a run without a screen hears and says beside its work: damage, and early signals."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from loopdeck.cli.mcp.board import Board
from loopdeck.cli.runs.watching import AS_LONG, checking, early_signals, watch
from loopdeck.cli.work.run import Run
from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.ports.bulletin import Bulletin
from tests.journal.test_checkup import spoilt
from tests.journal.test_salvage import made


async def test_a_run_in_a_damaged_file_says_so_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = await made(tmp_path / "loopdeck.db")
    async with checking(path):
        pass
    assert capsys.readouterr().err == ""
    spoilt(path)
    async with checking(path):
        pass
    said = capsys.readouterr().err
    assert "is damaged" in said
    assert AS_LONG in said
    assert "loopdeck sessions verify" in said


async def test_a_signal_that_comes_before_a_run_is_watched_stops_it_like_a_later_one() -> None:
    began: list[str] = []

    async def drive() -> Ending:
        began.append("began")
        await asyncio.Event().wait()
        raise AssertionError

    async def follow() -> None:
        await asyncio.Event().wait()

    run = Run("s1", Inbox(), drive, Board(lambda: None), (), Bulletin())
    async with early_signals() as early:
        os.kill(os.getpid(), signal.SIGTERM)
        assert await watch(run, follow(), early=early) == signal.SIGTERM
    assert began == ["began"]  # so that it can say how it stands
