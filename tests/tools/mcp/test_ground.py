"""A server runs nothing that lies in the workspace, unless its human said so."""

from pathlib import Path

import pytest

from loopdeck.errors import HeldBackError
from loopdeck.tools.mcp.ground import Start, start_of
from loopdeck.tools.mcp.servers import Server

HELD = (
    "./server",
    "tools/server.py",
    ".venv/bin/python -m fine",
    "venv-server --verbose",
    "way-in/server.py",
    "python3 tools/server.py",
    "python3 ./tools/server.py",
    "python3 {ws}/tools/server.py",
    "python3 way-out/server.py",
    "python3 {link}/tools/server.py",
    "env X=1 python3 tools/server.py",
    "python3 .",
    "node dist/index.js",
    "node --import=./dist/index.js x",
    "node --import file:./dist/index.js x",
    "node ./dist",
    "deno run --allow-all dist/index.js",
    "npx ./dist",
    "npx -y --package ./dist run",
    "uvx --from . thing",
    "uvx --from=. thing",
    "uvx --with some --from {ws} thing",
    "uv --directory . run server",
    "uv run --project={ws}/tools server",
    "npm --prefix ./dist start",
    "docker compose -f ./compose.yaml up",
    "env -C {ws} python3 -m x",
    "env --chdir=. python3 -m x",
    "env PYTHONPATH={link} python3 -m x",
    "env PATH={ws}:/bin x",
    "uvx some-proxy --cwd . python3 -m x",
    "uvx --from git+file://{ws} thing",
    "node -r{ws}/dist/index.js x",
    "ruby -I{ws}/tools x",
    "java -cp /opt/x.jar:{ws} Main",
    "direnv exec . x",
    "nix run .",
)
FREE = (
    "python3 -m mcp_server_git",
    "uvx mcp-server-git --repository .",
    "npx -y @modelcontextprotocol/server-filesystem .",
    "npx -y @modelcontextprotocol/server-filesystem {ws}",
    "npx dist",
    "uvx tools",
    "uvx mcp-server-sqlite --db-path ./notes.db",
    "docker run -i --rm -v {ws}:/work mcp/git",
    "docker run -i --rm -v .:/work mcp/git",
    "env MODE=fast DATA={ws} python3 -m mcp_server_time",
    "java -jar {out}/server.jar .",
    "outside-server --root {ws}/tools",
    "{out}/server.py {ws}",
)


@pytest.fixture
def ws(tmp_path: Path) -> Path:
    """A workspace with programs in it, and a few beside it."""
    root = tmp_path / "home/ws"
    names = ("server", "tools/server.py", "dist/index.js", ".venv/bin/venv-server", "notes.db")
    for name in (*names, "mcp_server_git.py", "compose.yaml"):
        _program(root / name)
    _program(tmp_path / "out/server.py")
    _program(tmp_path / "out/outside-server")
    _program(tmp_path / "out/python-of-all")
    (root / ".venv/bin/python").symlink_to(tmp_path / "out/python-of-all")
    (root / "way-out").symlink_to(tmp_path / "out")
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "out/linked").symlink_to(root / "server")
    (root / "way-in").symlink_to(tmp_path / "out")
    return root


def _program(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)


def _server(text: str, ws: Path, *, from_workspace: bool = False) -> Server:
    places = {"ws": ws, "link": ws.parents[1] / "link", "out": ws.parents[1] / "out"}
    command, *args = text.format(**places).split()
    return Server("s", command=command, args=tuple(args), from_workspace=from_workspace)


def _start(server: Server, ws: Path) -> Start:
    path = f"{ws}/.venv/bin:{ws.parents[1]}/out:bin:/usr/bin"
    return start_of(server, ws, {"PATH": path, "HOME": str(ws.parent)})


@pytest.mark.parametrize("text", HELD)
def test_what_takes_its_program_from_the_workspace_is_held_back(ws: Path, text: str) -> None:
    with pytest.raises(HeldBackError, match="an agent may have changed"):
        _start(_server(text, ws), ws)


@pytest.mark.parametrize("text", HELD)
def test_what_its_human_lets_come_from_there_starts_there(ws: Path, text: str) -> None:
    server = _server(text, ws, from_workspace=True)
    start = _start(server, ws)
    assert (start.words, start.folder) == ((server.command, *server.args), ws)
    assert str(ws / ".venv/bin") in start.env["PATH"]


@pytest.mark.parametrize("text", FREE)
def test_all_others_start_at_home_and_find_no_program_of_the_workspace(ws: Path, text: str) -> None:
    start = _start(_server(text, ws), ws)
    assert start.folder == ws.parent
    assert start.env["PATH"] == f"{ws.parents[1]}/out:/usr/bin"


def test_a_word_for_here_is_the_workspace_wherever_it_starts(ws: Path) -> None:
    start = _start(_server("uvx thing --repository . --db=./notes.db ../beside sub", ws), ws)
    words = ("uvx", "thing", "--repository", str(ws), f"--db={ws}/notes.db")
    assert start.words == (*words, str(ws.parent / "beside"), "sub")


def test_a_container_is_given_the_workspace_and_not_the_home(ws: Path) -> None:
    mount = "--mount type=bind,src=.,dst=/a --mount=type=bind,source=./tools,dst=/b"
    start = _start(_server(f"docker run -v .:/c:ro -v ./tools:/d {mount} a.:b x=.:y", ws), ws)
    assert start.words == (
        *("docker", "run", "-v", f"{ws}:/c:ro", "-v", f"{ws}/tools:/d"),
        *("--mount", f"type=bind,src={ws},dst=/a", f"--mount=type=bind,source={ws}/tools,dst=/b"),
        *("a.:b", "x=.:y"),
    )


def test_a_link_outside_that_leads_in_is_held_back(ws: Path) -> None:
    with pytest.raises(HeldBackError):
        _start(_server("linked", ws), ws)


def test_a_script_that_names_the_workspace_is_held_back(
    ws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(ws.parent))
    link = ws.parents[1] / "link"
    for script in (
        f"cd {ws} && ./x",
        f"cd {link} && ./x",
        "cd ~/ws && ./x",
        "cd $HOME/ws; ./x",
        "cd ${HOME}/ws; ./x",
    ):
        with pytest.raises(HeldBackError):
            _start(Server("s", command="sh", args=("-c", script)), ws)


def test_a_variable_that_leads_a_program_in_is_held_back(ws: Path) -> None:
    link = ws.parents[1] / "link"
    for name, value in (
        ("PYTHONPATH", f"/opt:{ws}"),
        ("PYTHONPATH", f"/opt:{link}/tools"),
        ("NODE_OPTIONS", f"--import=file://{link}/dist/index.js"),
        ("JAVA_TOOL_OPTIONS", f"-javaagent:{link}/x.jar"),
        ("UV_PROJECT", str(ws)),
        ("HOME", str(link)),
    ):
        held = Server("s", command="python3", args=("-m", "x"), env=((name, value),))
        with pytest.raises(HeldBackError, match=name):
            _start(held, ws)
    data = Server("s", command="python3", args=("-m", "x"), env=(("ALLOWED", str(ws)),))
    assert _start(data, ws).env["ALLOWED"] == str(ws)


def test_where_the_home_is_the_workspace_nothing_starts_in_it(ws: Path) -> None:
    server = Server("s", command="uvx", args=("thing",))
    assert start_of(server, ws, {"HOME": str(ws), "PATH": "/usr/bin"}).folder == Path("/")
