"""The drawer: the two styles of a diff, what counts as seen in each, and its keys."""

import pytest

from loopdeck.app.panes import lines
from loopdeck.app.panes.payload import Payload
from loopdeck.session.commands import Approve
from loopdeck.session.events import Event, HumanCalled
from loopdeck.session.values import Category, Preview
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories

LINES = 24


def change(lines: int = LINES) -> str:
    """A diff that replaces so many lines."""
    head = f"--- a/x.txt\n+++ b/x.txt\n@@ -1,{lines} +1,{lines} @@\n"
    return (
        head
        + "".join(f"-was {n}\n" for n in range(lines))
        + "".join(f"+is {n}\n" for n in range(lines))
    )


def editing(*call_ids: str, lines: int = LINES) -> list[Event]:
    """A session that waits to edit files."""
    edits = [
        (call_id, "edit_file", {"path": f"{call_id}.txt", "old": "a", "new": "b"})
        for call_id in call_ids
    ]
    preview = Preview(kind="diff", text=change(lines))
    asked = [event for call_id in call_ids for event in stories.asked(call_id, preview)]
    return [*stories.beginning(), *stories.turn(5, "Edit.", *edits), *asked]


async def page_to_the_end(desk: Desk) -> None:
    """Page down until all was seen."""
    for _ in range(60):
        await desk.press("pagedown")
        await desk.pilot.pause()
        if desk.drawer.guard.seen_all:
            return
    raise AssertionError("the end does not come into sight")


async def test_d_shows_a_diff_side_by_side_and_in_one_column_again() -> None:
    async with deck(editing("c7", lines=2), size=WIDE) as desk:
        await desk.shows("d side by side")
        await desk.press("d")
        await desk.shows(" 1 + is 0")
        assert any("1 - was 0" in row and "1 + is 0" in row for row in desk.screen().split("\n"))
        await desk.shows("d one column")
        await desk.press("d")
        await desk.shows("d side by side")
        assert not any("was 0" in row and "is 0" in row for row in desk.screen().split("\n"))


async def test_where_it_is_too_narrow_d_says_so_and_changes_nothing() -> None:
    async with deck(editing("c7", lines=2), size=MEDIUM) as desk:
        await desk.shows("was 0")
        await desk.press("d")
        await desk.shows("side by side needs 100 columns")
        await desk.press("f8")
        await desk.until(lambda: "side by side needs" not in desk.screen())
        assert not any("was 0" in row and "is 0" in row for row in desk.screen().split("\n"))


async def test_d_says_that_only_a_diff_has_two_styles() -> None:
    story = [
        *stories.beginning(),
        *stories.turn(5, "Run.", ("c7", "shell", {"command": "make"})),
        *stories.asked("c7", Preview(kind="command", text="make")),
    ]
    async with deck(story) as desk:
        await desk.shows("Approve?")
        await desk.press("d")
        await desk.shows("only a diff can be shown side by side")


