"""From a run to its place in the library: read when it ends, found, named, put away, gone."""

import sqlite3
from contextlib import closing

import pytest

from loopdeck.journal.opening import connect
from tests.e2e.saying import DONE, call, calls
from tests.support.program import Program, answering

HOSTILE = "\x1b]0;owned\x07\x1b[2J⁦[/]"


def _read_up_to(program: Program) -> list[tuple[str, int]]:
    """What the index has read, without letting it read on."""
    path = program.home / "loopdeck.db.index"
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT id, upto FROM sessions").fetchall()


def _words_on_disk(program: Program) -> set[str]:
    """Which of the two words are in any file of the database."""
    kept = [path for path in program.home.rglob("loopdeck.db*") if path.is_file()]
    data = b"".join(path.read_bytes() for path in kept)
    return {word for word in ("wombat", "marsupial") if word.encode() in data}


def test_a_run_is_searched_as_soon_as_it_has_ended(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [calls(call("shell", command="echo wombat_7")), DONE]):
        ran = program.run("--level", "3", "--allow", "shell(echo *)")
    assert ran.code == 0
    assert _read_up_to(program) == [(ran.session, len(ran.lines))]
    hits = program("sessions", "search", "wombat").out.splitlines()
    assert len(hits) >= 2  # the command and its output
    assert all(hit.startswith(f"{ran.session} --at ") for hit in hits)


def test_nothing_of_a_session_is_left_when_it_was_deleted_for_good(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [calls(call("shell", command="echo wombat_7")), DONE]):
        session = program.run("--allow", "shell(echo *)").session
    program("sessions", "rename", session, "marsupial")
    program("sessions", "search", "wombat")
    assert _words_on_disk(program) == {"wombat", "marsupial"}
    assert program("sessions", "delete", "--for-good", "--yes", session).code == 0
    assert _words_on_disk(program) == set()
    with closing(connect(program.home / "loopdeck.db")) as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0,)


def test_a_hostile_name_is_printed_and_not_obeyed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(monkeypatch, [DONE]):
        session = program.run().session
    for argv in (
        ["rename", session, HOSTILE],
        ["tag", session, HOSTILE],
        ["list"],
        ["list", "--json"],
        ["archive", session],
        ["list", "--archived"],
        ["list", "--archived", "--json"],
    ):
        ran = program("sessions", *argv)
        assert ran.code == 0
        text = (ran.out + ran.err).replace("\n", "")
        assert text.isprintable(), argv
