"""One seed of chaos: run, kill, resume, until the agent is done; then count what went wrong."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from loopdeck.journal.checking import differs, unsound
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.permissions.obeyed import PLANTABLE
from loopdeck.session.events import CallUnknown, SessionEnded
from loopdeck.session.invariants import problems
from loopdeck.session.records import Record
from tests.chaos.human import Human
from tests.chaos.launching import SOURCES, Launch, Manner, Started, launching
from tests.chaos.plot import RULES, Plot
from tests.chaos.promises import repeated
from tests.chaos.watching import Watcher
from tests.support.messages_server import serving

MOMENTS = (
    "at random",
    "session_resumed",
    "model_requested",
    "mid-stream",
    "model_replied",
    "call_proposed",
    "call_judged",
    "call_asked",
    "the answer is in the mail",
    "call_answered",
    "call_started",
    "the tool begins",
    "the tool has acted",
    "call_finished",
    "call_unknown",
)
LATEST_S = 0.03  # after the moment
PATIENCE_S = 60.0
TURNS = 4  # model requests after which a moment that does not come is waited for no more
LOOK_S = 0.002
GONE_S, GONE_LOOK_S = 5.0, 0.02
SIGKILLED = -signal.SIGKILL


@dataclass
class Tally:
    """What was found. Everything but the kills and what was asked has to stay 0."""

    kills: int = 0
    unknowns: int = 0
    duplicates: int = 0
    lost: int = 0
    gaps: int = 0
    invalid: int = 0
    survivors: int = 0
    notes: list[str] = field(default_factory=list[str])
    moments: Counter[str] = field(default_factory=Counter[str])

    @property
    def ok(self) -> bool:
        """Whether every promise was kept."""
        return not (self.notes or self.duplicates or self.lost or self.gaps) and not (
            self.invalid or self.survivors
        )

    def add(self, other: "Tally") -> None:
        """Count the findings of another trial too."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


