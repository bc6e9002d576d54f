"""The scenarios for clients of the public conformance suite, with our own client in them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import needs
from tests.integration.installing import CONFORMANCE

ROOT = Path(__file__).parents[2]
CLIENT = f"{sys.executable} -m tests.integration.client"
SCENARIOS = ("initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry")


def run(scenario: str) -> str:
    """What the suite says of a scenario; it fails unless all of its checks are met."""
    node, suite = CONFORMANCE.program("node"), CONFORMANCE.program("conformance")
    words = (node, suite, "client", "--command", CLIENT, "--scenario", scenario)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@needs(CONFORMANCE)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_is_met(scenario: str) -> None:
    assert "0 failed" in run(scenario)
