"""The guard between a key and an approval: its times, and the keys that begin them again."""

from loopdeck.app.view.guard import ARM_NS, BURST_NS, LONGEST_NS, Guard


def test_a_guard_arms_after_its_time_and_forgets_with_another_request() -> None:
    guard = Guard()
    guard.watch("one")
    assert not guard.armed(10**12)
    guard.painted(0)
    assert not guard.armed(ARM_NS - 1)
    assert guard.armed(ARM_NS)
    guard.saw(0.5)
    guard.saw(0.2)
    assert guard.seen == 0.5
    assert not guard.watch("one")
    assert guard.watch("two")
    assert guard.seen == 0.0
    assert not guard.armed(10**12)


def test_what_was_seen_to_its_end_stays_seen_but_has_to_be_looked_at_anew() -> None:
    guard = Guard()
    guard.watch("whole")
    guard.painted(0)
    guard.saw(1.0)
    guard.watch("half")
    guard.saw(0.5)
    guard.watch("")
    assert not guard.seen_all
    guard.watch("half")
    assert guard.seen == 0.0
    guard.watch("whole")
    assert guard.seen_all
    assert not guard.armed(10**12)


def test_a_guard_knows_a_burst_from_a_person() -> None:
    guard = Guard()
    assert guard.pressed(0)
    assert not guard.pressed(BURST_NS - 1)
    assert guard.pressed(2 * BURST_NS)


def test_a_key_that_comes_too_early_begins_the_time_again() -> None:
    guard = Guard()
    guard.watch("one")
    guard.painted(0)
    for at in range(1, 6):  # somebody presses the same key five times a second
        now = at * ARM_NS // 2
        guard.pressed(now)
        assert not guard.armed(now)
    guard.pressed(20 * ARM_NS)
    assert guard.armed(20 * ARM_NS)


def test_keys_from_before_a_request_was_painted_count_against_it() -> None:
    guard = Guard()
    guard.watch("one")
    guard.pressed(ARM_NS // 2)
    guard.painted(0)
    assert not guard.armed(ARM_NS)
    assert guard.armed(ARM_NS + ARM_NS // 2)


def test_a_key_for_an_armed_request_does_not_disarm_it() -> None:
    guard = Guard()
    guard.watch("one")
    guard.painted(0)
    guard.pressed(2 * ARM_NS)
    guard.pressed(2 * ARM_NS + BURST_NS)
    assert guard.armed(2 * ARM_NS + BURST_NS)


def test_early_keys_put_it_off_for_a_while_and_not_for_ever() -> None:
    guard = Guard()
    guard.watch("one")
    guard.painted(0)
    moments = range(0, LONGEST_NS, ARM_NS // 2)
    for now in moments:
        assert not guard.armed(now)
        guard.pressed(now)
    assert guard.armed(LONGEST_NS)
