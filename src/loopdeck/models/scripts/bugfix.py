"""The script `bugfix`: makes a failing test pass: run, read, edit, run again, done."""

import re
from dataclasses import dataclass, field

from loopdeck.models.scripts.bugfix_changes import Change, changes_of
from loopdeck.models.scripts.speech import (
    Agenda,
    Call,
    Observation,
    Result,
    Say,
    Scene,
    delete,
    edit,
    look,
    read,
    shell,
)

TESTS = "python3 -m unittest -q"
PLAN = (
    "see the test fail",
    "find the reason",
    "change as little as possible",
    "see every test pass",
    "clean up",
)
FAILED = re.compile(r"^AssertionError: (.+)$", re.MULTILINE)
MODULE = re.compile(r"^from (\w+) import", re.MULTILINE)
TEST_FILE = re.compile(r"\btest_\w+\.py\b")
LOG_FILE = re.compile(r"\b[\w-]+\.log\b")


def bugfix(goal: str) -> Scene:
    """Plays the whole piece; the goal is in the tests, so its words change nothing."""
    del goal
    yield from Fixing().perform()


@dataclass(slots=True)
class Fixing:
    """What the script knows so far; `ran` is false once the tests were not allowed to run."""

    agenda: Agenda = field(default_factory=lambda: Agenda(*PLAN))
    listing: str = ""
    module: str = "durations.py"
    source: str = ""
    symptoms: list[str] = field(default_factory=list[str])
    green: bool = False
    ran: bool = True
    forbidden: bool = False
    stale: str = ""
    changed: list[str] = field(default_factory=list[str])
    refused: set[str] = field(default_factory=set[str])
    remarks: list[str] = field(default_factory=list[str])

    def perform(self) -> Scene:
        """From the failing test to the report, and on for as long as somebody asks."""
        yield from self._look_round()
        yield from self._read()
        yield from self._change()
        self._settle()
        yield from self._clean()
        yield Say("A last look.", (self.agenda.at(len(PLAN)), look(".")))
        while True:
            seen = yield Say(self._report())
            if seen.check_output:
                yield from self._go_on()

    def _look_round(self) -> Scene:
        seen = yield Say(
            "I look at the project, then let the tests speak before I touch anything.",
            (self.agenda.at(0), look("."), look("tests")),
            "The failing test is the specification. See it fail, read, then edit.",
        )
        self.listing = "\n".join(result.text for result in seen.of("list_files") if result.ok)
        seen = yield Say("Now the tests.", (shell(TESTS),))
        self._judge(seen.results[0])
        self.agenda.settle(0, met=self.ran and not self.green)

    def _read(self) -> Scene:
        """The test that fails and what somebody left lying about, then the module it imports."""
        tests = TEST_FILE.search(self.listing)
        logs = LOG_FILE.search(self.listing)
        self.stale = logs[0] if logs else ""
        files = [f"tests/{tests[0]}"] if tests else []
        seen = yield Say(
            f"{self._symptom()} I read what exactly is wanted.",
            (self.agenda.at(1), *map(read, [*files, *filter(None, [self.stale])])),
        )
        text = "\n".join(result.lines for result in seen.of("read_file") if result.ok)
        found = [name for name in MODULE.findall(text) if f"{name}.py" in self.listing]
        self.module = f"{found[0]}.py" if found else self.module
        seen = yield Say(
            f"The tests are about {self.module}, so that is next.", (read(self.module),)
        )
        self._take(seen)
        self.agenda.settle(1, met=bool(self.source))

    def _change(self) -> Scene:
        """Change, read back and test, until the tests pass or no change is left to propose."""
        plan: tuple[Call, ...] = (self.agenda.at(2),)
        change = self._next_change()
        while change is not None and not self.green:
            seen = yield Say(change.why, (*plan, edit(self.module, change.old, change.new)))
            plan = ()
            if self._accepted(change, seen.results[-1]):
                yield from self._try_out()
            change = self._next_change()

    def _try_out(self) -> Scene:
        tests = (shell(TESTS),) if self.ran else ()
        words = "I run the tests again" if self.ran else "I may not run the tests"
        seen = yield Say(
            f"{words}, and read the file back in case you changed a line.",
            (self.agenda.at(3), read(self.module), *tests),
        )
        self._take(seen)
        for result in seen.of("shell"):
            self._judge(result)

    def _clean(self) -> Scene:
        """A log is of use for as long as a test fails."""
        self.agenda.settle(4, met=not self.stale)
        if not self.stale or not self.green:
            return
        seen = yield Say(
            f"{self.stale} was a note for the time of the bug, and that is over. Nobody gets it "
            "back, so this one is for you to decide.",
            (self.agenda.at(4), delete(self.stale)),
        )
        result = seen.results[-1]
        self.agenda.settle(4, met=result.ok)
        if not result.ok:
            self.remarks.append(f"{self.stale} is still there{_because(result)}.")

    def _go_on(self) -> Scene:
        """The definition of done was not met: look at the file as it is now and try once more."""
        self.green = False
        seen = yield Say("The tests still fail. I read the file again.", (read(self.module),))
        self._take(seen)
        if self._next_change() is None:
            self.remarks.append("I know no other change that would help: this needs you.")
        yield from self._change()
        if self._settle():
            yield Say("That changes where the plan stands.", (self.agenda.at(len(PLAN)),))

    def _next_change(self) -> Change | None:
        """What to try next, from the text as it is now; nothing that was refused already."""
        if self.forbidden:
            return None
        options = changes_of(self.source, careful=self.ran)
        return next((each for each in options if each.new not in self.refused), None)

    def _accepted(self, change: Change, result: Result) -> bool:
        if result.ok:
            self.changed.append(str(result.args.get("new", change.new)).strip())
            return True
        self.refused.add(change.new)
        self.forbidden = result.denied and not result.denied_by_human
        what = "was not allowed" if result.denied else "did not work"
        self.remarks.append(f"One change {what}{_because(result)}: {change.new.strip()}")
        return False

    def _take(self, seen: Observation) -> None:
        result = seen.of("read_file")[0]
        self.source = result.lines if result.ok else ""

    def _settle(self) -> bool:
        """What the plan says of the change and of the tests; true if that is news."""
        changed = self.agenda.settle(2, met=bool(self.changed))
        return self.agenda.settle(3, met=self.green) or changed

    def _judge(self, result: Result) -> None:
        self.green = result.ok
        self.symptoms = FAILED.findall(result.text)
        if result.denied:
            self.ran = False
            self.remarks.append(f"The tests were not allowed to run{_because(result)}.")

    def _symptom(self) -> str:
        if not self.ran:
            return "I may not run the tests, so I go by reading alone."
        if self.green:
            return "Every test passes already."
        first = f": {self.symptoms[0]}" if self.symptoms else ""
        return f"The tests fail{first}."

    def _report(self) -> str:
        if self.green:
            head = "Every test passes, and no test was changed."
        elif self.changed and not self.ran:
            head = "The change is made. Whether the tests pass, nobody has seen yet."
        else:
            head = "The tests do not pass yet."
        made = [
            f"- {self.module}: {'; '.join(_lines(text))}"
            for text in self.changed
            if text in self.source
        ]
        return "\n".join([head, *made, *dict.fromkeys(self.remarks)])


def _because(result: Result) -> str:
    return f" (“{result.reason}”)" if result.reason else ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
