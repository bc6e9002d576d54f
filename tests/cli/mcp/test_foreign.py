"""Configurations as people have them for other programs: pasted, they are ours."""

import json
from pathlib import Path

import pytest

from loopdeck.cli.config import load_settings
from loopdeck.cli.main import main
from loopdeck.cli.mcp.foreign import read_foreign, usable_name
from loopdeck.cli.mcp.servers import server_of
from loopdeck.errors import ConfigError

VS_CODE = """{
  // what VS Code asks for once
  "inputs": [{"type": "promptString", "id": "api-key", "description": "Key", "password": true},],
  "servers": {
    "files": {
      "type": "stdio", "command": "npx",
      "args": ["-y", "@modelcontextprotocol/server-filesystem", "${workspaceFolder}/docs"],
      "envFile": "${workspaceFolder}/.env", /* beside it */
      "env": {"TOKEN": "${input:api-key}", "URL": "http://x.y//z"},
    },
    "web": {"type": "http", "url": "https://x.y/mcp", "headers": {"K": "Bearer ${input:api-key}"}}
  }
}"""


def test_vs_codes_comments_inputs_folders_and_files_of_variables_are_taken_over(
    tmp_path: Path,
) -> None:
    (tmp_path / ".vscode").mkdir()
    path = tmp_path / ".vscode" / "mcp.json"
    path.write_text(VS_CODE, "utf-8")
    (tmp_path / ".env").write_text("# mine\nexport A='b c'\nTOKEN=old\n\n", "utf-8")
    found = read_foreign(path, env_files=True)
    assert found["files"].args[-1] == "./docs"
    assert found["files"].env == {"A": "b c", "TOKEN": "${API_KEY}", "URL": "http://x.y//z"}
    web = server_of("web", found["web"], {"API_KEY": "k"})
    assert (web.transport, web.headers) == ("http", (("K", "Bearer k"),))
    with pytest.raises(ConfigError, match="needs the variable API_KEY"):
        server_of("web", found["web"], {})
    (tmp_path / ".env").unlink()
    with pytest.raises(ConfigError, match=r"no file .*\.env"):
        read_foreign(path, env_files=True)
    assert "A" not in read_foreign(path)["files"].env  # a project's file names no other to read


def test_cursors_and_claude_desktops_are_taken_over(tmp_path: Path) -> None:
    cursor = {
        "mcpServers": {
            "memory": {
                "command": "${userHome}/bin/memory",
                "env": {"TOKEN": "${env:MEMORY_TOKEN}", "REST": "${LEFT:-alone}"},
            },
            "far": {"type": "streamable-http", "url": "https://x.y/mcp", "disabled": True},
        }
    }
    path = tmp_path / "mcp.json"
    path.write_text(json.dumps(cursor), "utf-8")
    found = read_foreign(path)
    server = server_of("memory", found["memory"], {"HOME": "/home/a", "MEMORY_TOKEN": "t"})
    assert server.command == "/home/a/bin/memory"
    assert server.env == (("TOKEN", "t"), ("REST", "alone"))
    assert found["far"].disabled
    assert found["far"].transport == "http"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("github", "github"), ("My Notes", "My-Notes"), ("@a/b__c", "a-b_c"), ("x" * 40, "x" * 32)],
)
def test_a_name_that_ours_cannot_have_becomes_one_that_they_can(theirs: str, ours: str) -> None:
    assert usable_name(theirs) == ours


def test_import_says_under_which_name_a_server_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path / "home"))
    path = tmp_path / "desktop.json"
    path.write_text(json.dumps({"mcpServers": {"My Notes": {"command": "notes"}}}), "utf-8")
    assert main(["mcp", "import", str(path), "--write"]) == 0
    assert capsys.readouterr().out.startswith("My-Notes")
    config = tmp_path / "home" / "config.toml"
    assert load_settings(config, named=True).mcp.servers["My-Notes"].command == "notes"
    path.write_text(json.dumps({"mcpServers": {"a b": {"command": "x"}, "a.b": {}}}), "utf-8")
    assert main(["mcp", "import", str(path)]) == 2
    assert "would both be a-b" in capsys.readouterr().err
