"""A power cut takes away nothing that was acknowledged; the real one is part of `make chaos`."""

from tests.chaos.powercut import torn_sectors


def test_point_18_of_an_unfinished_commit_any_sector_may_be_missing():
    found = torn_sectors(seed=7, rounds=8)
    assert found.acknowledged > 0
    assert found.wrong == []
    assert found.lost == 0
