"""What long outputs leave on the disk goes when their session goes for good."""

from pathlib import Path

import pytest

from tests.e2e.saying import DONE, call, calls
from tests.support.program import Program, answering


def session_with_output(program: Program, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session of which a whole output is kept; the folder with it."""
    program.home.mkdir()
    (program.home / "config.toml").write_text("sandbox = false\n")  # nothing has to be tried
    with answering(monkeypatch, [calls(call("shell", command="seq 1 20000")), DONE]):
        ran = program.run("--allow", "shell(seq *)")
    (kept,) = (program.home / "spool" / ran.session).iterdir()
    assert kept.stat().st_size == 108_894
    return kept.parent


def outputs(program: Program) -> dict[str, str]:
    """What the doctor says of them."""
    lines: list[dict[str, str]] = program("doctor", "--json").lines
    nothing: dict[str, str] = {}
    return next((line for line in lines if line["what"] == "outputs"), nothing)


def test_the_archive_keeps_them_and_deleting_for_good_does_not(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with_output(program, monkeypatch)
    assert (program.home / "spool").stat().st_mode & 0o777 == 0o700
    program("sessions", "delete", "--yes", folder.name)
    assert folder.exists()
    assert outputs(program)["state"] == "ok"
    program("sessions", "restore", folder.name)
    assert folder.exists()
    program("sessions", "delete", "--for-good", "--yes", folder.name)
    assert list((program.home / "spool").iterdir()) == []


def test_the_doctor_removes_what_is_nobodys_and_says_so(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with_output(program, monkeypatch)
    gone = folder.with_name("gone1234")
    gone.mkdir()
    (gone / "shell-1.log").write_bytes(b"x" * 2_000_000)
    found = outputs(program)
    assert found["state"] == "note"
    assert "2.0 MB of 1 session that is gone: removed just now" in found["says"]
    assert not gone.exists()
    assert folder.exists()
    assert outputs(program)["state"] == "ok"


def test_without_its_database_no_folder_is_taken_for_nobodys(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with_output(program, monkeypatch)
    (program.home / "loopdeck.db").rename(program.home / "elsewhere.db")
    assert outputs(program) == {}
    assert folder.exists()


def test_how_much_is_kept_is_a_setting(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program.home.mkdir()
    (program.home / "config.toml").write_text("sandbox = false\nspool_mb = 0\n")
    with answering(monkeypatch, [calls(call("shell", command="seq 1 20000")), DONE]):
        ran = program.run("--allow", "shell(seq *)")
    (finished,) = ran.of("call_finished")
    assert "nothing of it is kept" in str(finished["output"])
    assert not (program.home / "spool").exists()
