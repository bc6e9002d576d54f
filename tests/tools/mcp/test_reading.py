"""What servers have to read: listed, judged as outside content, read, and what hides in it seen."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.session.standing import brought_in
from loopdeck.session.values import Category, JsonObject
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.things import prompt_of, resource_of
from loopdeck.tools.mcp.toolbox import JoinedToolbox
from tests.support.toolbox import FakeToolbox
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import odd, until

Running = Callable[..., AbstractAsyncContextManager[Hub]]
EVIL = "\x1b[2J\u202e"


async def ran(box: JoinedToolbox, tool: str, args: JsonObject, context: FakeContext) -> str:
    """The output of a call, or the error that the model would hear."""
    try:
        return (await box.prepare(tool, args).run(context)).output
    except ToolError as error:
        return str(error)


async def test_resources_are_listed_read_and_named_in_the_tools(
    running: Running, tmp_path: Path
) -> None:
    context = FakeContext(tmp_path / "spool")
    async with running(odd(), odd("sure", trusted=True)) as hub:
        box = JoinedToolbox(FakeToolbox(), hub, tmp_path)
        await until(lambda: len(hub.things.prompts) == 2)  # read once the tools are there
        told = {spec.name: spec.description for spec in box.specs}
        assert told["list_resources"].endswith("These have something: odd, sure.")
        listed = await ran(box, "list_resources", {"server": "odd"}, context)
        assert "odd notes://plan [text/plain]: plan" in listed
        assert "notes://{day} (a form: fill in what stands in braces)" in listed
        assert "sure" not in listed
        assert "nothing of that kind" in await ran(box, "list_resources", {"words": "zz"}, context)
        plan: JsonObject = {"server": "odd", "uri": "notes://plan"}
        assert await ran(box, "read_resource", plan, context) == "Ship it on Friday."
        gone = await ran(box, "read_resource", {**plan, "uri": "notes://no"}, context)
        assert "there is no notes://no" in gone
        assert "no MCP server" in await ran(box, "read_resource", {**plan, "server": "x"}, context)

        stranger = box.prepare("read_resource", plan).assess()
        assert stranger.category is Category.NETWORK
        friend = box.prepare("read_resource", {**plan, "server": "sure"}).assess()
        assert friend.category is Category.READ
        assert brought_in("read_resource", friend.category, friend.facts)
        away = box.prepare("read_resource", {"server": "sure", "uri": "file:///etc/passwd"})
        assert away.assess().facts["outside_workspace"] is True

        words = await hub.ask("odd", lambda talk: talk.prompt("sum_up", {"topic": "cats"}))
        assert words.startswith("Sum up cats.")


@pytest.mark.parametrize("uri", ["", "a\u202eb", "a b", "x" * 3_000])
def test_an_address_that_hides_something_or_is_endless_is_none(uri: str) -> None:
    assert resource_of("s", uri, "name", "words", "") is None


def test_words_are_made_visible_and_names_that_cannot_be_typed_are_left_out() -> None:
    found = resource_of("s", "notes://a", f"n{EVIL}", "w" * 5_000, EVIL)
    assert found is not None
    assert "\x1b" not in found.words + found.kind
    assert len(found.words) <= 500
    assert prompt_of("s", "two words", "", []) is None
    assert prompt_of("s", "fine", "", [("bad name", True)]) is None
    prompt = prompt_of("s", "fine", EVIL, [("a", True), ("b", False)])
    assert prompt is not None
    assert (prompt.needs, prompt.takes) == (("a",), ("b",))
    assert "\x1b" not in prompt.words
