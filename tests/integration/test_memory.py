"""A gigabyte of messages, and a line of a hundred megabytes: neither gets into the memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_MB = 40  # an answer may have eight, as bytes and as text


@pytest.mark.parametrize("over", ["pipes", "http"])
@pytest.mark.parametrize("way", ["flood", "line"])
def test_the_memory_stays_as_it_is(way: str, over: str) -> None:
    words = (sys.executable, "-m", "tests.integration.memory", way, over)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_MB, done.stderr
