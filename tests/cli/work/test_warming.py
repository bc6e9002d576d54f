"""What the first steps need is loaded ahead, in an order, and not by the loop's thread."""

import subprocess
import sys
import threading

import pytest

from loopdeck.cli.work import warming
from loopdeck.cli.work.warming import HARMLESS, warm
from loopdeck.errors import LoopdeckError
from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment, Category

Done = list[tuple[str, bool]]


class Cold:
    """A model that says when it is warmed up, or cannot be."""

    def __init__(self, done: Done, fault: LoopdeckError | None = None) -> None:
        self._done = done
        self._fault = fault

    async def warm_up(self) -> None:
        """Load nothing."""
        self._done.append(("model", True))
        if self._fault is not None:
            raise self._fault


def watched(monkeypatch: pytest.MonkeyPatch, done: Done) -> None:
    """Have it said what is judged, and whether the loop's thread did it."""
    loop = threading.current_thread()

    def seen(command: str) -> Assessment:
        done.append((command, threading.current_thread() is loop))
        return classify(command)

    monkeypatch.setattr(warming, "classify", seen)


async def test_the_model_comes_first_and_the_judge_is_loaded_in_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: Done = []
    watched(monkeypatch, done)
    await warm(Cold(done))
    assert done == [("model", True), (HARMLESS, False)]
    assert classify(HARMLESS).category is Category.READ


async def test_a_model_that_cannot_be_loaded_is_told_by_its_first_request_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: Done = []
    watched(monkeypatch, done)
    with pytest.raises(LoopdeckError):
        await warm(Cold(done, LoopdeckError("There is no client.")))
    assert done == [("model", True)]


def test_after_it_the_first_command_loads_nothing_more() -> None:
    code = (
        "import sys; from loopdeck.cli.work.warming import HARMLESS, classify;"
        "classify(HARMLESS); before = set(sys.modules); classify('grep -rn x src | head');"
        "print(sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
