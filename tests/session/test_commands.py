"""Commands travel between processes as JSON."""

import pytest
from pydantic import ValidationError

from loopdeck.session.commands import (
    COMMAND,
    Answer,
    Approve,
    Command,
    Deny,
    GoOn,
    Interrupt,
    Pause,
    Say,
    SetLevel,
    Steer,
    Stop,
)
from loopdeck.session.values import Limits


@pytest.mark.parametrize(
    "command",
    [
        Approve(call_id="c1", binding="b", args={"path": "a"}),
        Deny(call_id="c1", reason="not now"),
        Answer(ask_id="a1", answer="raise", limits=Limits(steps=9)),
        Say(text="hello"),
        Steer(text="stop"),
        Interrupt(),
        Pause(),
        GoOn(),
        SetLevel(level=2),
        Stop(reason="enough"),
    ],
)
def test_a_command_comes_back_from_its_json(command: Command):
    assert COMMAND.validate_json(COMMAND.dump_json(command)) == command


@pytest.mark.parametrize(
    "line", ['{"type": "rm"}', '{"type": "set_level", "level": 6}', '{"type": "pause", "x": 1}', ""]
)
def test_what_is_no_command_is_refused(line: str):
    with pytest.raises(ValidationError):
        COMMAND.validate_json(line)
