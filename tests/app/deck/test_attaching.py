"""Resources and prompts of MCP servers in the message box, with real keys."""

import pytest

from loopdeck.app.deck.attaching import arguments
from loopdeck.app.keys.mentioning import Mentions
from loopdeck.ports.servers import Prompt, Resource
from loopdeck.session.commands import Say, Steer
from tests.app.screens import Desk, deck
from tests.support import stories
from tests.support.servers import FakeServers

ONE = Prompt("docs", "find", "Finds.", ("words",))
TWO = Prompt("docs", "sum_up", "Sums up.", ("topic",), ("tone",))


async def typed(desk: Desk, text: str) -> None:
    """Type into the open box, and wait for its list."""
    desk.deck.messages.box.insert(text)
    await desk.pilot.pause()


async def test_a_resource_is_completed_read_and_sent_with_the_words() -> None:
    async with deck(stories.beginning(), work=True, servers=FakeServers()) as desk:
        await desk.press("enter")
        await typed(desk, "Follow @do")
        await desk.shows("@docs:notes://plan")
        await desk.press("down", "tab")
        assert desk.deck.messages.box.text == "Follow @docs:notes://"
        await typed(desk, "gone")
        await desk.press("enter")
        await desk.shows("server docs says")
        assert desk.sink.sent == []
        desk.deck.messages.box.put("Follow @docs:notes://pl")
        await desk.pilot.pause()
        await desk.press("tab", "enter")
        await desk.until(lambda: len(desk.sink.sent) == 1)
        (said,) = desk.sink.sent
        assert isinstance(said, Say)
        assert said.text == "Follow @docs:notes://plan"
        assert said.attached is not None
        assert said.attached[0].text == "Ship it on Friday."
        await desk.press("enter")
        await typed(desk, "Now @ada:home")
        await desk.press("ctrl+s")
        await desk.until(lambda: len(desk.sink.sent) == 2)
        assert desk.sink.sent[1] == Steer(text="Now @ada:home")


async def test_the_words_of_a_prompt_are_seen_before_they_are_sent() -> None:
    servers = FakeServers()
    async with deck(stories.beginning(), work=True, servers=servers) as desk:
        box = desk.deck.messages.box
        await desk.press("enter")
        await typed(desk, "/docs:s")
        await desk.shows("/docs:sum_up topic=… [tone=…] Sums a")
        await desk.press("tab", "enter")
        await desk.shows("It needs topic.")
        await typed(desk, 'topic="two cats" tone=dry')
        await desk.press("enter")
        await desk.until(lambda: box.text.startswith("Sum up two cats."))
        assert servers.asked == [("docs", "sum_up", {"topic": "two cats", "tone": "dry"})]
        assert "\x1b" not in box.text
        assert desk.sink.sent == []
        await desk.press("enter")
        await desk.until(lambda: len(desk.sink.sent) == 1)


@pytest.mark.parametrize(
    ("prompt", "text", "given"),
    [
        (ONE, "all the cats", {"words": "all the cats"}),
        (ONE, 'words="all cats"', {"words": "all cats"}),
        (TWO, "topic=a tone=b=c", {"topic": "a", "tone": "b=c"}),
        (TWO, "", "It needs topic. /docs:sum_up topic=… [tone=…]"),
        (TWO, "topic=a size=2", "“size=2” is none of its arguments."),
        (TWO, 'topic="a', "A quote is not closed."),
    ],
)
def test_arguments_are_given_by_name_and_a_single_one_without(
    prompt: Prompt, text: str, given: dict[str, str] | str
) -> None:
    found = arguments(prompt, text)
    assert found == given or (isinstance(given, str) and str(found).startswith(given))


def test_a_mention_is_offered_for_the_last_word_alone_and_never_hides_anything() -> None:
    evil = Resource("docs", "notes://a", "words\x1b[2J")
    box = Mentions(lambda: [evil, Resource("git", "log://b", "")])
    assert box.read("see @")
    assert [one.usage for one in box.found] == ["@docs:notes://a", "@git:log://b"]
    assert "\x1b" not in box.found[0].words
    assert box.turn("up") == "see @"
    assert box.turn("tab") == "see @git:log://b"
    for text in ("mail ada@docs", "see @docs and ", "@nothing", ""):
        box.read(text)
        assert box.found == []
    box.read("@docs:notes://a")
    assert box.turn("enter") is None
    assert box.turn("escape") == "@docs:notes://a"
    assert box.found == []
