"""What the agent under chaos is told to do, and a ledger in which every effect leaves a line."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from loopdeck.session.values import JsonObject
from tests.support.api_rules import objections
from tests.support.message_script import Answer, Call, Fault, HttpFault, NoAnswer, Script, Text

ACTS = """\
echo "$1" >> begun
(setsid sleep 61 > /dev/null 2>&1 &)
sleep "$2"
echo "$1" >> ledger
sleep "$2"
"""
ALLOWED, ASKED = "act.sh", "ask.sh"
RULES = ("--allow", f"shell(sh {ALLOWED} *)")
FRAME_S = 0.002
DONE = Script((Text("Every task is done."),), delay_s=FRAME_S)


@dataclass
class Plot:
    """Tasks, a few a step; a task that is not in the ledger is proposed again under a new tag.

    It is called from the thread of the server. `began` is set each time a reply begins to come.
    """

    folder: Path
    seed: int
    steps: int
    faults: float = 0.1
    refused: list[str] = field(default_factory=list[str])
    began: threading.Event = field(default_factory=threading.Event)
    requests: int = 0

    def __post_init__(self) -> None:
        random = Random(self.seed)
        self._faults = Random(self.seed + 1)
        self._tasks = [self._step(random, step) for step in range(1, self.steps + 1)]
        for script in (ALLOWED, ASKED):
            (self.folder / script).write_text(ACTS)
        (self.folder / "rake.txt").write_text("one rake\n")

    def __call__(self, body: JsonObject) -> Answer:
        """The reply to a request, as strict about it as the real server is."""
        self.requests += 1
        if wrong := objections(body):
            self.refused += wrong
            return HttpFault(400, "invalid_request_error", "; ".join(wrong))
        if (fault := self._fault()) is not None:
            return fault
        self.began.set()
        return self._next() or DONE

    @property
    def tasks(self) -> list[str]:
        """The name of every task."""
        return [name for step in self._tasks for name in step]

    def lines(self, name: str = "ledger") -> list[str]:
        """The tags in the ledger, or those that have begun."""
        path = self.folder / name
        return path.read_text().split() if path.exists() else []

    def times(self) -> Counter[str]:
        """How often each task was done."""
        return Counter(tag.partition("-")[0] for tag in self.lines())

    @staticmethod
    def _step(random: Random, step: int) -> dict[str, str]:
        """The tasks of a step, each with the script that does it."""
        kinds = random.choice([(ALLOWED,), (ASKED,), (ALLOWED, ASKED), (ALLOWED, ALLOWED)])
        return {f"{step}.{at}": kind for at, kind in enumerate(kinds)}

    def _next(self) -> Script | None:
        """The first step with a task that nobody has seen done."""
        done = self.times()
        for step in self._tasks:
            left = {name: kind for name, kind in step.items() if not done[name]}
            if left:
                words = Text("The next tasks.")
                return Script((words, *self._calls(left)), "tool_use", delay_s=FRAME_S)
        return None

    def _calls(self, left: dict[str, str]) -> Iterator[Call]:
        number = self.requests
        yield Call("read_file", {"path": "rake.txt"}, call_id=f"read-{number}")
        for at, (name, kind) in enumerate(left.items()):
            tag = f"{name}-{number}"
            yield Call("shell", {"command": f"sh {kind} {tag} 0.02"}, call_id=f"call-{number}-{at}")

    def _fault(self) -> Answer | None:
        if self._faults.random() >= self.faults:
            return None
        soon = {"retry-after": "0.02"}
        return self._faults.choice(
            [
                HttpFault(529, "overloaded_error", headers=soon),
                HttpFault(500, headers=soon),
                HttpFault(429, "rate_limit_error", headers=soon),
                NoAnswer(),
                Script((Text("I beg"),), fault=Fault("drop", 3)),
                Script(tuple(self._calls({"0.0": ALLOWED})), "tool_use", fault=Fault("cut", 8)),
                Script(tuple(self._calls({"0.0": ALLOWED})), stop=None),
            ]
        )
