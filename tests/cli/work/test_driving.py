"""A run whose own code fails is over, and its log says so."""

import asyncio
import os
import signal
import sys

import pytest

from loopdeck.errors import ConfigError
from tests.e2e.saying import DONE
from tests.support.program import Program, answering


def ended(program: Program) -> tuple[object, object]:
    """How the last session ended, by its log; it is free for others then."""
    (line,) = program.listed()
    assert line["state"] == "failed"
    event = program.shown().events[-1]
    assert (event["type"], event["outcome"]) == ("session_ended", "failed")
    assert program("sessions", "delete", "last", "--yes").code == 0
    return line["state"], event["text"]


def test_an_agent_that_cannot_be_loaded_has_failed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "loopdeck.cli.work.agents", None)
    with answering(monkeypatch, [DONE]):
        ran = program.run()
    assert ran.code == 1
    assert "Something went wrong inside Loopdeck" in ran.err
    assert f"The details are in {program.home / 'log' / 'loopdeck.log'}" in ran.err
    assert "Traceback" not in ran.err
    assert ended(program)[1] == "Something went wrong inside Loopdeck."
    assert "ModuleNotFoundError" in (program.home / "log" / "loopdeck.log").read_text()


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (ZeroDivisionError("inside"), "Something went wrong inside Loopdeck."),
        (ConfigError("The rules are gone."), "The rules are gone."),
    ],
)
def test_an_agent_that_fails_in_its_first_task_has_failed(
    fault: Exception, text: str, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("loopdeck.cli.work.agents.probe", broken)
    with answering(monkeypatch, [DONE]):
        ran = program.run()
    assert ran.code == 1
    assert ran.events[-1]["text"] == text
    assert ended(program)[1] == text


def test_a_signal_before_the_agent_has_begun_pauses_its_session(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Future()

    monkeypatch.setattr("loopdeck.cli.work.agents.probe", slow)
    with answering(monkeypatch, [DONE]) as server:
        ran = program.run()
        assert ran.code == 128 + signal.SIGINT
        assert "is paused: it got signal 2" in ran.err
        assert program.listed()[0]["state"] == "paused"
        assert program.shown().events[-1]["type"] == "session_paused"
        assert server.bodies == []
