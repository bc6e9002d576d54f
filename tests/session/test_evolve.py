"""`evolve` copies like `dataclasses.replace`."""

from dataclasses import replace

import pytest

from loopdeck.session.evolve import evolve
from loopdeck.session.state import Phase, SessionState


def test_evolve_gives_what_replace_gives():
    state = SessionState(goal="tidy", step=2)
    assert evolve(state, step=3, phase=Phase.ACTING) == replace(state, step=3, phase=Phase.ACTING)


def test_the_first_value_stays_as_it_was():
    state = SessionState(step=2)
    evolve(state, step=3)
    assert state == SessionState(step=2)


def test_a_field_that_does_not_exist_is_refused():
    with pytest.raises(TypeError, match="no field stp"):
        evolve(SessionState(), stp=3)
