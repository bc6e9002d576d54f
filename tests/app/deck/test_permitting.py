"""The keys beyond yes and no: explain, edit, the ladder, what stands, what is not stored."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual import events
from textual.widgets import Input, TextArea

from loopdeck.app.panes.editing import EditScreen
from loopdeck.app.panes.explain import ExplainScreen
from loopdeck.app.panes.grants import GrantsScreen
from loopdeck.app.panes.ladder import LadderScreen
from loopdeck.app.panes.loop import LoopPane
from loopdeck.ports import Means
from loopdeck.session.commands import Approve, Revoke
from loopdeck.session.events import Event, RuleGranted, RuleRevoked, SandboxChecked
from loopdeck.session.values import Category, Grant, JsonObject, Preview, Reason, Rule
from tests.app.screens import MEDIUM, NARROW, Desk, deck
from tests.support import stories

BUILD = "npm run build"


def asking(
    command: str = BUILD,
    category: Category = Category.WRITE,
    *,
    facts: JsonObject | None = None,
    rule: str = "level 3 asks for every write",
    floor: bool = False,
) -> list[Event]:
    """A session that waits to run a command."""
    preview = Preview(kind="command", text=command)
    reasons = (Reason(text="`npm run` runs a script of the project", span=(0, 7)),)
    return [
        *stories.beginning(),
        *stories.turn(5, "Run.", ("c7", "shell", {"command": command, "timeout": 60})),
        *stories.asked(
            "c7",
            preview,
            category,
            facts=facts or {},
            reasons=reasons,
            rule=rule,
            floor=floor,
        ),
    ]


def secret() -> list[Event]:
    """A session that waits to read what may hold secrets."""
    return [
        *stories.beginning(),
        *stories.turn(5, "Read.", ("c7", "read_file", {"path": ".env"})),
        *stories.asked("c7", None, Category.READ, facts={"sensitive": True}),
    ]


def granted(number: int, match: str, call_id: str = "c3", **bounds: int) -> RuleGranted:
    """A standing permission."""
    rule = Rule(decide="allow", match=match, scope="session")
    grant = Grant.model_validate({"grant_id": f"g{number}", "rule": rule, **bounds})
    return RuleGranted(grant=grant, call_id=call_id)


async def opened(desk: Desk, key: str, screen: type[object]) -> None:
    """Press a key when the request is armed, and wait until its screen is armed too."""
    await desk.until(lambda: desk.drawer.guard.seen_all)
    desk.clock.advance(0.5)
    await desk.press(key)
    await desk.until(lambda: isinstance(desk.app.screen, screen))
    await ready(desk)


async def ready(desk: Desk) -> None:
    """Let the time to look at a dialog pass."""
    top = desk.app.screen
    assert isinstance(top, (EditScreen, ExplainScreen, GrantsScreen, LadderScreen))
    await desk.until(lambda: top.guard.shown_at is not None)
    desk.clock.advance(0.5)


async def closed(desk: Desk) -> None:
    """Wait until the deck is on top again."""
    await desk.until(lambda: desk.app.screen is desk.deck)


def sent(desk: Desk) -> Sequence[object]:
    """The commands so far."""
    return desk.sink.sent


async def test_x_says_what_decided_and_what_would_not_ask() -> None:
    async with deck([*asking(), SandboxChecked(passed=False, says="no namespaces")]) as desk:
        await opened(desk, "x", ExplainScreen)
        for words in (
            "it makes or changes files",
            "· `npm run` runs a script of the project",
            "It asks: level 3 asks for every write.",
            "no sandbox works here: no namespaces",
            "If any of them changes before it runs",
            "shell(npm run build *)",
        ):
            await desk.shows(words)
        await desk.press("y")
        assert sent(desk) == []
        await desk.press("x")
        await closed(desk)


async def test_where_nothing_waits_x_explains_a_call_and_no_permission_stands() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.press("x")
        await desk.shows("It ran without asking: level 3 reads")
        await desk.press("escape")
        await closed(desk)
        await desk.press("G")
        await desk.shows("No standing permissions.")


async def test_what_is_sensitive_can_be_read_and_not_stored() -> None:
    async with deck(secret()) as desk:
        await desk.shows("may hold secrets")
        await desk.shows("do not store")
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.clock.advance(0.5)
        await desk.press("u")
        await desk.until(lambda: bool(sent(desk)))
        assert sent(desk) == [Approve(call_id="c7", binding="hash-of-c7", store=False)]


async def test_only_a_sensitive_read_is_offered_unstored() -> None:
    async with deck(asking()) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.clock.advance(0.5)
        assert "do not store" not in desk.screen()
        await desk.press("u")
        await desk.settled()
        assert sent(desk) == []
        await desk.shows("only a read that may hold secrets")


async def test_an_edit_approves_what_stands_in_its_boxes() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "e", EditScreen)
        await desk.press("space", "-", "q")
        await desk.shows("+ npm run build -q")
        await desk.press("ctrl+s")
        await desk.until(lambda: bool(sent(desk)))
        args = {"command": f"{BUILD} -q", "timeout": 60}
        assert sent(desk) == [Approve(call_id="c7", binding="hash-of-c7", args=args)]
        await closed(desk)


async def test_an_edit_can_give_what_the_agent_left_out() -> None:
    def schema(_tool: str) -> JsonObject:
        return {"properties": {"command": {}, "limit": {"type": "integer"}}}

    async with deck(asking()) as desk:
        desk.deck.opened = replace(desk.deck.opened, means=Means(schema=schema))
        await opened(desk, "e", EditScreen)
        await desk.shows("not given · a number")
        await desk.press("tab", "tab", "7")
        await desk.shows("limit  given now")
        await desk.press("ctrl+s")
        args = {"command": BUILD, "timeout": 60, "limit": 7}
        await desk.until(
            lambda: sent(desk) == [Approve(call_id="c7", binding="hash-of-c7", args=args)]
        )


async def test_escape_leaves_the_call_as_it_was_and_the_lowest_rung_is_a_plain_yes() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "e", EditScreen)
        await desk.press("x", "y", "escape")
        await closed(desk)
        assert sent(desk) == []
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await opened(desk, "s", LadderScreen)
        await desk.press("left")
        await desk.shows("this call alone")
        await desk.press("enter")
        await desk.until(lambda: sent(desk) == [Approve(call_id="c7", binding="hash-of-c7")])


async def test_an_edit_that_is_pasted_not_looked_at_wrong_or_empty_is_not_sent() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "e", EditScreen)
        await desk.press("ctrl+s")
        await desk.shows("nothing is changed")
        desk.app.screen.query_one(TextArea).insert("echo; ")
        top = desk.app.screen
        assert isinstance(top, EditScreen)
        desk.clock.advance(0.5)
        top.guard.shown_at = desk.clock.mono() - 100_000_000
        await desk.pilot.press("ctrl+s")
        await desk.shows("it has only just appeared")
        assert sent(desk) == []
        desk.clock.advance(0.5)
        for key, character in (("a", "a"), ("ctrl+s", "\x13"), ("b", "b")):
            desk.app.post_message(events.Key(key, character))
        await desk.shows("too many keys at once")
        desk.app.post_message(events.Paste("rm -rf /\n\x13"))
        await desk.pilot.pause()
        assert sent(desk) == []
        assert desk.app.screen is top
        await desk.press("tab", "end", "o", "ctrl+s")
        await desk.shows("“timeout” is not JSON")
        assert desk.app.screen is top
        assert sent(desk) == []


async def test_an_edit_of_a_request_that_changed_meanwhile_is_void() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "e", EditScreen)
        await desk.press("space", "-", "q")
        again = stories.asked("c7", Preview(kind="command", text=BUILD))[1]
        desk.journal.push(again.model_copy(update={"binding": "other", "again": "a file changed"}))
        await desk.until(lambda: "other" in desk.drawer.guard.key)
        await desk.press("ctrl+s")
        await desk.shows("nothing was approved")
        assert sent(desk) == []


async def test_the_ladder_gives_a_standing_permission_with_its_evidence() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "s", LadderScreen)
        await desk.shows("● this session")
        await desk.shows("shell(npm run build)")
        await desk.shows("1 of 7 calls: 0 read, 1 write, 0 destructive")
        await desk.press("down", "right", "right", "minus")
        await desk.shows("● 5 calls")
        await desk.press("down", "right")
        await desk.shows("shell(npm run build *)")
        await desk.shows("2 of 2 that would cover it")
        await desk.shows("1 of 7 calls")
        await desk.press("enter")
        await desk.until(lambda: bool(sent(desk)))
        (yes,) = sent(desk)
        assert isinstance(yes, Approve)
        assert yes.grant is not None
        assert yes.grant.rule == Rule(
            decide="allow", match="shell(npm run build *)", scope="session"
        )
        assert (yes.grant.calls, yes.grant.until) == (5, None)
        assert (yes.call_id, yes.binding, len(yes.grant.grant_id)) == ("c7", "hash-of-c7", 8)


COMPOUND = "cd src && make && git add -A"


async def test_each_part_of_a_compound_command_can_have_its_own_rule_in_one_permission() -> None:
    facts: JsonObject = {"runs_code": True}
    async with deck(asking(COMPOUND, facts=facts)) as desk:
        await opened(desk, "s", LadderScreen)
        await desk.shows(f"shell({COMPOUND})")
        await desk.press("down", "down", "right")
        await desk.shows("one permission, a rule for each part")
        await desk.shows("shell(git add -A)")
        await desk.shows("1 of 7 calls: 0 read, 1 write, 0 destructive")
        await desk.press("e")
        await desk.shows("each part has its own rule here")
        await desk.press("enter")
        await desk.until(lambda: bool(sent(desk)))
        (yes,) = sent(desk)
        assert isinstance(yes, Approve)
        assert yes.grant is not None
        assert yes.grant.matches == ("shell(make)", "shell(git add -A)")


async def test_a_permission_of_several_rules_is_listed_whole_and_revoked_whole() -> None:
    several = granted(1, "shell(make)").grant.model_copy(update={"more": ("shell(git add -A)",)})
    async with deck([*asking(), RuleGranted(grant=several, call_id="c3")]) as desk:
        await desk.press("G")
        await desk.shows("2 rules: shell(make)")
        await desk.shows("shell(git add -A)")
        await desk.press("delete")
        await desk.until(lambda: sent(desk) == [Revoke(grant_id="g1")])


REFUSED = {
    "shell(rm *)": "commands that destroy",
    "shell(git *)": "does not cover this call",
    "shell": "it covers whole tools",
    "shell(curl *)": "send anything to any machine",
    "nonsense((": "is not of a known form",
}


async def test_a_rule_that_must_not_stand_is_refused_with_its_reason() -> None:
    async with deck(asking()) as desk:
        await opened(desk, "s", LadderScreen)
        for rule, why in REFUSED.items():
            await desk.press("e")
            desk.app.screen.query_one(Input).value = rule
            await desk.shows(why)
            await desk.press("enter")
            await desk.until(lambda: desk.app.focused is None)
            assert "nothing was given" not in desk.screen()
            await desk.press("enter")
            await desk.shows("nothing was given")
            assert sent(desk) == [], rule
            assert isinstance(desk.app.screen, LadderScreen)
        await desk.press("e")
        desk.app.screen.query_one(Input).value = "category(write)"
        await desk.shows("! It covers everything that counts as write")


@pytest.mark.parametrize("category", [Category.DESTRUCTIVE, Category.UNKNOWN])
async def test_what_destroys_or_is_not_understood_has_no_ladder(category: Category) -> None:
    async with deck(asking("rm -rf build", category)) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.clock.advance(0.5)
        await desk.press("s")
        await desk.shows("is approved one by one")
        assert desk.app.screen is desk.deck


async def test_what_stands_on_the_floor_wants_its_name_typed() -> None:
    rule = "the hard floor: .git/hooks is run by other programs later"
    facts: JsonObject = {"writes": [".git/hooks/pre-commit"]}
    story = asking("cp hook .git/hooks/pre-commit", facts=facts, rule=rule, floor=True)
    async with deck(story) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.clock.advance(0.5)
        await desk.press("y")
        await desk.shows("type pre-commit")
        assert sent(desk) == []


async def test_what_stands_is_listed_and_taken_back_at_once() -> None:
    story = [*asking(), granted(1, "shell(ls *)"), granted(2, "shell(git diff *)", calls=10)]
    async with deck(story) as desk:
        await desk.press("G")
        await desk.shows("shell(git diff *)")
        await desk.shows("10 calls left")
        await desk.shows("given in step 2 with search_text")
        await desk.press("down", "delete")
        await desk.until(lambda: sent(desk) == [Revoke(grant_id="g2")])
        desk.journal.push(RuleRevoked(grant_id="g2"))
        await desk.until(lambda: "shell(git diff *)" not in desk.screen())
        await desk.shows("shell(ls *)")
        await desk.press("enter")
        await closed(desk)
        await desk.until(lambda: getattr(desk.deck.query_one(LoopPane).row, "ref", "") == "c3")


async def test_of_a_thousand_few_are_painted_and_none_is_taken_back_in_a_recording() -> None:
    story = [*stories.beginning(), *(granted(n, f"shell(ls d{n})") for n in range(1_000))]
    async with deck(story, size=MEDIUM, accepts=False) as desk:
        await desk.press("G")
        await desk.shows("shell(ls d0)")
        assert "shell(ls d500)" not in desk.screen()
        await desk.press("delete")
        await desk.shows("Nothing can be taken back here")
        assert sent(desk) == []


async def test_every_dialog_can_be_read_on_the_smallest_screen() -> None:
    dialogs = {"e": "ctrl+s approves", "s": "← → choose", "x": "Why it asks", "G": "permissions."}
    async with deck(asking(), size=NARROW) as desk:
        for key, words in dialogs.items():
            await desk.until(lambda: desk.drawer.guard.seen_all)
            await desk.until(lambda: desk.drawer.guard.shown_at is not None)
            desk.clock.advance(0.5)
            await desk.press(key)
            await desk.shows(words)
            await desk.press("escape")
            await closed(desk)
