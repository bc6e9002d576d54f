"""A session in which everything a human can meet happens, at the pace at which people answer."""

from dataclasses import dataclass, field

from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    CallJudged,
    CallStarted,
    CheckFinished,
    CheckStarted,
    Event,
    HumanAnswered,
    HumanCalled,
    HumanMessage,
    LevelChanged,
    LimitHit,
    PlanRevised,
    RuleGranted,
    SandboxChecked,
    SessionEnded,
    SessionPaused,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.values import (
    Category,
    Decision,
    Grant,
    Limits,
    PlanItem,
    Preview,
    Rule,
)
from tests.support.records import START
from tests.support.stories import approved, asked, ran, turn

EDITED = {"path": "notes/owl.md", "content": "Owls are quiet.\nThey hunt at night.\n"}
WROTE = {"path": "owl.md", "content": "Owls are loud.\nThey hunt at night.\n"}
GRANT = Grant(
    grant_id="g1", rule=Rule(decide="allow", match="shell(ls *)", scope="session", grant_id="g1")
)


@dataclass(slots=True)
class Tape:
    """Events with the seconds that pass before each, and the names of some moments."""

    records: list[Record] = field(default_factory=list[Record])
    moments: dict[str, int] = field(default_factory=dict[str, int])
    _now: float = 0.0

    def add(self, *events: Event, after: float = 0.2, moment: str = "") -> None:
        """More happens; `moment` names how it stands then."""
        for event in events:
            self._now += after
            at = int(self._now * 1_000_000_000)
            self.records.append(Record("s1", len(self.records) + 1, START + at, at, event))
        if moment:
            self.moments[moment] = len(self.records)


def plan(*states: str) -> PlanRevised:
    """The plan with these states."""
    texts = ("look around", "write about owls", "check it")
    items = [
        PlanItem.model_validate({"text": text, "state": state})
        for text, state in zip(texts, states, strict=True)
    ]
    return PlanRevised(items=tuple(items))


def eventful() -> Tape:
    """The whole session."""
    tape = Tape()
    for chapter in (_approvals, _standing, _questions, _ending):
        chapter(tape)
    return tape


def _approvals(tape: Tape) -> None:
    tape.add(
        SessionStarted(
            goal="write a page about owls",
            model="scripted:owls",
            level=3,
            workspace="/demo/owls",
            check="python3 check.py",
            limits=Limits(cost_usd=0.02),
        ),
        SandboxChecked(backend="bubblewrap", passed=True),
        plan("doing", "todo", "todo"),
    )
    preview = Preview(kind="diff", text="--- /dev/null\n+++ b/owl.md\n@@ -0,0 +1 @@\n+Owls\n")
    tape.add(*turn(1, "I write a first page.", ("c1", "write_file", dict(WROTE))), after=1.5)
    tape.add(*asked("c1", preview), moment="a write waits")
    yes = CallAnswered(call_id="c1", answer="approved", by="human", args=dict(EDITED))
    tape.add(yes, after=12, moment="it was edited and approved")
    tape.add(CallStarted(call_id="c1"))
    tape.add(
        CallFinished(
            call_id="c1", ok=True, output="written", duration_ms=9, files=("notes/owl.md",)
        )
    )
    tape.add(plan("done", "doing", "todo"))
    remove = {"command": "rm -rf notes"}
    tape.add(*turn(2, "The folder can go now.", ("c2", "shell", remove)), after=2)
    no_way_back = {"undoable": False, "deletes": ["notes"]}
    command = Preview(kind="command", text="rm -rf notes")
    tape.add(*asked("c2", command, Category.DESTRUCTIVE, facts=no_way_back))
    no = CallAnswered(call_id="c2", answer="denied", by="human", reason="keep my notes")
    tape.add(no, after=65, moment="a removal was denied with a reason")


def _standing(tape: Tape) -> None:
    tape.add(*turn(3, "Let me see them.", ("c3", "shell", {"command": "ls notes"})), after=2)
    tape.add(*asked("c3", Preview(kind="command", text="ls notes"), Category.UNKNOWN))
    tape.add(RuleGranted(grant=GRANT, call_id="c3"), approved("c3"), after=4)
    tape.add(CallStarted(call_id="c3"))
    tape.add(CallFinished(call_id="c3", ok=True, output="owl.md", duration_ms=14))
    tape.add(*turn(4, "And once more.", ("c4", "shell", {"command": "ls notes"})), after=1)
    tape.add(
        CallJudged(
            call_id="c4",
            verdict=Decision.ALLOW,
            category=Category.UNKNOWN,
            level=3,
            rule="a standing permission: shell(ls *)",
            grant_id="g1",
        ),
        CallStarted(call_id="c4"),
        CallFinished(call_id="c4", ok=True, output="owl.md", duration_ms=11),
        moment="a standing permission answered",
    )
    fetch = {"url": "https://owls.example/facts"}
    tape.add(*turn(5, "What do others say?", ("c5", "web_fetch", fetch)), after=1)
    facts = {"hosts": ["owls.example"]}
    tape.add(*asked("c5", Preview(kind="text", text="GET"), Category.NETWORK, facts=facts))
    tape.add(approved("c5"), after=3)
    tape.add(CallStarted(call_id="c5"))
    done = CallFinished(call_id="c5", ok=True, output="Owls can see in the dark.", duration_ms=420)
    tape.add(done, moment="outside content is in it")


def _questions(tape: Tape) -> None:
    tape.add(*turn(6, "Which owl?", ("c6", "ask_human", {"question": "Which owl?"})), after=1)
    tape.add(*ran("c6", "", 1)[:2])
    question = HumanCalled(ask_id="a1", kind="question", text="Which owl?", call_id="c6")
    tape.add(question, moment="a question waits")
    tape.add(HumanAnswered(ask_id="a1", answer="text", text="the barn owl"), after=20)
    tape.add(CallFinished(call_id="c6", ok=True, output="the barn owl", duration_ms=20_000))
    tape.add(LimitHit(limit="cost_usd", used=0.021, allowed=0.02))
    limit = HumanCalled(
        ask_id="a2", kind="limit", text="cost: 0.021 of 0.02", options=("raise", "finish", "stop")
    )
    tape.add(limit, moment="a limit asks")
    tape.add(HumanAnswered(ask_id="a2", answer="raise", limits=Limits(cost_usd=1.0)), after=30)
    tape.add(LevelChanged(level=4, by="human"), HumanMessage(text="Be brief."), after=2)
    tape.add(SessionPaused(reason="human"), after=1, moment="it rests at a higher level")
    tape.add(SessionResumed(), after=600)


def _ending(tape: Tape) -> None:
    tape.add(*turn(7, "The page is done."), after=1)
    tape.add(CheckStarted(attempt=1, command="python3 check.py"))
    failed = CheckFinished(attempt=1, ok=False, exit_code=1, output="no barn owl", duration_ms=212)
    tape.add(failed, moment="a check failed")
    tape.add(*turn(8, "Now it names the barn owl."), after=2)
    tape.add(plan("done", "done", "done"))
    tape.add(CheckStarted(attempt=2, command="python3 check.py"))
    tape.add(CheckFinished(attempt=2, ok=True, exit_code=0, output="good", duration_ms=198))
    end = SessionEnded(outcome="done", verified="checked", text="The page is written.")
    tape.add(end, moment="it is done")
