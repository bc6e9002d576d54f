"""Damage is found, said with a next step, and what is left of the sessions is saved."""

from pathlib import Path

import pytest

from loopdeck.journal.reading import log_of
from tests.cli.sessions.test_verbs import RECORDING
from tests.support.program import Program


@pytest.fixture
def database(program: Program) -> Path:
    """A library with the recorded demo."""
    assert program("sessions", "import", str(RECORDING)).code == 0
    path = program.home / "loopdeck.db"
    assert not log_of(path).exists()
    return path


def test_a_sound_library_has_no_problems(program: Program, database: Path):
    ran = program("sessions", "verify")
    assert (ran.code, ran.out) == (0, "1 checked, 0 with problems\n")


def test_a_damaged_library_is_found_told_and_saved(program: Program, database: Path):
    content = database.read_bytes()
    whole = program("sessions", "show", "last", "--json").out
    database.write_bytes(bytes(4096) + content[4096:])  # the page that tells what is where
    for words in (("list",), ("verify",), ("show", "last")):
        ran = program("sessions", *words)
        assert ran.code == 1
        assert "sessions salvage" in ran.err
        assert "Traceback" not in ran.err
    found = program("doctor")
    assert "✗ database" in found.out
    ran = program("sessions", "salvage", "--output", str(database.with_name("new.db")))
    assert ran.code == 0, ran.err
    assert "1 sessions" in ran.out
    assert "0 events missing" in ran.out
    new = ("--db", str(database.with_name("new.db")))
    assert program(*new, "sessions", "verify").code == 0
    assert program(*new, "sessions", "show", "last", "--json").out == whole


def test_an_emptied_library_is_not_a_new_one(program: Program, database: Path):
    database.write_bytes(b"")
    ran = program("sessions", "list")
    assert ran.code == 1
    assert "though sessions were kept in it" in ran.err
    assert "✗ database" in program("doctor").out
    assert database.read_bytes() == b""


def test_pages_that_no_session_needs_are_looked_at_too(program: Program, database: Path):
    pages = database.read_bytes()
    random = bytes(range(256)) * 16
    found: set[int] = set()
    for place in range(2, min(9, len(pages) // 4096)):
        database.write_bytes(pages[: place * 4096] + random + pages[(place + 1) * 4096 :])
        ran = program("sessions", "verify")
        found.add(ran.code)
        assert "✗ database" in program("doctor").out
        assert "Traceback" not in ran.err
    assert found == {1}


def test_there_has_to_be_something_to_save(program: Program):
    ran = program("sessions", "salvage")
    assert ran.code == 0
    assert "no sessions yet" in ran.err
