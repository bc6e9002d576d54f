"""Beside a run it is said that its file is damaged, once, and soon enough for a short one."""

from pathlib import Path

import pytest

from loopdeck.cli.runs.watching import checking
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
    assert "The run goes on" in said
    assert "loopdeck sessions verify" in said
