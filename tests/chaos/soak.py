"""Two thousand steps of an agent: its memory, the cost of a step, its descriptors and processes.

Each request of a step is longer than the last one, whoever sends it. So the same steps are walked
by a bare loop over the official client too: what is above that is what Loopdeck costs.
"""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from loopdeck.session.values import JsonObject
from tests.chaos.launching import ROOT, SOURCES
from tests.chaos.trial import processes_in
from tests.support.message_script import Answer, Call, HttpFault, Script, Text
from tests.support.messages_server import MessagesServer
from tests.support.program import command

STEPS, EARLY, AROUND = 2_000, 200, 100
BARE_STEPS = 600  # each costs the bare loop more than the last one
BARE = (sys.executable, str(ROOT / "bench/floors/sdk_loop.py"))
MOST_MEMORY = 1.3
MOST_CPU = 1.3  # of a step, and of what it costs above the bare loop
MOST_MORE = 3  # descriptors and processes: what a step holds while it is looked at


@dataclass(frozen=True)
class Look:
    """What the program holds after so many steps, and how long a known work took just now."""

    step: int
    memory_kb: int
    cpu_s: float
    pace_s: float
    descriptors: int
    threads: int
    tools: int


class Soak:
    """A server that looks at its client with every request, and fails now and then."""

    def __init__(self, steps: int, shed: Path, *, fails: bool) -> None:
        self.looks: list[Look] = []
        self.pid = 0
        self._steps = steps
        self._shed = shed
        self._fails = fails

    def __call__(self, body: JsonObject) -> Answer:
        """One call after another; from the number of replies it has seen, not from the text."""
        step = len(self.looks) + 1
        self.looks.append(look(self.pid, step, self._shed))
        if step > self._steps:
            return Script((Text("Done."),))
        if self._fails and step % 97 == 0:
            return HttpFault(529, "overloaded_error", headers={"retry-after": "0.001"})
        text = f"Step {step}: one more look at the shed before I go on."
        call = Call("shell", {"command": f"echo {step}"}, call_id=f"call-{step}")
        return Script((Text(text), call), stop="tool_use")


def look(pid: int, step: int, shed: Path) -> Look:
    """The program as the kernel sees it now."""
    home = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
    threads = list((home / "task").iterdir())
    return Look(
        step,
        int(status["VmRSS"].split()[0]),
        sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9,
        _pace(),
        len(list((home / "fd").iterdir())),
        len(threads),
        len(processes_in(shed)) if step % 50 == 0 else 0,
    )


def _pace() -> float:
    """What a known work takes of the processor, which others slow down as they do a step."""
    began = time.thread_time()
    sum(range(20_000))
    return time.thread_time() - began


async def soak(steps: int = STEPS, *, bare: bool = False) -> tuple[list[Look], int]:
    """A whole run, of Loopdeck or of the bare loop; its looks, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="loopdeck-soak-") as name:
        folder = Path(name).resolve()
        shed = folder / "shed"
        shed.mkdir()
        server = Soak(steps, shed, fails=not bare)
        async with MessagesServer(server, record=False) as serving:
            kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
            own = {"HOME": name, "LOOPDECK_HOME": str(folder / "home"), "PYTHONPATH": SOURCES}
            there = {"ANTHROPIC_BASE_URL": serving.url, "ANTHROPIC_API_KEY": "soak"}
            process = await asyncio.create_subprocess_exec(
                *(BARE if bare else _loopdeck(steps, shed)),
                env=kept | own | there,
                cwd=shed,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            server.pid = process.pid
            code = await process.wait()
        return server.looks, code


def _loopdeck(steps: int, shed: Path) -> list[str]:
    rules = ("--allow", "shell(echo *)")
    words = ("run", "--headless", *rules, "--model", "fake", "--workspace", str(shed))
    return [*command(*words, "--max-steps", str(2 * steps), "Go on.")]


def report(steps: int = STEPS, early: int = EARLY, bare_steps: int = BARE_STEPS) -> bool:
    """Run it and say what it cost; false where something grew."""
    began = time.monotonic()
    looks, code = asyncio.run(soak(steps))
    _say(f"soak: {len(looks)} requests in {time.monotonic() - began:.0f} s")
    if wrong := faults(looks, code, steps, early):
        _say("\n".join(f"soak: {each}" for each in wrong))
        return False
    bare, bare_code = asyncio.run(soak(bare_steps, bare=True))
    for at in (early, late(bare), late(looks)):
        each = looks[at]
        beside = f"{1000 * _spent(bare, at):.1f} by a bare loop, " if at < len(bare) else ""
        _say(
            f"soak: at step {each.step}: {each.memory_kb / 1024:.0f} MB, "
            f"{1000 * _spent(looks, at):.1f} ms of the processor a step, {beside}"
            f"{each.descriptors} descriptors, {each.threads} threads"
        )
    wrong = faults_beside(looks, bare, bare_code, early)
    _say("\n".join(f"soak: {each}" for each in wrong or ("what it adds to a step is flat",)))
    return not wrong


def faults(looks: list[Look], code: int, steps: int, early: int) -> list[str]:
    """What grew that should not have."""
    if code or len(looks) <= steps:
        return [f"it ended with {code} after {len(looks)} requests"]
    first, last = looks[early], looks[-1]
    wrong: list[str] = []
    if last.memory_kb > MOST_MEMORY * first.memory_kb:
        wrong.append(f"memory grew to {last.memory_kb / first.memory_kb:.2f}×")
    growth = _paced(looks, late(looks)) / _paced(looks, early)
    if growth > MOST_CPU:
        wrong.append(f"a step costs {growth:.2f}× of what it did")
    if last.descriptors > first.descriptors + MOST_MORE or last.threads > first.threads + MOST_MORE:
        wrong.append("descriptors or threads are left open")
    if max(each.tools for each in looks) > MOST_MORE:
        wrong.append("processes of tools are left")
    return wrong


def faults_beside(looks: list[Look], bare: list[Look], code: int, early: int) -> list[str]:
    """Whether what Loopdeck adds to a step of a bare loop has grown."""
    if code or len(bare) < early:
        return [f"the bare loop ended with {code} after {len(bare)} requests"]
    first, last = (_paced(looks, at) - _paced(bare, at) for at in (early, late(bare)))
    grown = (last - first) / _paced(looks, early)
    return [f"it adds {grown:.0%} of a step more"] if grown > MOST_CPU - 1 else []


def late(looks: list[Look]) -> int:
    """The last step that has as many steps behind it as are counted around each."""
    return len(looks) - AROUND - 1


def _spent(looks: list[Look], middle: int) -> float:
    """Seconds of the processor a step takes around a step: as many take more as take less."""
    around = looks[max(0, middle - AROUND) : middle + AROUND]
    return median(new.cpu_s - old.cpu_s for old, new in itertools.pairwise(around))


def _paced(looks: list[Look], middle: int) -> float:
    """The same in units of a known work done meanwhile: the machine may be busy, or slow."""
    around = looks[max(0, middle - AROUND) : middle + AROUND]
    return _spent(looks, middle) / median(each.pace_s for each in around)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
