"""Four ordinary hours: only what a careful person wants to see asks."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from loopdeck.permissions.policy import Policy, judge
from loopdeck.permissions.shell import Place, read
from loopdeck.session.values import Decision
from loopdeck.tools.sandbox.backend import Backend, Sandbox
from loopdeck.tools.sandbox.confines import kept_in, placed
from tests.permissions.corpus import FOLDER, HOME, WORKSPACE

Command = dict[str, str | list[str]]
# A bug in a ledger is fixed in Python; a shop's orders are rounded in TypeScript, with its data;
# the same shop's service in Go, its parser in Rust, its pages and its cluster are worked on; its
# taxes in Ruby, PHP, Java and C#, its figures in a notebook, and the machines that it runs on.
# What stands behind each is how often level 4 may ask.
HOURS = {"hour": 2, "hour-data": 5, "hour-service": 10, "hour-stacks": 21}
BRANCHES = frozenset({"main", "fix-rounding"})
INSTALLED = ("tsc", "vitest", "eslint", "prettier", "prisma", "playwright")
TEXTS = {f"{WORKSPACE}/etl/sql/daily.sql": "select day, sum(total) from orders group by day;"}
THERE = {
    *(f"{WORKSPACE}/node_modules/.bin/{name}" for name in INSTALLED),
    *(f"{WORKSPACE}/web/node_modules/.bin/{name}" for name in INSTALLED),
    *(f"{WORKSPACE}/data/{name}.db" for name in ("app", "shop")),
    *(f"{WORKSPACE}/{chart}" for chart in ("charts/shop", "ops/chart")),
    *TEXTS,
}
SANDBOX = Sandbox(Backend.BUBBLEWRAP, Path(HOME))
EXPORTED = frozenset({"HOME", "LANG", "NODE_ENV", "PATH", "TERM"})


@dataclass
class Log:
    """What the session has in its log: files it made, and files it only edited."""

    made: set[str] = field(default_factory=set[str])
    edited: set[str] = field(default_factory=set[str])

    def place(self, *, sandboxed: bool) -> Place:
        """Where the hour is spent."""
        return Place(
            workspace=WORKSPACE,
            home=HOME,
            there=THERE.__contains__,
            made=self.made.__contains__,
            undone=self.edited.__contains__,
            content=TEXTS.get,
            private=lambda path: sandboxed and path.startswith("/tmp/"),
            branch=lambda _, name: name in BRANCHES,
            exported=EXPORTED.__contains__,
        )

    def take(self, command: Command) -> None:
        """`makes` are the files a command leaves, `edits` those the file tools changed since."""
        self.made.update(command.get("makes", []))
        self.edited.update(command.get("edits", []))


def commands(hour: str) -> list[Command]:
    """The commands in their order, and what becomes of each at levels three and four."""
    lines = (FOLDER / f"{hour}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def decisions(
    hour: str, level: int, *, sandboxed: bool = True
) -> list[tuple[Command, Decision, str]]:
    """What happens to each command, and why."""
    policy = Policy(level, workspace=Path(WORKSPACE), home=Path(HOME), sandboxed=sandboxed)
    log = Log()
    seen: list[tuple[Command, Decision, str]] = []
    for command in commands(hour):
        text = str(command["command"])
        said, parts = read(text, log.place(sandboxed=sandboxed))
        if sandboxed:  # as the shell tool does where a sandbox passed its test
            kept = kept_in(said, parts, SANDBOX, outside=False)
            said = placed(kept, SANDBOX, parts, outside=False)
        verdict = judge("shell", {"command": text}, said, policy)
        seen.append((command, verdict.decision, f"{said.category}, {verdict.rule}"))
        log.take(command)
    return seen


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(("level", "name"), [(3, "three"), (4, "four")])
def test_only_what_a_careful_person_wants_to_see_asks(hour: str, level: int, name: str):
    other = [
        f"{decision}, wanted {command[name]} ({why}): {command['command']!r}"
        for command, decision, why in decisions(hour, level)
        if decision != command[name]
    ]
    assert not other, f"\n{len(other)}:\n" + "\n".join(other)


@pytest.mark.parametrize(("hour", "most"), HOURS.items())
def test_in_the_sandbox_an_hour_asks_hardly_at_all(hour: str, most: int):
    answers = [decision for _, decision, _ in decisions(hour, 4)]
    assert len(answers) >= 110
    assert answers.count(Decision.ASK) <= most


@pytest.mark.parametrize("hour", HOURS)
def test_without_a_sandbox_level_four_asks_as_often_as_three(hour: str):
    three = [decision for _, decision, _ in decisions(hour, 3)]
    assert [decision for _, decision, _ in decisions(hour, 4, sandboxed=False)] == three
