"""What waits is called out once, and only where nobody has seen it."""

from loopdeck.app.view.unseen import PATIENCE_S, Unseen

LATE = int(PATIENCE_S * 1e9)


def test_who_looks_away_is_called_at_once_and_only_once() -> None:
    unseen = Unseen()
    assert unseen.waits(["a"], 0, 0)
    assert unseen.due(1, 0, here=False)
    assert not unseen.due(LATE, 0, here=False)
    assert not unseen.waits(["a"], LATE, 0)
    assert not unseen


def test_who_is_here_is_called_after_a_while_without_a_touch() -> None:
    unseen = Unseen()
    unseen.waits(["a"], 0, 7)
    assert not unseen.due(LATE - 1, 7, here=True)
    assert unseen.due(LATE, 7, here=True)


def test_what_was_on_the_screen_when_a_key_was_touched_needs_no_call() -> None:
    unseen = Unseen()
    unseen.waits(["a"], 0, 7)
    assert not unseen.due(LATE, 8, here=True)
    assert not unseen.due(LATE, 8, here=False)


def test_another_thing_that_waits_is_another_call() -> None:
    unseen = Unseen()
    unseen.waits(["a"], 0, 0)
    assert unseen.due(0, 0, here=False)
    assert unseen.waits(["a", "b"], 1, 0)
    assert unseen.due(1, 0, here=False)
    unseen.waits([], 2, 0)
    assert unseen.waits(["a"], 3, 0)  # it was answered and is asked again
    assert unseen.due(3, 0, here=False)


def test_what_waited_before_anybody_came_is_not_called_out() -> None:
    unseen = Unseen()
    unseen.waits(["a"], 0, 0)
    unseen.settle()
    assert not unseen.due(LATE, 0, here=False)
