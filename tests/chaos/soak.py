"""Two thousand steps of an agent: its memory, the cost of a step, its descriptors and processes."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from loopdeck.session.values import JsonObject
from tests.chaos.launching import SOURCES
from tests.chaos.trial import processes_in
from tests.support.message_script import Answer, Call, HttpFault, Script, Text
from tests.support.messages_server import MessagesServer
from tests.support.program import command

STEPS, EARLY = 2_000, 200
MOST_MEMORY = 1.3
MOST_CPU = 1.5  # of it, the growing prompt is sent again with each step
MOST_MORE = 3  # descriptors and processes: what a step holds while it is looked at


@dataclass(frozen=True)
class Look:
    """What the program holds after so many steps."""

    step: int
    memory_kb: int
    cpu_s: float
    descriptors: int
    threads: int
    tools: int


class Soak:
    """A server that looks at its client with every request."""

    def __init__(self, steps: int, shed: Path) -> None:
        self.looks: list[Look] = []
        self.pid = 0
        self._steps = steps
        self._shed = shed

    def __call__(self, body: JsonObject) -> Answer:
        """One call after another; from the number of replies it has seen, not from the text."""
        step = len(self.looks) + 1
        self.looks.append(look(self.pid, step, self._shed))
        if step > self._steps:
            return Script((Text("Done."),))
        if step % 97 == 0:
            return HttpFault(529, "overloaded_error", headers={"retry-after": "0.001"})
        text = f"Step {step}: one more look at the shed before I go on."
        call = Call("shell", {"command": f"echo {step}"}, call_id=f"call-{step}")
        return Script((Text(text), call), stop="tool_use")


def look(pid: int, step: int, shed: Path) -> Look:
    """The program as the kernel sees it now."""
    home = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (home / "status").read_text().splitlines())
    used = (home / "stat").read_text().rpartition(")")[2].split()
    ticks = int(used[11]) + int(used[12])
    return Look(
        step,
        int(status["VmRSS"].split()[0]),
        ticks / os.sysconf("SC_CLK_TCK"),
        len(list((home / "fd").iterdir())),
        int(status["Threads"]),
        len(processes_in(shed)) if step % 50 == 0 else 0,
    )


async def soak(steps: int = STEPS) -> tuple[list[Look], int]:
    """A whole run; its looks, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="loopdeck-soak-") as name:
        folder = Path(name).resolve()
        shed = folder / "shed"
        shed.mkdir()
        server = Soak(steps, shed)
        async with MessagesServer(server, record=False) as serving:
            kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
            own = {"HOME": name, "LOOPDECK_HOME": str(folder / "home"), "PYTHONPATH": SOURCES}
            there = {"ANTHROPIC_BASE_URL": serving.url, "ANTHROPIC_API_KEY": "soak"}
            rules = ("--allow", "shell(echo *)")
            words = ("run", "--headless", *rules, "--model", "fake", "--workspace", str(shed))
            process = await asyncio.create_subprocess_exec(
                *command(*words, "--max-steps", str(2 * steps), "Go on."),
                env=kept | own | there,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            server.pid = process.pid
            code = await process.wait()
        return server.looks, code


def report(steps: int = STEPS, early: int = EARLY) -> bool:
    """Run it and say what it cost; false where something grew."""
    began = time.monotonic()
    looks, code = asyncio.run(soak(steps))
    wrong = faults(looks, code, steps, early)
    _say(f"soak: {len(looks)} requests in {time.monotonic() - began:.0f} s")
    for each in (looks[early], looks[-1]) if len(looks) > early else ():
        _say(
            f"soak: at step {each.step}: {each.memory_kb / 1024:.0f} MB, "
            f"{1000 * _spent(looks, each.step):.1f} ms of the processor a step, "
            f"{each.descriptors} descriptors, {each.threads} threads"
        )
    for each in wrong:
        _say(f"soak: {each}")
    return not wrong


def faults(looks: list[Look], code: int, steps: int, early: int) -> list[str]:
    """What grew that should not have."""
    if code or len(looks) <= steps:
        return [f"it ended with {code} after {len(looks)} requests"]
    first, last = looks[early], looks[-1]
    wrong: list[str] = []
    if last.memory_kb > MOST_MEMORY * first.memory_kb:
        wrong.append(f"memory grew to {last.memory_kb / first.memory_kb:.2f}×")
    if _spent(looks, len(looks)) > MOST_CPU * _spent(looks, early):
        wrong.append("a step costs more than it did")
    if last.descriptors > first.descriptors + MOST_MORE or last.threads > first.threads + MOST_MORE:
        wrong.append("descriptors or threads are left open")
    if max(each.tools for each in looks) > MOST_MORE:
        wrong.append("processes of tools are left")
    return wrong


def _spent(looks: list[Look], middle: int) -> float:
    """Seconds of the processor a step takes around a step."""
    before, after = looks[max(0, middle - 100)], looks[min(len(looks) - 1, middle + 100)]
    return (after.cpu_s - before.cpu_s) / (after.step - before.step)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
