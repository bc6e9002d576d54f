"""`loopdeck mcp login` and `logout`, and what nobody gets to read of a login."""

import asyncio
import os
import urllib.request
import webbrowser
from pathlib import Path

import pytest

from loopdeck.cli.main import main
from loopdeck.cli.secrecy import LOGINS, passing_redactor, redactor_for
from loopdeck.permissions.secrets.places import is_sensitive
from tests.support.login_server import ACCESS, REFRESH, wanting_login


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of nobody."""
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


async def test_a_human_logs_in_sees_it_and_logs_out(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        assert str(home.parent) not in os.environ["PATH"]
        with urllib.request.urlopen(url) as page:
            return b"You can close this page" in page.read()

    async def loopdeck(*words: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, list(words))
        said, told = capsys.readouterr()
        return code, said, told

    monkeypatch.setattr(webbrowser, "open", browser)
    monkeypatch.setenv("PATH", f"{home.parent}/bin:{os.environ['PATH']}")
    async with wanting_login() as fake:
        await loopdeck("mcp", "add", "kept", "--url", f"{fake.url}/mcp")
        code, said, _ = await loopdeck("mcp", "test")
        assert code == 1
        assert "kept: It wants a login. Run `loopdeck mcp login kept`." in said
        assert not opened
        code, said, told = await loopdeck("mcp", "login", "kept")
        assert code == 0, told
        assert "kept sends you to 127.0.0.1 to log in." in told
        assert said.strip() == opened[0]
        code, said, told = await loopdeck("mcp", "list")
        assert "on, logged in" in said
        code, said, told = await loopdeck("mcp", "test")
        assert code == 0
        assert "kept: 1 tool" in said
        fake.returns = {"state": "x"}
        code, _, told = await loopdeck("mcp", "login", "kept")
        assert code == 1
        assert "kept: What came back from the browser answers another login" in told
    log = "".join(file.read_text("utf-8") for file in (home / "log").iterdir())
    assert ACCESS not in log
    assert "Traceback" not in told
    redactor = redactor_for(home, home, {})
    for secret in (f"{ACCESS}-1", REFRESH):
        assert secret not in redactor.clean(f"you showed {secret}")
        assert secret not in passing_redactor({}, home).clean(f"you showed {secret}")
    assert is_sensitive(str(home / LOGINS))
    assert (await loopdeck("mcp", "logout", "kept"))[0] == 0
    assert (await loopdeck("mcp", "logout", "kept"))[0] == 1
    assert ACCESS not in (home / LOGINS).read_text("utf-8")


def test_where_there_is_no_login_that_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home
    main(["mcp", "add", "here", "--command", "no-such-program"])
    main(
        ["mcp", "add", "mine", "--url", "https://x.example", "--header", "authorization: Bearer x"]
    )
    assert main(["mcp", "login", "here"]) == 2
    assert main(["mcp", "login", "mine"]) == 2
    assert main(["mcp", "login", "other"]) == 2
    told = capsys.readouterr().err
    assert "is a command on this machine" in told
    assert "an Authorization header of yours already" in told