async def test_what_was_seen_in_one_style_counts_only_to_its_end() -> None:
    async with deck(editing("c7"), size=WIDE) as desk:
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        for _ in range(2):  # more than half of the one column, which is all of the two
            await desk.press("pagedown")
            await desk.pilot.pause()
        half = desk.drawer.guard.seen
        assert 0.3 < half < 1.0
        await desk.press("d")
        await desk.shows("d one column")
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        assert desk.drawer.guard.seen < half
        await desk.press("y")
        await desk.shows("see its end first")
        assert desk.sink.sent == []
        await page_to_the_end(desk)
        await desk.press("d")  # what was seen whole stays seen
        await desk.shows("d side by side")
        await desk.press("y")
        await desk.until(lambda: desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")])


async def test_the_place_of_one_request_says_nothing_of_what_was_seen_of_the_next() -> None:
    async with deck(editing("c7", "c8"), size=WIDE) as desk:
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        await page_to_the_end(desk)
        await desk.press("j")
        await desk.until(lambda: "c8" in desk.drawer.guard.key)
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        assert desk.drawer.guard.seen < 0.5


async def test_a_request_that_was_read_is_not_read_again_after_a_look_at_the_past() -> None:
    async with deck(editing("c7"), size=WIDE) as desk:
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        await page_to_the_end(desk)
        await desk.press("home")
        await desk.until(lambda: desk.drawer.item is None)
        await desk.press("end")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        assert desk.drawer.guard.seen_all


async def test_a_request_opens_at_its_first_line_whatever_was_meant_for_the_one_before() -> None:
    async with deck(editing("c7", "c8"), size=MEDIUM) as desk:
        payload = desk.deck.query_one(Payload)
        await page_to_the_end(desk)
        desk.drawer.switch(1)
        payload.scroll_to(y=9, animate=False, immediate=True)  # a wheel that was still turning
        await desk.until(lambda: desk.drawer.guard.seen > 0)
        assert payload.scroll_offset.y == 0
        assert desk.drawer.guard.seen < 0.5
        assert "  1 - was 0" in desk.screen()
        await desk.press("pagedown")
        await desk.until(lambda: payload.scroll_offset.y > 0)


async def test_before_its_end_was_seen_every_key_is_named_and_so_is_what_is_missing() -> None:
    for size in (NARROW, MEDIUM, WIDE):
        async with deck(editing("a", "b"), size=size) as desk:
            await desk.shows("% seen · pgdn to its end for y")
            text = desk.screen()
            keys = ("y approve", "n deny", "r say why", "j/k next", "e edit", "s scope")
            assert [key for key in (*keys, "x explain", "v whole") if key not in text] == []
            await desk.press("y")
            await desk.shows("see its end first: page down, or v")
            assert "v whole" in desk.screen()


async def test_the_smallest_screen_names_every_key() -> None:
    async with deck(editing("a", "b", lines=2), size=NARROW) as desk:
        for key in ("y approve", "n deny", "r say why", "j/k next", "e edit", "s scope"):
            await desk.shows(key)
        await desk.shows("x explain  v whole")
        await desk.pilot.press("y")
        await desk.shows("it has only just appeared")
        await desk.shows("v whole")


async def test_a_box_that_is_left_takes_its_complaint_with_it() -> None:
    asked = stories.asked("c7", None, Category.DESTRUCTIVE, facts={"deletes": ["a/notes.md"]})
    story = [*stories.beginning(), *stories.turn(5, "Away.", ("c7", "delete_file", {})), *asked]
    async with deck(story) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        await desk.press("y")
        await desk.shows("type notes.md here")
        await desk.press("x", "enter")
        await desk.shows("that is another word")
        await desk.press("escape")
        await desk.shows("y approve, typed")
        assert "that is another word" not in desk.screen()


async def test_the_box_for_a_reason_names_its_own_keys_and_no_others() -> None:
    async with deck(editing("c7", lines=2), size=MEDIUM) as desk:
        await desk.shows("Approve?")
        await desk.press("r")
        await desk.shows("enter deny")
        assert "y approve" not in desk.screen()
        assert "escape back" in desk.screen()


async def test_a_sentence_that_just_does_not_fit_its_line_has_a_second_one() -> None:
    for size in range(74, 79):
        text = f"{'word ' * 40}"[: size - 1] + "."
        ask = HumanCalled(ask_id="a1", kind="limit", text=text, options=("raise", "stop"))
        async with deck([*stories.beginning(), ask], size=MEDIUM) as desk:
            payload = desk.deck.query_one(Payload)
            assert payload.virtual_size.height <= payload.rows


async def test_what_takes_a_moment_to_lay_out_is_not_seen_by_the_lines_of_another_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lines, "HEAVY", 100)
    long = "".join(f"echo line {n}\n" for n in range(90))
    calls = [("c1", "shell", {"command": "make"}), ("c2", "shell", {"command": long})]
    asked = [
        *stories.asked("c1", Preview(kind="command", text="make all")),
        *stories.asked("c2", Preview(kind="command", text=long)),
    ]
    async with deck([*stories.beginning(), *stories.turn(5, "Run.", *calls), *asked]) as desk:
        await desk.until(lambda: desk.drawer.guard.seen_all)
        desk.drawer.switch(1)
        desk.drawer.observe()  # before the thread that makes the lines is done
        assert desk.drawer.guard.seen == 0.0
        await desk.shows("echo line 0")
        await desk.until(lambda: 0.0 < desk.drawer.guard.seen < 0.5)
        assert "pgdn to its end for y" in desk.screen()
