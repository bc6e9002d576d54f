"""The permission layer: many calls, one verdict, a monstrous command, sandbox and git reads."""

import asyncio
import json
import subprocess
import time
from collections.abc import Sequence
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

from bench.parts import in_turns
from bench.processes import LOOPDECK, Home, floor, fresh_home, run
from bench.stats import median, quantile
from bench.table import Figure, added, within
from loopdeck.errors import ToolError
from loopdeck.permissions.policy import Policy, judge
from loopdeck.permissions.shell import classify
from loopdeck.ports import Action
from loopdeck.ports.tools import Spool, Thought
from loopdeck.session.forms import FormField
from loopdeck.session.values import Assessment, JsonObject, PlanItem
from loopdeck.tools.commands.probe import probe
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.sandbox.backend import Sandbox

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "permissions" / "corpus"
CALLS = 1_000
RUNS = 50
MONSTERS = ("x" * 1_000_000, "echo " + "a " * 500_000, "ls |" * 10_000 + " ls")


def permissions(rounds: int) -> list[Figure]:
    """What it costs to be judged, and to be held in a sandbox."""
    parsed, checked = in_turns(rounds, parsed_ms, checked_ms)
    verdicts, monsters = in_turns(rounds, verdicts_ms, lambda: [monstrous_ms()])
    (runs,) = in_turns(rounds, runs_ms)
    (reads,) = in_turns(rounds, git_reads_ms)
    warm = verdicts[1:] or verdicts  # the first round reads the tables of every program
    return [
        within("policy check, 1,000 calls", checked, most=2_000, unit="ms", floors=parsed),
        within(
            "one verdict, median",
            [median(seen) for seen in warm],
            most=2,
            unit="ms",
            floors=[all_of_them / CALLS for all_of_them in parsed],
        ),
        within("one verdict, p99", [p99(seen) for seen in warm], most=2, unit="ms"),
        within(
            "1 MB of command, or 10,000 pipes",
            [slow for seen in monsters for slow in seen],
            most=100,
            unit="ms",
        ),
        _sandboxed(runs),
        added("a git read", [ours for _, ours in reads], [git for git, _ in reads], most=10),
    ]


def _sandboxed(runs: list[tuple[float, float | None]]) -> Figure:
    """What the sandbox adds to a command that does nothing."""
    name = "a command in the sandbox"
    held = [(plain, inside) for plain, inside in runs if inside is not None]
    if not held:
        return Figure(name, "", "no sandbox here")
    return added(name, [inside for _, inside in held], [plain for plain, _ in held], most=10)


@cache
def commands() -> tuple[str, ...]:
    """1,000 commands of the corpus, spread over all its themes, that a call can carry."""
    found = [
        json.loads(line)["command"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    able = [each for each in found if each.strip() and "\0" not in each]
    step = max(1, len(able) // CALLS)
    return tuple(islice(cycle(able[::step]), CALLS))


def check_ms(words: Sequence[str]) -> float:
    """All the calls as lines through one program, from its start to its end."""
    lines = [
        json.dumps({"id": number, "tool": "shell", "args": {"command": command}})
        for number, command in enumerate(commands())
    ]
    with fresh_home() as home:
        began = time.perf_counter()
        answers = run(words, home, feed="\n".join(lines))
        spent = 1000 * (time.perf_counter() - began)
    if answers.count("\n") != CALLS:
        raise RuntimeError(f"{answers.count(chr(10))} answers to {CALLS} calls.")
    return spent


def checked_ms() -> float:
    """`policy check`, as scripts use it."""
    return check_ms((*LOOPDECK, "policy", "check", "--jsonl"))


def parsed_ms() -> float:
    """The same lines through a program that only parses them."""
    return check_ms(floor("parse_lines"))


def verdicts_ms() -> list[float]:
    """Each call from its arguments to its verdict, the way the harness does it."""
    with fresh_home() as home:
        return [_verdict_ms(home, command) for command in commands()]


def monstrous_ms() -> float:
    """The slowest answer to a command that no one should have written."""
    with fresh_home() as home:
        return max(_verdict_ms(home, command) for command in MONSTERS)


def _verdict_ms(home: Home, command: str) -> float:
    toolbox = BuiltinToolbox(home.workspace)
    policy = Policy(4, workspace=home.workspace, home=home.folder, own=(home.data,))
    args = {"command": command}
    began = time.perf_counter()
    assessment = _assessed(toolbox, args)
    judge("shell", args, assessment, policy)
    return 1000 * (time.perf_counter() - began)


def _assessed(toolbox: BuiltinToolbox, args: JsonObject) -> Assessment:
    """Too long a command is no call at all; the classifier answers it all the same."""
    try:
        return toolbox.prepare("shell", args).assess()
    except ToolError:
        return classify(args["command"])


def runs_ms() -> tuple[float, float | None]:
    """`true` as the shell tool runs it: plain, and in the sandbox if this machine has one."""
    with fresh_home() as home:
        home.data.mkdir(mode=0o700)
        return asyncio.run(_runs_ms(home))


async def _runs_ms(home: Home) -> tuple[float, float | None]:
    found = (await probe(home.folder, (home.data,))).sandbox
    plain: list[float] = []
    inside: list[float] = []
    for _ in range(RUNS):
        plain.append(await _run_ms(home, None))
        if found is not None:
            inside.append(await _run_ms(home, found))
    return median(plain), median(inside) if inside else None


def git_reads_ms() -> tuple[float, float]:
    """`git status` in a small repository: as a human's shell runs it, and as a read of ours."""
    with fresh_home() as home:
        for words in (("init", "-q"), ("config", "filter.x.clean", "cat")):
            subprocess.run(("git", *words), cwd=home.workspace, check=True)
        return asyncio.run(_git_reads_ms(home))


async def _git_reads_ms(home: Home) -> tuple[float, float]:
    plain: list[float] = []
    ours: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *("bash", "--noprofile", "--norc", "-c", "git status"),
            cwd=home.workspace,
            stdout=asyncio.subprocess.PIPE,
        )
        await process.communicate()
        plain.append(1000 * (time.perf_counter() - began))
        ours.append(await _run_ms(home, None, "git status"))
    return median(plain), median(ours)


async def _run_ms(home: Home, sandbox: Sandbox | None, command: str = "true") -> float:
    action: Action = BuiltinToolbox(home.workspace, sandbox=sandbox).prepare(
        "shell", {"command": command}
    )
    began = time.perf_counter()
    result = await action.run(_Quiet(home.folder))
    spent = 1000 * (time.perf_counter() - began)
    if not result.ok:
        raise RuntimeError(f"`{command}` failed: {result.output}")
    return spent


class _Quiet:
    """What a running command may do here: nothing beside its own work."""

    def __init__(self, spool: Path) -> None:
        self.spool = Spool(spool, 1_000_000)

    def guard(self) -> None:
        """Nothing is kept, so nothing has to be cleaned."""

    async def output(self, text: str, stream: str = "stdout") -> None:
        """Nobody watches."""

    attended = True

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """Nobody answers."""
        raise NotImplementedError

    async def think(
        self, instructions: str, said: Sequence[tuple[Literal["user", "assistant"], str]], most: int
    ) -> Thought:
        """No model thinks for a command."""
        raise NotImplementedError

    async def revise_plan(self, items: Sequence[PlanItem]) -> None:
        """There is no plan."""


def p99(values: Sequence[float]) -> float:
    """What 99 of 100 values stay under."""
    return quantile(values, 0.99)
