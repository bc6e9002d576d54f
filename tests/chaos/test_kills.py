"""The program is killed at aimed moments and resumed until it is done: `make chaos` in small."""

from pathlib import Path

from tests.chaos.trial import Trial

AIMED = ("call_answered", "the tool begins", "the tool has acted")


async def test_point_16_kills_at_the_moments_that_matter_break_no_promise(tmp_path: Path):
    trial = Trial(tmp_path, 1, kills=3, steps=2, faults=0.0, moments=AIMED)
    found = await trial.run()
    assert found.ok, found
    assert found.kills >= 2
    assert found.unknowns > 0  # a call that may have acted was asked about, and not run again
    assert sorted(trial.plot.times()) == sorted(trial.plot.tasks)
