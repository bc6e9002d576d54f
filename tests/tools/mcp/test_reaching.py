"""What a server's call may touch is seen however its arguments spell it."""

from pathlib import Path

import pytest

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.reaching import MOST_FOLLOWED, MOST_PATHS, facts_of
from loopdeck.tools.mcp.servers import Server

SERVER = Server("files", command="files", trusted=True)


def facts(ws: Path, args: JsonObject) -> JsonObject:
    return facts_of(SERVER, args, ws, out=False)


@pytest.mark.parametrize(
    "text",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file:/etc/passwd",
        "file://localhost/etc/passwd",
        "file:///%65tc/passwd",
        "../beside",
        "a/../../beside",
        "~/notes",
        "way-out/file",
        "way-out/deeper/../file",
        "a/\0b",
    ],
)
def test_a_way_out_of_the_workspace_is_one_in_every_spelling(tmp_path: Path, text: str) -> None:
    ws = tmp_path / "ws"
    ws.mkdir()
    (ws / "way-out").symlink_to(tmp_path)
    assert facts(ws, {"path": text}).get("outside_workspace") is True


@pytest.mark.parametrize(
    "text",
    [
        *(".env", "id_rsa", "server.key", "credentials.json", "a/.ssh/config"),
        *("store://shelf/.aws/credentials", "file:%2Eenv", "store://x/%2Eenv"),
    ],
)
def test_the_name_of_a_secret_is_one_in_every_spelling(tmp_path: Path, text: str) -> None:
    assert facts(tmp_path, {"what": text}).get("sensitive") is True


@pytest.mark.parametrize(
    "text", ["main", "token", "src/a.py", "README.md", "https://example.com/a", "see .env first"]
)
def test_what_names_neither_is_left_alone(tmp_path: Path, text: str) -> None:
    found = facts(tmp_path, {"what": text, "here": str(tmp_path / "a.py")})
    assert "sensitive" not in found
    assert "outside_workspace" not in found


def test_nothing_is_too_deep_to_be_seen_and_keys_count_too(tmp_path: Path) -> None:
    deep: object = "/etc/passwd"
    for _ in range(50):
        deep = [deep]
    assert facts(tmp_path, {"a": deep})["outside_workspace"] is True
    assert facts(tmp_path, {"files": {"/etc/passwd": 1}})["outside_workspace"] is True


def test_of_very_many_paths_some_are_said_and_all_of_them_count(tmp_path: Path) -> None:
    some: list[str] = [f"a/{number}" for number in range(MOST_PATHS + 9)]
    assert facts(tmp_path, {"some": some})["paths"] == some[:MOST_PATHS]
    assert facts(tmp_path, {"some": [*some, "/etc/passwd"]})["outside_workspace"] is True
    many = [f"a/{number}" for number in range(MOST_FOLLOWED + 1)]
    assert facts(tmp_path, {"many": many})["outside_workspace"] is True
