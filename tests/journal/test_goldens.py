"""What earlier versions kept is opened, copied first, brought up to date, and means the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.checking import differs, unsound
from loopdeck.journal.memory import MemoryJournal
from loopdeck.journal.migrations import MIGRATIONS
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.invariants import problems
from loopdeck.session.reducer import project
from loopdeck.tools.registry import BuiltinToolbox
from tests.journal.goldens import golden, unpack
from tests.journal.keeping import everything

VERSIONS = range(1, len(MIGRATIONS) + 1)
ASKED = 6  # from here on a run whose check fails for the third time asks, and does not end


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def test_there_is_a_database_of_every_version():
    assert [version for version in VERSIONS if not golden(version).exists()] == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_database_of_an_earlier_version_is_copied_opened_and_read(
    tmp_path: Path, version: int
):
    path = unpack(version, tmp_path)
    before = dump(path)
    async with await SqliteJournal.open(path) as journal:
        lines = await journal.summaries()
        sessions = {line.id: await everything(journal, line.id) for line in lines}
        assert await unsound(journal) == []
    states = ["waiting", "waiting"] if version >= ASKED else ["failed", "waiting"]
    assert sorted(line.state for line in lines) == states
    assert sum(map(len, sessions.values())) == 174
    for line in lines:
        assert list(problems(sessions[line.id])) == []
        # The line was written by the version of then, and is held against the fold of today.
        assert differs(line, sessions[line.id]) == ""
    copy = path.with_name(f"loopdeck.db.v{version}.bak")
    assert copy.exists() == (version < len(MIGRATIONS))
    if copy.exists():
        assert dump(copy) == before


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_approval_that_waited_in_an_earlier_version_waits_on(tmp_path: Path, version: int):
    async with await SqliteJournal.open(unpack(version, tmp_path)) as journal:
        (line,) = [line for line in await journal.summaries() if "podcast" in line.goal]
        state = project(await everything(journal, line.id))
    (waiting,) = state.waiting
    assert (waiting.tool, waiting.args["path"]) == ("write_file", "scratch/shortlist.md")
    assert waiting.binding


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_harness_of_today_does_what_an_earlier_one_did(tmp_path: Path, version: int):
    async with await SqliteJournal.open(unpack(version, tmp_path)) as journal:
        sessions = [await everything(journal, line.id) for line in await journal.summaries()]
    for records in sessions:
        found = await rerun(records, Props(MemoryJournal.of, BuiltinToolbox(Path("/")).specs))
        assert found.divergence is None
