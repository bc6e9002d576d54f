"""Nothing acknowledged is lost and nothing is half there, wherever a writer is stopped."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from loopdeck.errors import JournalError
from loopdeck.journal.checking import differs, unsound
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.invariants import problems
from loopdeck.session.reducer import project
from tests.journal.keeping import everything, lifelike

ROOT = Path(__file__).parents[2]
KILLS = 50


async def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path):
    seed = int.from_bytes(os.urandom(4), "big")
    path = tmp_path / "loopdeck.db"
    kennel = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.journal.kennel", str(path), str(seed), str(KILLS)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await kennel.communicate()
    assert kennel.returncode == 0, f"seed {seed}"
    rounds = [tuple(map(int, line.split())) for line in said.splitlines()]
    assert len(rounds) == KILLS
    assert all(acknowledged <= kept for acknowledged, kept in rounds), f"seed {seed}: {rounds}"
    assert sum(acknowledged > 0 for acknowledged, _ in rounds) > KILLS // 2
    async with await SqliteJournal.open(path) as journal:
        records = await everything(journal)
        assert len(records) == rounds[-1][1]
        assert list(problems(records)) == []
        assert await unsound(journal) == []
        (line,) = await journal.summaries()
        assert differs(line, records) == ""
        assert len(await journal.marks("s1")) == len(records)
        assert not journal.is_live("s1")


@pytest.mark.parametrize("seed", range(4))
async def test_a_write_that_fails_anywhere_leaves_all_of_a_batch_or_nothing(
    tmp_path: Path, seed: int
):
    random, records = Random(seed), lifelike(12, seed=seed)
    failed = 0
    async with await SqliteJournal.open(tmp_path / "loopdeck.db") as journal:
        journal.claim("s1")
        at = 0
        while at < len(records):
            batch = records[at : at + random.randint(1, 9)]
            after = at + len(batch)
            steps = random.randint(1, 40)
            await journal.run(lambda db, n=steps: db.set_progress_handler(_fails_after(n), 20))
            try:
                await journal.append(batch, project(records[:after]))
            except JournalError:
                failed += 1
                after = at
            await journal.run(lambda db: db.set_progress_handler(None, 0))
            assert await journal.head("s1") == after
            at = after
        assert failed > 5
        assert await everything(journal) == records
        assert await unsound(journal) == []
        (line,) = await journal.summaries()
        assert differs(line, records) == ""


def _fails_after(looks: int) -> Callable[[], int]:
    left = [looks]

    def handler() -> int:
        left[0] -= 1
        return int(left[0] == 0)

    return handler
