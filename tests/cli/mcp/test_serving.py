"""`loopdeck mcp`: servers are named, tried, taken over, forgotten; a project's wait for a yes."""

import argparse
import json
import sys
from pathlib import Path

import pytest

from loopdeck.cli.config import McpServer, load_settings
from loopdeck.cli.main import main
from loopdeck.cli.mcp import verbs as mcp_verbs
from loopdeck.cli.mcp.roster import PROJECT
from loopdeck.cli.mcp.servers import (
    OfferFile,
    accept_servers,
    accepted_servers,
    notices,
    server_of,
    servers_of,
    waiting_sentence,
)
from loopdeck.errors import ConfigError
from loopdeck.tools.mcp.offers import Hints, offer_of
from loopdeck.tools.mcp.servers import Server
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


def test_a_server_of_a_project_waits_for_a_yes_to_just_this_command_line(tmp_path: Path) -> None:
    book, file = tmp_path / "book.json", tmp_path / PROJECT
    assert waiting_sentence(tmp_path, book) == ()
    file.write_text(json.dumps(GIVEN), "utf-8")
    assert "mcp accept" in waiting_sentence(tmp_path, book)[0]
    assert accepted_servers(tmp_path, book, {}) == []
    mine = McpServer(command="npx")
    assert notices({"fs": mine}, tmp_path, book, {}) == ()  # it is not the project's that runs
    off = mine.model_copy(update={"disabled": True})
    assert "mcp accept" in notices({"fs": off}, tmp_path, book, {})[0]
    shown = {"fs": McpServer(command="npx", args=["-y", "server-filesystem", "/srv"])}
    accept_servers(tmp_path, book, shown)
    assert waiting_sentence(tmp_path, book) == ()
    assert [server.name for server in accepted_servers(tmp_path, book, {})] == ["fs"]
    file.write_text(json.dumps(GIVEN).replace("/srv", "/etc"), "utf-8")
    assert accepted_servers(tmp_path, book, {}) == []
    assert len(waiting_sentence(tmp_path, book)) == 1
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    assert accepted_servers(tmp_path, book, {}) == []
    file.unlink()
    file.write_text("{", "utf-8")
    assert "do not start" in waiting_sentence(tmp_path, book)[0]


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
    names = [one.name for one in accepted_servers(tmp_path, home.with_name("mcp-servers.json"), {})]
    assert names == ["fs"]


def test_what_was_offered_and_let_run_is_kept_for_the_very_same_server(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    server, other = Server("s", command="a"), Server("s", command="b")
    offer = offer_of("s", "t", "Does it.", {"type": "object"}, Hints(reads=True))
    OfferFile(path).remember(server, [offer])
    OfferFile(path).accept(offer)
    kept = OfferFile(path)
    assert list(kept.known(server)) == [offer]
    assert kept.known(other) == ()
    assert kept.accepted(offer) == offer.mark
    assert path.stat().st_mode & 0o077 == 0
    path.write_text("nonsense", "utf-8")
    assert OfferFile(path).known(server) == ()
