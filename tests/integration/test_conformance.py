"""The scenarios for clients of the public conformance suite, with our own client in them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import needs
from tests.integration.installing import CONFORMANCE

ROOT = Path(__file__).parents[2]
CLIENT = f"{sys.executable} -m tests.integration.client"
PLAIN = ("initialize", "tools_call", "elicitation-sep1034-client-defaults", "sse-retry")
# One of a login is not among them: in 2025-03-26-oauth-metadata-backcompat the server's metadata
# name another issuer than the server, which is refused. Nor are three that need no human.
LOGINS = (
    "metadata-default",
    "metadata-var1",
    "metadata-var2",
    "metadata-var3",
    "basic-cimd",
    "scope-from-www-authenticate",
    "scope-from-scopes-supported",
    "scope-omitted-when-undefined",
    "scope-step-up",
    "scope-retry-limit",
    "token-endpoint-auth-basic",
    "token-endpoint-auth-post",
    "token-endpoint-auth-none",
    "pre-registration",
    "2025-03-26-oauth-endpoint-fallback",
    "resource-mismatch",
    "offline-access-scope",
    "offline-access-not-supported",
)
SCENARIOS = (*PLAIN, *(f"auth/{name}" for name in LOGINS))


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
