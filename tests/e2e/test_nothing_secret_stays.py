"""One key through each door into the program; afterwards none of its files holds any of them."""

import asyncio
import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from loopdeck.cli.folding import state_of
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.calls import CallView
from loopdeck.session.commands import Answer, Approve, Command, Deny, Say
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, JsonObject, Rule
from tests.e2e.saying import DONE, call, calls
from tests.support.message_script import HttpFault, Script, Text, Thinking
from tests.support.program import KEY, Program, answering

BODY = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1"
DOORS = (
    *("goal", "thinking", "text", "plan", "read", "error", "wrong", "long", "written", "asked"),
    *("edited", "answered", "said", "denied", "granted", "check", "fault", "log", "trace"),
    *("command", "late"),
)


def token(door: str) -> str:
    """A key that is told from those of the other doors. Put together here for the scanners."""
    return "ghp" + f"_{BODY}{DOORS.index(door):06d}"


def contents(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file, and every value in its database as it is read."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.suffix == ".db":
            yield from values(path)


def values(path: Path) -> Iterator[tuple[str, bytes]]:
    """The values of all tables, those that were packed as they were."""
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in db.execute(f'SELECT * FROM "{table}"'):
                yield table, b" ".join(plain(value) for value in row)


def plain(value: object) -> bytes:
    """A value as bytes, unpacked."""
    if not isinstance(value, bytes):
        return str(value).encode()
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def traces(home: Path) -> dict[str, set[str]]:
    """Which door's key is found where."""
    found: dict[str, set[str]] = {}
    for name, content in contents(home):
        for door in DOORS:
            if token(door).encode() in content:
                found.setdefault(door, set()).add(name)
    return found


def tell(program: Program, *commands: Command) -> None:
    """Leave commands for the newest session, as another process does."""

    async def post() -> None:
        async with await SqliteJournal.open(program.home / "loopdeck.db") as journal:
            (summary, *_) = await journal.summaries()
            for command in commands:
                await journal.post(summary.id, command)

    asyncio.run(post())


def now(program: Program) -> SessionState:
    """How the newest session stands."""

    async def read() -> SessionState:
        async with await SqliteJournal.open(program.home / "loopdeck.db") as journal:
            (summary, *_) = await journal.summaries()
            return await state_of(journal, summary.id)

    return asyncio.run(read())


def yes(call_view: CallView | None, args: JsonObject | None = None) -> Approve:
    """An approval of a call as it was shown."""
    assert call_view is not None
    return Approve(call_id=call_view.call_id, binding=call_view.binding, args=args)


FIRST = Script(
    (
        Thinking(f"I know {token('thinking')}."),
        Text(f"The key is {token('text')}."),
        call("update_plan", "plan", items=[{"text": f"use {token('plan')}", "status": "todo"}]),
        call("read_file", "read", path="notes.txt"),
        call("read_file", "error", path=f"{token('error')}.txt"),
        call("read_file", "wrong", path="notes.txt", nonsense=token("wrong")),
        call("shell", "long", command="cat long.txt"),
        call("write_file", "written", path="a.txt", content=f"A={token('written')}\n"),
        call("shell", "command", command=f"echo {token('command')} > b.txt"),
        call("write_file", "edited", path="e.txt", content="e\n"),
        call("write_file", "denied", path="c.txt", content="c\n"),
        call("ask_human", "asked", question=f"Is it {token('asked')}?", options=["yes", "no"]),
    ),
    stop="tool_use",
)


def test_no_door_leaves_a_key_in_any_file(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program.workspace / "notes.txt").write_text(f"token: {token('read')}\n")
    noise = "nothing to see in this line\n" * 500
    (program.workspace / "long.txt").write_text(f"{noise}{token('long')}\n{noise}")
    (program.workspace / "check.sh").write_text(f"echo {token('check')}; exit 1\n")
    fault = HttpFault(400, "invalid_request_error", f"no such key: {token('fault')}")
    with answering(monkeypatch, [FIRST, DONE, fault]) as server:
        parked = program.run("--check", "sh check.sh", goal=f"use {token('goal')}")
        assert parked.code == 4
        state = now(program)
        (question,) = state.asks
        rule = Rule(decide="allow", match=f"shell(echo {token('granted')} *)", scope="user")
        grant = Grant(grant_id="g1", rule=rule)
        tell(
            program,
            yes(state.call("written"), {"path": "a.txt", "content": token("late")}),
            yes(state.call("edited"), {"path": "e.txt", "content": token("edited")}),
            yes(state.call("command")).model_copy(update={"grant": grant}),
            Deny(call_id="denied", reason=f"it has {token('denied')}"),
            Answer(ask_id=question.ask_id, answer="no", text=f"rather {token('answered')}"),
            Say(text=f"and {token('said')}"),
        )
        assert traces(program.home).keys() >= {"edited", "late", "said"}  # this test can fail
        assert program("resume", "--headless", "--json", "last").code == 1
        assert len(server.bodies) == 3
    logging.getLogger("loopdeck").warning("it was %s", token("log"))
    try:
        raise ValueError(token("trace"))
    except ValueError:
        logging.getLogger("loopdeck").exception("that")
    # What ran is what was meant; a call that held a key itself had only the log to wait in.
    assert (program.workspace / "e.txt").read_text() == token("edited")
    assert not (program.workspace / "a.txt").exists()
    assert "it was ‹redacted" in (program.home / "log" / "loopdeck.log").read_text()
    assert any(name.startswith("shell-") for name, _ in contents(program.home))
    assert traces(program.home) == {}
    shown = program("sessions", "show", "last", "--json").out
    assert not [door for door in DOORS if token(door) in shown]
    assert not any(KEY.encode() in content for _, content in contents(program.home))


def test_what_is_not_to_be_stored_is_in_no_file_however_long_it_is(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "a plain word that no shape tells from others\n"
    (program.workspace / "id_rsa").write_text(words * 1_000)
    reads = calls(call("shell", "c1", command="cat id_rsa"))
    with answering(monkeypatch, [reads, DONE]) as server:
        assert program.run().code == 4
        tell(program, yes(now(program).call("c1")).model_copy(update={"store": False}))
        assert program("resume", "--headless", "--json", "last").code == 0
        assert words in str(server.bodies[1]).replace("\\n", "\n")
    assert not any(b"a plain word" in content for _, content in contents(program.home))
    assert not any(name.startswith("shell-") for name, _ in contents(program.home))