class Trial:
    """A session under kills. `walls` runs its commands in the sandbox of this machine."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        manner: Manner = "forked",
        kills: int = 20,
        steps: int = 12,
        walls: bool = True,
        faults: float = 0.1,
        moments: Sequence[str] = MOMENTS,
    ) -> None:
        self.tally = Tally()
        self._random = Random(seed)
        self._manner: Manner = manner
        self._kills = kills
        self._walls = walls
        self._home = folder / "home"
        self._shed = folder / "shed"
        self._folder = folder
        self._shed.mkdir()
        self._home.mkdir(mode=0o700)
        self.plot = Plot(self._shed, seed, steps, faults)
        self.watcher = Watcher(self._home / "loopdeck.db")
        self._moments = self._order(moments)

    async def run(self) -> Tally:
        """The whole trial."""
        if not self._walls:
            (self._home / "config.toml").write_text("sandbox = false\n")
        with serving(self.plot, key="chaos") as server:
            env = self._env(server.url)
            async with launching(self._manner, self._folder, env, self.plot.lines) as launch:
                while not await self._life(launch):
                    pass
        await self._judge()
        return self.tally

    def _order(self, moments: Sequence[str]) -> Iterator[str]:
        while True:
            yield from self._random.sample(moments, len(moments))

    def _env(self, url: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        own = {
            "HOME": str(self._folder),
            "LOOPDECK_HOME": str(self._home),
            "TERM": "xterm-256color",
        }
        own["PYTHONPATH"] = SOURCES
        return kept | own | {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "chaos"}

    def _words(self) -> Sequence[str]:
        screen = () if self._manner == "terminal" else ("--headless", "--on-ask", "wait")
        if session := self.watcher.session():
            unknown = self._random.choice(("tell", "park"))
            return ("resume", *screen, "--on-unknown", unknown, *RULES, session)
        return ("run", *screen, *RULES, "--model", "fake", "--workspace", str(self._shed), "Go on.")

    async def _life(self, launch: Launch) -> bool:
        """One start of the program, to its end or its kill; true once the agent is done."""
        moment = next(self._moments) if self.tally.kills < self._kills else ""
        started = await launch(self._words())
        by_mail = self._manner != "terminal"
        human = Human(self._home / "loopdeck.db", self.watcher, self.plot, self._random)
        watching = asyncio.ensure_future(self._until(moment, human if by_mail else None, started))
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.wait({watching, started.ended}, return_when="FIRST_COMPLETED")
                if watching.done() and watching.result():
                    await asyncio.sleep(self._random.random() * LATEST_S)
                    with suppress(ProcessLookupError):
                        os.kill(started.pid, signal.SIGKILL)
                code = await started.ended
        except TimeoutError:
            os.kill(started.pid, signal.SIGKILL)
            self.tally.notes.append(f"stuck, waiting for {moment or 'its end'}")
            return True
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await human.leave()
        return await self._ended(code, moment)

    async def _ended(self, code: int, moment: str) -> bool:
        self.watcher.fresh()
        if code == SIGKILLED:
            self.tally.kills += 1
            self.tally.moments[moment] += 1
        await self._count_survivors()
        if code not in (0, 4, SIGKILLED):
            said = (self._folder / "said").read_text() if self._manner != "terminal" else ""
            self.tally.notes.append(f"ended with {code}: {said[-300:]}")
            return True
        ended = isinstance(self.watcher.newest, SessionEnded)  # the kill may have come after that
        return code == 0 or ended

    async def _until(self, moment: str, human: Human | None, started: Started) -> bool:
        """Watch, and answer what is asked; true when the moment to kill has come."""
        self.plot.began.clear()
        acted = {name: len(self.plot.lines(name)) for name in ("begun", "ledger")}
        end = time.monotonic() + self._random.random()
        turns = 0
        while True:
            kinds = [event.type for event in self.watcher.fresh()]
            posted = await human.look() if human else False
            turns += kinds.count("model_requested")
            if "session_ended" in kinds:
                started.leave.set()
            reached = {
                "at random": time.monotonic() > end,
                "mid-stream": self.plot.began.is_set(),
                "the answer is in the mail": posted,
                "the tool begins": len(self.plot.lines("begun")) > acted["begun"],
                "the tool has acted": len(self.plot.lines()) > acted["ledger"],
            }
            if moment and (moment in kinds or reached.get(moment) or turns >= TURNS):
                return True
            await asyncio.sleep(LOOK_S)

    async def _count_survivors(self) -> None:
        """What of a tool and its sandbox is still there some seconds after its harness is gone."""
        left, laid = processes_in(self._shed), laid_in(self._shed)
        for _ in range(int(GONE_S / GONE_LOOK_S)):
            if not left and not laid:
                break
            await asyncio.sleep(GONE_LOOK_S)
            left, laid = processes_in(self._shed), laid_in(self._shed)
        self.tally.survivors += len(left) + len(laid)
        self.tally.notes += [f"left in the workspace: {name}" for name in laid]
        for pid in left:  # they are not to disturb the next life
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                last = b" ".join(words[-5:]).decode(errors="replace")
                self.tally.notes.append(f"survived: {pid} {words[0].decode()} … {last}")
                os.kill(pid, signal.SIGKILL)

    async def _judge(self) -> None:
        """Hold the ledger, the log and the requests against each other."""
        async with await SqliteJournal.open(self._home / "loopdeck.db") as journal:
            session = self.watcher.session()
            records = await journal.read(session, limit=1_000_000)
            wrong = [*problems(records), *await unsound(journal)]
            lines = await journal.summaries()
        wrong += [said for line in lines if (said := differs(line, records))]
        wrong += [] if len(lines) == 1 else [f"{len(lines)} sessions, not one"]
        kept = {record.seq: record.event for record in records}
        wrong += [
            f"{n} is not what it was" for n, e in self.watcher.seen.items() if kept.get(n) != e
        ]
        self.tally.gaps += len(wrong)
        self.tally.notes += wrong
        self._hold_against_ledger(records)
        self.tally.invalid += len(self.plot.refused)
        self.tally.notes += self.plot.refused

    def _hold_against_ledger(self, records: Sequence[Record]) -> None:
        events = [record.event for record in records]
        twice = list(repeated(events))
        tags, tasks = Counter(self.plot.lines()), self.plot.times()
        twice += [tag for tag, count in tags.items() if count > 1]
        twice += [task for task, count in tasks.items() if count > 1]
        self.tally.duplicates += len(twice)
        self.tally.lost += sum(not tasks[task] for task in self.plot.tasks)
        self.tally.notes += [f"twice: {each}" for each in twice]
        self.tally.notes += [f"never to be done: {tag}" for tag in tags if tag.startswith("0.")]
        self.tally.unknowns += sum(isinstance(event, CallUnknown) for event in events)


def laid_in(folder: Path) -> list[str]:
    """The empty folders that a sandbox is laid on, which have no business there afterwards."""
    return [name for name in PLANTABLE if (folder / name).exists()]


def processes_in(folder: Path) -> list[int]:
    """The processes at work in a folder, in whatever namespaces they are."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == folder.resolve():
                found.append(int(entry.name))
    return found
