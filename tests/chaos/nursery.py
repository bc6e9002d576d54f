"""Starts the program quickly, again and again: each start is a fork that has loaded everything.

`python -m tests.chaos.nursery` reads a line of JSON for each start, says the process's number, and
once it has ended its exit code.
"""

import gc
import importlib
import json
import os
import sys
import threading
from typing import Any

PRELOADED = (
    "aiosqlite",
    "anthropic",
    "anthropic.resources.messages",
    "genai_prices",
    "loopdeck.cli.runs.headless",
    "loopdeck.cli.runs.verbs",
    "loopdeck.cli.runs.starting",
    "loopdeck.models.anthropic",
    "loopdeck.tools.registry",
    "tree_sitter_bash",
    "watchfiles",
)


def main() -> None:
    """Start what is asked for, one at a time, until the input ends."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.freeze()
    assert threading.active_count() == 1, "a fork would not take other threads along"
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(_become(json.loads(line)))
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _become(wanted: dict[str, Any]) -> int:
    """Be the program."""
    from loopdeck.cli.main import main as program

    os.setsid()
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number, ours in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(number, ours)
    os.closerange(3, 1_000)
    try:
        return program(wanted["argv"])
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
