"""Which sandbox this machine has: tried once per boot, remembered in a private file."""

import asyncio
import contextlib
import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from loopdeck import __version__
from loopdeck.tools.commands.trial import SYSTEM_PATH, Trial, attempt
from loopdeck.tools.sandbox import bubblewrap
from loopdeck.tools.sandbox.backend import Backend, Sandbox

_FORM = 5  # of the test and of the file; a new test is not answered by an old result
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Probe:
    """What was tried, best first, and the sandbox that passed."""

    sandbox: Sandbox | None
    trials: tuple[Trial, ...]


async def probe(
    home: Path,
    own: Sequence[Path],
    *,
    memory: Path | None = None,
    anew: bool = False,
    boot_id: Path = BOOT_ID,
) -> Probe:
    """The best sandbox that holds here. `memory` is the file that remembers it until the next boot.

    With `anew` it is written and not read.

    Never raises: a machine on which nothing works has no sandbox.
    """
    candidates = _candidates(home, tuple(own))
    mark = await asyncio.to_thread(_mark, candidates, boot_id)
    trials = _recall(memory, mark) if memory is not None and mark and not anew else None
    if trials is None:
        trials = await _try(candidates)
        if memory is not None and mark:
            with contextlib.suppress(OSError):  # it is tried again the next time
                _remember(memory, mark, trials)
    return _best(candidates, trials)


def remembered(home: Path, own: Sequence[Path], memory: Path) -> Probe | None:
    """What was found since the last boot, without trying anything; None where nothing was tried."""
    candidates = _candidates(home, tuple(own))
    mark = _mark(candidates, BOOT_ID)
    trials = _recall(memory, mark) if mark else None
    return None if trials is None else _best(candidates, trials)


def _best(candidates: Sequence[Sandbox], trials: Sequence[Trial]) -> Probe:
    passed = {trial.backend for trial in trials if trial.passed}
    found = next((sandbox for sandbox in candidates if sandbox.backend in passed), None)
    return Probe(found, tuple(trials))


async def _try(candidates: Sequence[Sandbox]) -> list[Trial]:
    """Try one after the other until one holds."""
    trials: list[Trial] = []
    for sandbox in candidates:
        if not sandbox.program:
            trials.append(Trial(sandbox.backend, passed=False, says="it is not installed"))
            continue
        trials.append(await attempt(sandbox))
        if trials[-1].passed:
            break
    return trials


def _candidates(home: Path, own: tuple[Path, ...]) -> tuple[Sandbox, ...]:
    if sys.platform != "linux":
        return ()
    bwrap = shutil.which(bubblewrap.PROGRAM, path=SYSTEM_PATH) or ""
    return (
        Sandbox(Backend.BUBBLEWRAP, home, own, bwrap, bubblewrap.room(bwrap)),
        Sandbox(Backend.LANDLOCK, home, own, sys.executable),
    )


def _mark(candidates: Sequence[Sandbox], boot_id: Path) -> str:
    """What a result is good for; nothing where boots cannot be told apart."""
    try:
        boot = boot_id.read_text("ascii").strip()
        programs = [_identity(sandbox.program) for sandbox in candidates if sandbox.program]
    except OSError:
        return ""
    facts = (_FORM, __version__, boot, platform.release(), os.getuid(), sys.version, programs)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _identity(program: str) -> tuple[str, int, int, int]:
    info = Path(program).stat()
    return program, info.st_ino, info.st_size, info.st_mtime_ns


def _recall(memory: Path, mark: str) -> list[Trial] | None:
    """The trials of this boot; None for a file that is missing, old, foreign or broken."""
    try:
        handle = os.open(memory, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            info = os.fstat(file.fileno())
            if info.st_uid != os.getuid() or info.st_mode & 0o077:
                return None
            stored = cast("dict[str, Any]", json.loads(file.read(1 << 16)))
        if stored["mark"] != mark:
            return None
        return [
            Trial(Backend(item["backend"]), item["passed"] is True, str(item["says"]))
            for item in stored["trials"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(memory: Path, mark: str, trials: Sequence[Trial]) -> None:
    """Write the file beside its place and move it there: readers see all of it or the old one."""
    stored = {
        "mark": mark,
        "trials": [
            {"backend": trial.backend, "passed": trial.passed, "says": trial.says}
            for trial in trials
        ],
    }
    memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = memory.with_name(f"{memory.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(stored, file)
    beside.replace(memory)
