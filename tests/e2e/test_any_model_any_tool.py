"""A pasted configuration, two servers and our own tools, with the model of each vendor."""

import json
import sys

import pytest

from loopdeck.cli.config import Settings, load_settings
from loopdeck.session.state import Phase
from tests.e2e.saying import DONE, call, calls
from tests.e2e.stage import on_deck
from tests.e2e.test_vendors import Named, claude, gemini, openai
from tests.support.dialects import MESSAGES, Dialect, Gemini, Responses
from tests.support.messages_server import MessagesServer
from tests.support.program import Program
from tests.tools.mcp.conftest import SERVER

LOOK, TELL = "mcp__near__echo", "mcp__far__echo"


@pytest.fixture
def pasted(program: Program, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two servers as other programs write them down, of which a person vouches for one."""
    given = {"command": sys.executable, "args": ["-I", SERVER]}
    file = program.folder / "servers.json"
    file.write_text(json.dumps({"mcpServers": {"near": given, "far": given}}), "utf-8")
    assert program("mcp", "import", str(file), "--write").code == 0
    config = program.home / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("[mcp.servers.near]", "[mcp.servers.near]\ntrusted = true"))
    monkeypatch.chdir(program.workspace)
    tested = program("mcp", "test")
    assert tested.code == 0
    assert all(tool in tested.out for tool in (LOOK, TELL))
    assert "Nobody vouches for far:" in tested.err
    return load_settings(config, named=True)


@pytest.mark.parametrize(
    ("speaks", "named"),
    [(MESSAGES, claude), (Responses(), openai), (Gemini(), gemini)],
    ids=["claude", "openai", "gemini"],
)
async def test_ten_steps_ask_what_a_careful_person_would_and_can_be_stepped_through(
    program: Program,
    pasted: Settings,
    monkeypatch: pytest.MonkeyPatch,
    speaks: Dialect,
    named: Named,
) -> None:
    made = [calls(call(LOOK, f"look{at}", text=f"shed {at}")) for at in range(4)]
    made += [calls(call("read_file", f"read{at}", path="README.md")) for at in range(3)]
    made.append(calls(call(TELL, "tell", text="the neighbours")))
    made.append(calls(call("write_file", "note", path="note.md", content="told\n")))
    made.append(calls(call("write_file", "more", path="more.md", content="more\n")))
    async with MessagesServer([*made, DONE], speaks=speaks) as server:
        argv = ("run", "--workspace", str(program.workspace), "tidy")
        model = named(server, monkeypatch)
        async with on_deck(*argv, "--model", model, settings=pasted) as show:
            await show.asked("tell")  # what nobody vouches for; what came before it ran alone
            assert show.head.totals.approved == 0
            await show.press("y")
            await show.until(lambda: "type run" in show.screen(), "the box for the word")
            await show.type("run")
            await show.asked("note")
            await show.press("y")
            await show.asked("more")
            await show.press("n")
            await show.until(lambda: show.outcome == "done", "the end")
            await show.until(lambda: show.head.phase is Phase.ENDED, "the end on the deck")
            session, end = show.head.session, show.head.last_seq
            assert (show.head.totals.approved, show.head.totals.denied) == (2, 1)
            assert (show.head.step, show.head.totals.errors) == (11, 0)
    assert (program.workspace / "note.md").read_text() == "told\n"
    assert not (program.workspace / "more.md").exists()
    told = json.dumps(server.plain[-1]["messages"])
    assert all(each in told for each in ("shed 3", "The shed", "the neighbours"))
    async with on_deck("replay", session, settings=pasted) as show:
        await show.until(lambda: show.head.last_seq == end, "all of it")
        assert show.head.totals.usage.input == 1_100
        await show.press("home")
        await show.until(lambda: show.deck.scene.state.step == 0, "the beginning")
        await show.press("right", "right")
        await show.until(lambda: show.deck.scene.state.step == 1, "the first step")
        assert LOOK in show.screen()
