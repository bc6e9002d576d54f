"""`loopdeck mcp`: servers are named, tried, taken over, forgotten; a project's wait for a yes."""

import argparse
import json
import sys
from pathlib import Path

import pytest

from loopdeck.cli.config import load_settings
from loopdeck.cli.main import main
from loopdeck.cli.mcp import verbs as mcp_verbs
from loopdeck.cli.mcp.lacking import notices
from loopdeck.cli.mcp.project import accepted_servers
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.cli.mcp.servers import server_of, servers_of
from loopdeck.errors import ConfigError
from tests.tools.mcp.conftest import SERVER

GIVEN = {"mcpServers": {"fs": {"command": "npx", "args": ["-y", "server-filesystem", "/srv"]}}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a config in which somebody wrote words of their own."""
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    config = tmp_path / "home" / "config.toml"
    config.write_text("# my words\nlevel = 2 # keep\n\n[keys]\nhelp = 'x'\n", "utf-8")
    return config


def test_a_server_is_added_tried_and_forgotten_and_no_comment_is_lost(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = home.read_text("utf-8")
    command = ["--command", sys.executable, "-I", SERVER]
    assert main(["mcp", "add", "odd", "--trusted", "--env", "A=b=c", *command]) == 0
    server = load_settings(home, named=True).mcp.servers["odd"]
    assert server.trusted
    assert server.env == {"A": "b=c"}
    assert server.args == ["-I", SERVER]
    assert "# my words\nlevel = 2 # keep\n" in home.read_text("utf-8")
    assert main(["mcp", "add", "odd", "--url", "https://x.y"]) == 2
    assert main(["mcp", "test"]) == 0
    shown = capsys.readouterr().out
    assert "14 tools, protocol 2025-11-25" in shown
    assert "read         mcp__odd__echo  Says it again." in shown
    assert "destructive  mcp__odd__die" in shown
    assert "\x1b" not in shown
    assert main(["mcp", "remove", "odd"]) == 0
    assert load_settings(home, named=True).mcp.servers == {}
    assert home.read_text("utf-8").startswith(before)


def test_a_server_that_cannot_be_used_says_why(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mcp", "add", "gone", "--command", "no-such-program"]) == 0
    assert main(["mcp", "test", "gone"]) == 1
    assert "gone: There is no program no-such-program." in capsys.readouterr().out
    script = "import sys; sys.exit('first line\\noops')"
    assert main(["mcp", "add", "dies", "--command", sys.executable, "-c", script]) == 0
    assert main(["mcp", "test", "dies"]) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == ["dies: It ended: oops.", "  first line"]
    assert main(["mcp", "test", "other"]) == 2
    assert main(["mcp", "add", "keyed", "--env", "K=${NO_SUCH_KEY}", "--command", "x"]) == 0
    assert main(["mcp", "test", "keyed"]) == 1
    assert "keyed needs the variable NO_SUCH_KEY" in capsys.readouterr().err
    for wrong in (["a__b", "--url", "https://x"], ["a"], ["a", "--url", "ftp://x"]):
        assert main(["mcp", "add", *wrong]) == 2


def test_servers_of_other_programs_are_taken_over(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = {"servers": {"web": {"type": "sse", "url": "https://x.y", "headers": {"K": "${T}"}}}}
    for name, content in (("a.json", GIVEN), ("b.json", code)):
        (tmp_path / name).write_text(json.dumps(content), "utf-8")
        assert main(["mcp", "import", name]) == 0
        assert "fs" not in load_settings(home, named=True).mcp.servers or name == "b.json"
        assert main(["mcp", "import", name, "--write"]) == 0
    servers = load_settings(home, named=True).mcp.servers
    assert servers["fs"].args == ["-y", "server-filesystem", "/srv"]
    assert server_of("web", servers["web"], {"T": "t"}).transport == "sse"
    assert server_of("web", servers["web"], {"T": "t"}).headers == (("K", "t"),)
    with pytest.raises(ConfigError, match="needs the variable T"):
        server_of("web", servers["web"], {})
    assert "needs the variable T" in notices(servers, tmp_path, tmp_path / "book", {})[0]
    assert [server.name for server in servers_of(servers, {})] == ["fs"]
    capsys.readouterr()
    (tmp_path / PROJECT).write_text(json.dumps(GIVEN), "utf-8")
    assert main(["mcp", "list"]) == 0
    listed = capsys.readouterr().out
    assert "K: …" in listed
    assert "mcp accept" not in listed  # the person's own is the one that runs
    (tmp_path / "c.json").write_text('{"mcpServers": {"x": {"args": 7}}}', "utf-8")
    assert main(["mcp", "import", "c.json"]) == 2


def test_only_a_person_at_a_terminal_accepts(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / PROJECT).write_text(json.dumps(GIVEN), "utf-8")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["mcp", "accept"]) == 2
    assert "npx -y server-filesystem /srv" in capsys.readouterr().out
    said: list[bool] = [False, True]

    def confirmed(question: str) -> bool:
        assert "Start these MCP servers" in question
        return said.pop(0)

    monkeypatch.setattr(mcp_verbs, "confirmed", confirmed)
    args = argparse.Namespace(verb="accept", folder=".", db=None, config=None)
    assert mcp_verbs.main(args) == 1
    assert mcp_verbs.main(args) == 0
    assert list(accepted_servers(tmp_path, home.with_name("mcp-servers.json"))) == ["fs"]
