"""Ten steps with the model of each vendor, and with one after the other on the deck."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from loopdeck.session.commands import SetModel
from loopdeck.session.events import ModelChanged, ModelRequested
from loopdeck.session.state import Phase
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


@pytest.mark.parametrize(("speaks", "named"), VENDORS[:2], ids=["openai", "gemini"])
async def test_ten_steps_on_the_deck_ask_meet_the_goal_and_can_be_stepped_through(
    program: Program, monkeypatch: pytest.MonkeyPatch, speaks: Dialect, named: Named
) -> None:
    made = [calls(call("list_files", f"r{at}")) for at in range(4)]
    made += [calls(call("read_file", f"r{at}", path="README.md")) for at in range(4, 8)]
    made.append(calls(call("write_file", "w1", path="one.txt", content="a\n")))
    made.append(calls(call("write_file", "w2", path="two.txt", content="b\n")))
    async with MessagesServer([*made, DONE], speaks=speaks) as server:
        words = ("run", "--workspace", str(program.workspace), "tidy")
        async with on_deck(*words, "--model", named(server, monkeypatch)) as show:
            await show.asked("w1")
            assert not (program.workspace / "one.txt").exists()
            await show.press("y")
            await show.asked("w2")
            await show.press("n")
            await show.until(lambda: show.outcome == "done", "the end")
            await show.until(lambda: show.head.phase is Phase.ENDED, "the end on the deck")
            session, end = show.head.session, show.head.last_seq
            assert (show.head.totals.approved, show.head.totals.denied) == (1, 1)
            assert (show.head.step, show.head.totals.errors) == (11, 0)
    assert (program.workspace / "one.txt").read_text() == "a\n"
    assert not (program.workspace / "two.txt").exists()
    assert len(server.bodies) == 11
    assert "The shed" in str(server.bodies[-1])
    async with on_deck("replay", session) as show:
        await show.until(lambda: show.head.last_seq == end, "all of it")
        assert show.head.totals.usage.input == 1_100
        await show.press("home")
        await show.until(lambda: show.deck.scene.state.step == 0, "the beginning")
        await show.press("right", "right")
        await show.until(lambda: show.deck.scene.state.step == 1, "the first step")
        assert "list_files" in show.screen()


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
