"""Ten steps with a model by its address, and with one vendor after the other on the deck."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from loopdeck.session.commands import SetModel
from loopdeck.session.events import ModelChanged, ModelRequested
from tests.e2e.saying import DONE, call, calls
from tests.e2e.stage import on_deck
from tests.support.dialects import MESSAGES, Chat, Dialect, Gemini, Responses
from tests.support.message_script import Answer, Script, Thinking, steps
from tests.support.messages_server import MessagesServer, serving
from tests.support.program import Program

Named = Callable[[MessagesServer, pytest.MonkeyPatch], str]


def openai(server: MessagesServer, patch: pytest.MonkeyPatch) -> str:
    """The name of OpenAI's model, which is at this server."""
    patch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
    return "openai:gpt-test"


def gemini(server: MessagesServer, patch: pytest.MonkeyPatch) -> str:
    """The name of Google's model, which is at this server."""
    patch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
    patch.setenv("GEMINI_API_KEY", "test-key")
    return "gemini:gemini-test"


def claude(server: MessagesServer, patch: pytest.MonkeyPatch) -> str:
    """The name of Anthropic's model, which is at this server."""
    patch.setenv("ANTHROPIC_BASE_URL", server.url)
    return "claude-test"


def addressed(server: MessagesServer, _patch: pytest.MonkeyPatch) -> str:
    """The name of a model by the address of its server."""
    return f"{server.url}#qwen"


VENDORS: list[tuple[Dialect, Named]] = [
    (Responses(), openai),
    (Gemini(), gemini),
    (Chat(), addressed),
    (MESSAGES, claude),
]


def test_ten_steps_read_the_workspace_and_meet_the_goal(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(steps(10), speaks=Chat()) as server:
        ran = program.run("--model", addressed(server, monkeypatch))
    assert (ran.code, len(server.bodies)) == (0, 11)
    assert len(ran.results()) == 10
    assert all(event["ok"] for event in ran.of("call_finished"))
    assert "The shed" in str(server.bodies[-1])
    assert ran.events[-1]["outcome"] == "done"
    assert ran.of("model_replied")[-1]["usage"]["input"] == 100


async def test_one_session_goes_from_vendor_to_vendor_on_the_deck(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        servers: list[MessagesServer] = []
        for at, (speaks, _) in enumerate(VENDORS):
            server = MessagesServer(share(at), speaks=speaks)
            servers.append(await stack.enter_async_context(server))
        pairs = zip(VENDORS, servers, strict=True)
        names = [named(server, monkeypatch) for (_, named), server in pairs]
        argv = ("run", "--model", names[0], "--workspace", str(program.workspace), "tidy")
        async with on_deck(*argv) as show:
            for at, name in enumerate([*names[1:], "gemini:../x"]):
                await show.asked(f"w{at}")
                seq = show.head.last_seq
                if at == 0:
                    await show.press("enter")
                    await show.type(f"/model {name}")
                    await show.press("escape")
                else:
                    await show.deck.send(SetModel(model=name))
                await show.until(lambda seq=seq: show.head.last_seq > seq, name)
                await show.asked(f"w{at}")
                await show.press("y")
            await show.until(lambda: show.outcome == "done", "the end")
            assert show.head.model == names[-1]
            assert f"model {names[1]}" in show.screen()
            journal = show.deck.opened.journal
            events = [record.event for record in await journal.read(show.head.session)]
    found = [event for event in events if isinstance(event, ModelChanged)]
    assert [change.model for change in found] == [*names[1:], names[-1]]
    assert [change.by for change in found] == ["human", "human", "human", "harness"]
    assert "needs a name" in found[-1].reason
    asked = [event.model for event in events if isinstance(event, ModelRequested)]
    assert asked == [name for name in names[:-1] for _ in range(3)] + [names[-1]] * 2
    assert [len(server.bodies) for server in servers] == [3, 3, 3, 2]
    told = servers[-1].plain[-1]["messages"]
    blocks = [block for message in told for block in message["content"]]
    assert len({b["id"] for b in blocks if b["type"] == "tool_use"}) == 10
    assert not [b for b in blocks if b["type"] == "thinking"]
    assert "sealed" not in json.dumps([server.plain[0] for server in servers])
    assert "sealed" in json.dumps(servers[1].bodies[1])


def share(at: int) -> list[Answer]:
    """What one vendor answers: two looks and a write that asks; the last one only that."""
    write = call("write_file", f"w{at}", path=f"{at}.txt", content="a\n")
    if at == len(VENDORS) - 1:
        return [calls(write), DONE]
    looks = (f"r{at}", f"s{at}")
    thought = Thinking("I look first.", "sealed")
    made = [Script((thought, call("list_files", each)), stop="tool_use") for each in looks]
    return [*made, calls(write)]
