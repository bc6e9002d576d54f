"""A run that uses a server's tools beside our own: asked for, answered, recorded, run again."""

import sys

import pytest

from tests.e2e.saying import DONE, call, calls
from tests.support.program import Program, answering
from tests.tools.mcp.conftest import SERVER

ECHO, DIE = "mcp__odd__echo", "mcp__odd__die"


def test_tools_of_a_server_are_offered_judged_recorded_and_happen_again(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.home.mkdir(exist_ok=True)
    monkeypatch.chdir(program.folder)  # away from the Python that the tests run with
    config = (
        "[mcp.servers.odd]\n"
        f'command = "{sys.executable}"\nargs = ["-I", "{SERVER}"]\ntrusted = true\n'
        '[mcp.servers.bad]\ncommand = "/nope/server"\n'
    )
    (program.home / "config.toml").write_text(config, "utf-8")
    script = [
        calls(call(ECHO, "c1", text="hello"), call("list_files", "c2")),
        calls(call(ECHO, "c3", text="again"), call(DIE, "c4")),
        DONE,
    ]
    assert program("mcp", "test", "odd").code == 0  # what it offers is known from here on
    with answering(monkeypatch, script) as server:
        ran = program.run("--on-ask", "deny")
    assert ran.code == 0
    assert ran.err.count("The MCP server bad cannot be used: There is no program") == 1
    (lost,) = ran.of("server_checked")
    assert (lost["server"], lost["says"]) == ("bad", "There is no program /nope/server.")
    offered = [tool["name"] for tool in server.bodies[0]["tools"]]
    assert ECHO in offered
    results = ran.results()
    assert results["c1"]["output"] == "hello"
    assert results["c3"]["output"] == "again"
    assert "c4" not in results
    judged = {event["call_id"]: event for event in ran.of("call_judged")}
    assert judged["c1"]["category"] == "read"
    assert judged["c4"]["category"] == "destructive"
    assert judged["c4"]["rule"].startswith("outside content came in through mcp__odd__echo")
    again = program("rerun", ran.session)
    assert again.code == 0, again.err
