"""The reference servers of npm: everything, filesystem, memory, sequential-thinking."""

import asyncio
from pathlib import Path

import pytest

from loopdeck.tools.mcp.servers import Server, State
from tests.integration.conftest import Running, kill, needs
from tests.integration.installing import SERVERS
from tests.tools.mcp.conftest import until

pytestmark = needs(SERVERS)
LONG = "trigger-long-running-operation"


def everything() -> Server:
    return Server("all", command=SERVERS.program("mcp-server-everything"))


def memory(folder: Path) -> Server:
    file = str(folder / "graph.json")
    program = SERVERS.program("mcp-server-memory")
    return Server("memory", command=program, env=(("MEMORY_FILE_PATH", file),))


async def test_everything_is_listed_called_followed_and_cancelled(running: Running) -> None:
    async with running(everything()) as deck:
        assert deck.status("all").protocol == "2025-11-25"
        assert {"echo", "get-sum", "trigger-elicitation-request"} <= deck.tools("all")
        assert (await deck.call("all", "get-sum", a=19, b=23)).text.endswith("is 42.")
        weather = await deck.call("all", "get-structured-content", location="Chicago")
        assert '"conditions"' in weather.text
        assert "[image, image/png" in (await deck.call("all", "get-tiny-image")).text
        wrong = await deck.call("all", "get-sum", a="no number")
        assert (wrong.ok, "expected number" in wrong.text) == (False, True)

        done = await deck.call("all", LONG, duration=0.4, steps=4)
        assert "Duration: 0.4 seconds" in done.text
        assert [line.split()[0] for line in deck.human.shown][-1] == "4/4"
        waiting = asyncio.ensure_future(deck.call("all", LONG, duration=30, steps=2))
        await until(lambda: deck.status("all").counts.running == 1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await deck.call("all", "echo", message="on")).text == "Echo: on"
        assert deck.status("all").counts.restarts == 0


async def test_everything_asks_a_human(running: Running) -> None:
    async with running(everything()) as deck:
        deck.human.says = {"name": "Ada", "check": "yes"}
        said = await deck.call("all", "trigger-elicitation-request")
        assert "User provided the requested information" in said.text
        assert "Ada" in said.text
        form = {field.name: field for field in deck.human.forms[0]}
        assert form["name"].required
        assert any(field.kind == "choices" for field in form.values())
        deck.human.attended = False
        declined = await deck.call("all", "trigger-elicitation-request")
        assert "declined" in declined.text


async def test_everything_has_things_to_read_and_to_begin_with(running: Running) -> None:
    async with running(everything()) as deck:
        await until(lambda: bool(deck.hub.things.prompts))
        named = {one.uri: one for one in deck.hub.things.resources}
        assert named["demo://resource/dynamic/text/{resourceId}"].template
        uri = "demo://resource/static/document/features.md"
        assert named[uri].kind == "text/markdown"
        assert "# " in await deck.hub.ask("all", lambda talk: talk.read(uri))
        one = "demo://resource/dynamic/text/7"
        assert "Resource 7" in await deck.hub.ask("all", lambda talk: talk.read(one))
        prompts = {prompt.name: prompt for prompt in deck.hub.things.prompts}
        assert (prompts["args-prompt"].needs, prompts["args-prompt"].takes) == (
            ("city",),
            ("state",),
        )
        words = await deck.hub.ask("all", lambda talk: talk.prompt("args-prompt", {"city": "Bonn"}))
        assert "Bonn" in words


async def test_a_kill_in_mid_call_loses_that_call_alone(running: Running, tmp_path: Path) -> None:
    ada: dict[str, object] = {"name": "Ada", "entityType": "person", "observations": ["counts"]}
    async with running(everything(), memory(tmp_path)) as deck:
        waiting = asyncio.ensure_future(deck.call("all", LONG, duration=30, steps=30))
        await until(lambda: bool(deck.human.shown))  # it is at work
        beside = asyncio.ensure_future(deck.call("memory", "create_entities", entities=[ada]))
        kill("server-everything")
        lost = await waiting
        assert (lost.ok, "what it did is not known" in lost.text) == (False, True)
        assert (await beside).ok
        assert deck.status("all").state is not State.READY
        assert deck.status("all").trouble == "It ended in the middle of a call."

        await until(lambda: deck.status("all").state is State.READY)  # by itself, after its pause
        assert (await deck.call("all", "echo", message="back")).text == "Echo: back"
        assert deck.status("all").counts.restarts == 1
        kill("server-memory")  # between two calls: the next one has it begun anew
        await until(lambda: deck.status("memory").state is not State.READY)
        found = await deck.call("memory", "search_nodes", query="Ada")
        assert "counts" in found.text  # it was in its file
        assert (deck.status("memory").counts.failed, deck.status("all").counts.failed) == (0, 1)


async def test_a_filesystem_a_memory_and_a_chain_of_thoughts(
    running: Running, tmp_path: Path
) -> None:
    shed = tmp_path / "shed"
    shed.mkdir()
    (shed / "rake.txt").write_text("one rake\n", "utf-8")
    files = Server("files", command=SERVERS.program("mcp-server-filesystem"), args=(str(shed),))
    thinks = Server("thinks", command=SERVERS.program("mcp-server-sequential-thinking"))
    async with running(files, memory(tmp_path), thinks) as deck:
        read = await deck.call("files", "read_text_file", path=str(shed / "rake.txt"))
        assert read.text.startswith("one rake")
        new = shed / "spade.txt"
        assert (await deck.call("files", "write_file", path=str(new), content="a spade\n")).ok
        assert new.read_text("utf-8") == "a spade\n"
        away = await deck.call("files", "read_text_file", path="/etc/hostname")
        assert (away.ok, "Access denied" in away.text) == (False, True)

        rake: dict[str, object] = {"name": "rake", "entityType": "tool", "observations": ["red"]}
        assert (await deck.call("memory", "create_entities", entities=[rake])).ok
        await until(lambda: bool(deck.hub.things.resources))
        graph = await deck.hub.ask("memory", lambda talk: talk.read("memory://knowledge-graph"))
        assert '"red"' in graph

        thought = await deck.call(
            "thinks",
            "sequentialthinking",
            thought="First the rake.",
            thoughtNumber=1,
            totalThoughts=2,
            nextThoughtNeeded=True,
        )
        assert '"nextThoughtNeeded": true' in thought.text
