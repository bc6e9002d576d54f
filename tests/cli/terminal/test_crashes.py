"""What goes wrong inside leaves a report that can be shown around, and is told by its path."""

from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.logins import LoginFile, unheard
from loopdeck.cli.secrecy import LOGINS
from loopdeck.cli.terminal.crashes import KEPT, write_report
from loopdeck.tools.mcp.logins import Login
from loopdeck.tools.mcp.servers import Server
from tests.support.program import Program

SECRET = "s3cret-0f-this-shell"
TOKEN = "t0ken-of-a-login"


def failed(text: str) -> ZeroDivisionError:
    """An error that came from somewhere."""
    try:
        raise ZeroDivisionError(text)
    except ZeroDivisionError as error:
        return error


def test_a_report_has_no_secrets_nothing_that_acts_and_one_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_API_KEY", SECRET)
    login = Login(url="https://x.example", endpoint="https://x.example/t", access=TOKEN, client={})
    LoginFile(tmp_path / LOGINS, SystemClock(), unheard).keep(Server("x", url=login.url), login)
    error = failed(f"no {SECRET} here \x1b[2J, and no {TOKEN}")
    path = write_report(tmp_path / "log", tmp_path, "run", error)
    assert path is not None
    text = path.read_text()
    assert "ZeroDivisionError" in text
    assert "in failed" in text
    assert SECRET not in text
    assert TOKEN not in text
    assert "\x1b" not in text
    assert path.stat().st_mode & 0o777 == 0o600


def test_old_reports_go(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        (tmp_path / f"crash-2020-{number:03}.txt").touch()
    path = write_report(tmp_path, tmp_path, "run", failed("again"))
    left = sorted(tmp_path.iterdir())
    assert len(left) == KEPT
    assert left[-1] == path


def test_where_nothing_can_be_written_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    assert write_report(tmp_path / "log", tmp_path, "run", failed("again")) is None


def test_a_command_that_fails_inside_says_where_its_report_is(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        raise failed("nobody expected it")

    monkeypatch.setattr("loopdeck.cli.doctor.main", broken)
    ran = program("doctor")
    (report,) = (program.home / "log").glob("crash-*.txt")
    assert ran.code == 1
    assert f"The details are in {report}" in ran.err
    assert "nobody expected it" in report.read_text()
