"""Commands that print without end, hang, fork and hold on: what of Loopdeck gives way? Nothing."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports.tools import Spool
from loopdeck.tools.commands.capture import Capture
from loopdeck.tools.commands.process import Process
from tests.chaos.trial import processes_in

ROOM = 100_000_000  # bytes of a file
LIMIT_S = 30.0
MOST_MB = 16  # that one of them may add to what is resident
MOST_TEXT = 20_000  # characters that the model gets
LOOK_S = 0.02
COMMANDS: Mapping[str, str] = {
    "1 GB in lines": "yes a line that is like every other line | head -c 1000000000",
    "1 GB without a line end": "head -c 1000000000 /dev/zero | tr '\\0' x",
    "10 million lines": "seq 10000000",
    "50 MB that is no text": "head -c 50000000 /dev/urandom",
    "closes its output early": "echo begun; exec 1>&- 2>&-; sleep 1",
    "reads from nobody": "cat; read -r line; echo $?",
    "300 children": "for i in $(seq 300); do (setsid sleep 300 &); done; echo forked",
    "deaf to TERM, prints on": "trap '' TERM; while :; do echo on; done",
}


@dataclass(frozen=True)
class Flood:
    """What one of them left, and what it took."""

    code: int
    grown_mb: float
    late_ms: float
    text: int
    kept: int
    left: int

    @property
    def ok(self) -> bool:
        """Whether memory, the text and the processes have kept their bounds."""
        return self.grown_mb <= MOST_MB and self.text <= MOST_TEXT and not self.left


def report() -> bool:
    """One after the other; says what was found, and whether all of it is within bounds."""
    ok = True
    for name, command in COMMANDS.items():
        found = asyncio.run(_flood(command))
        ok = ok and found.ok
        sys.stdout.write(
            f"flood: {name}: ended with {found.code}, {found.grown_mb:.0f} MB more, a timer "
            f"{found.late_ms:.0f} ms late, {found.text} characters told, {found.kept / 1e6:.0f} MB "
            f"kept, {found.left} processes left{'' if found.ok else ', which is too much'}\n"
        )
        sys.stdout.flush()
    return ok


async def _flood(command: str) -> Flood:
    with tempfile.TemporaryDirectory(prefix="loopdeck-flood-") as name:
        folder = Path(name).resolve()
        capture = Capture(lambda: Spool(folder, ROOM), Redactor().stream())
        before, late = _resident_mb(), [0.0]
        watching = asyncio.ensure_future(_watch(late))
        limit = 3.0 if "trap" in command else LIMIT_S
        code, _ = await Process(capture, _ignore).run(
            ("/bin/bash", "-c", command), cwd=folder, env={"PATH": os.environ["PATH"]}, limit=limit
        )
        watching.cancel()
        capture.close()
        kept = Path(capture.path).stat().st_size if capture.path else 0
        grown = max(0.0, _resident_mb() - before)
        left = len(processes_in(folder))
        return Flood(code, grown, 1_000 * late[0], len(capture.text()), kept, left)


async def _watch(late: list[float]) -> None:
    """How late the latest timer came: no key would have been seen before it."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        await asyncio.sleep(LOOK_S)
        late[0] = max(late[0], loop.time() - began - LOOK_S)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _ignore(_: str) -> None:
    """Nobody looks at the output."""
