"""Keys that answer: what they send, and everything that must keep them from it."""

from textual import events
from textual.widgets import Input

from loopdeck.app.panes.message import MessageBox
from loopdeck.app.panes.payload import Payload
from loopdeck.errors import ReadOnlyError
from loopdeck.session.commands import Answer, Approve, Deny, SetLevel
from loopdeck.session.events import (
    CallAnswered,
    Event,
    HumanAnswered,
    HumanCalled,
    SessionPaused,
)
from loopdeck.session.values import Category, Preview
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories


def deleting(category: Category = Category.DESTRUCTIVE) -> list[Event]:
    """A session that waits to delete a file."""
    return [
        *stories.beginning(),
        *stories.turn(5, "I clean up.", ("c7", "delete_file", {"path": "scratch/notes.md"})),
        *stories.asked(
            "c7",
            Preview(kind="text", text="2 lines would be lost"),
            category,
            facts={"deletes": ["scratch/notes.md"]},
        ),
    ]


def asking(kind: str, *options: str) -> list[Event]:
    """A session that calls its human."""
    event = HumanCalled.model_validate(
        {"ask_id": "a1", "kind": kind, "text": "Which one?", "options": options}
    )
    return [*stories.beginning(), event]


def long_write(lines: int = 200) -> list[Event]:
    """A session that waits to write many lines."""
    diff = f"--- /dev/null\n+++ b/long.txt\n@@ -0,0 +1,{lines} @@\n"
    diff += "".join(f"+line {number}\n" for number in range(1, lines + 1))
    return [
        *stories.beginning(),
        *stories.turn(5, "Long.", ("c7", "write_file", {"path": "long.txt", "content": "…"})),
        *stories.asked("c7", Preview(kind="diff", text=diff)),
    ]


async def armed(desk: Desk) -> None:
    """Wait until the request was painted, and let the 400 ms pass."""
    await desk.until(lambda: desk.drawer.guard.shown_at is not None)
    desk.clock.advance(0.5)


async def test_y_approves_exactly_what_was_shown_and_the_next_has_its_own_400_ms() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await armed(desk)
        await desk.press("y")
        await desk.until(lambda: bool(desk.sink.sent))
        assert desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")]
        await desk.shows("drafts/loop-talk.md  ")
        assert desk.drawer.guard.key.startswith("c8")
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        desk.clock.advance(0.1)
        await desk.pilot.press("y")
        await desk.settled()
        assert len(desk.sink.sent) == 1
        await desk.press("y")
        await desk.until(lambda: len(desk.sink.sent) == 2)


async def test_no_key_answers_in_the_first_400_ms_and_switching_restarts_them() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        shown = desk.drawer.guard.shown_at
        assert shown is not None
        for key, after in (("y", 0.13), ("n", 0.26), ("r", 0.39)):  # no burst of keys either
            desk.clock.advance(after - (desk.clock.mono() - shown) / 1e9)
            await desk.pilot.press(key)
            await desk.settled()
            assert desk.sink.sent == []
            assert not isinstance(desk.app.focused, Input)
            await desk.shows("only just appeared")
        for key, which in (("j", "2 of 2"), ("k", "1 of 2")):
            await armed(desk)
            await desk.pilot.press(key)
            await desk.shows(f"Approve? {which}")
            await desk.until(lambda: desk.drawer.guard.shown_at is not None)
            desk.clock.advance(0.2)
            await desk.pilot.press("y")
            await desk.settled()
            assert desk.sink.sent == []


async def test_a_key_pressed_again_and_again_from_before_the_request_approves_nothing() -> None:
    async with deck(stories.beginning()) as desk:
        await desk.pilot.press("y")
        desk.journal.push(*stories.waiting_for_two()[len(stories.beginning()) :])
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        for _ in range(5):
            desk.clock.advance(0.2)
            await desk.pilot.press("y")
            await desk.settled()
        assert desk.sink.sent == []
        await desk.press("y")
        await desk.until(lambda: len(desk.sink.sent) == 1)


async def test_r_denies_with_the_words_that_were_typed_and_escape_denies_nothing() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await armed(desk)
        await desk.press("r")
        await desk.until(lambda: isinstance(desk.app.focused, Input))
        await desk.press("n", "o", "escape")
        await desk.until(lambda: not isinstance(desk.app.focused, Input))
        assert desk.sink.sent == []
        await desk.press("r")
        await desk.until(lambda: isinstance(desk.app.focused, Input))
        await desk.press(*"too long", "enter")
        await desk.until(lambda: desk.sink.sent == [Deny(call_id="c7", reason="too long")])


async def test_a_text_box_takes_letters_and_lets_no_key_of_an_answer_through() -> None:
    async with deck(stories.waiting_for_two(), keys={"deny": "f2"}) as desk:
        await armed(desk)
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.focused, MessageBox))
        await desk.press("y", "n")
        await desk.settled()
        assert desk.sink.sent == []
        assert desk.deck.query_one(MessageBox).text == "yn"
        await desk.press("f2")
        await desk.settled()
        assert desk.sink.sent == []
        await desk.press("escape", "f2")
        await desk.until(lambda: desk.sink.sent == [Deny(call_id="c7")])


async def test_a_paste_and_keys_that_arrive_together_answer_nothing() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await armed(desk)
        desk.app.post_message(events.Paste("y\ny\n"))
        await desk.settled()
        assert desk.sink.sent == []
        for burst in ("yes", "ny", "ry", "xy"):
            desk.clock.advance(1)
            await armed(desk)
            for letter in burst:
                desk.app.post_message(events.Key(letter, letter))
            await desk.settled()
            assert desk.sink.sent == [], burst
            assert not isinstance(desk.app.focused, Input), burst


async def test_y_stays_off_until_the_end_was_on_the_screen() -> None:
    async with deck(long_write(80), size=MEDIUM) as desk:
        await armed(desk)
        await desk.press("y")
        await desk.settled()
        assert desk.sink.sent == []
        await desk.shows("see its end first")
        for _ in range(60):
            await desk.press("pagedown")
            if desk.drawer.guard.seen_all:
                break
            await desk.pilot.pause()
        await desk.until(lambda: desk.drawer.guard.seen_all)
        await desk.shows("100 % seen")
        await desk.press("y")
        await desk.until(lambda: desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")])


async def test_the_whole_view_gives_the_keys_back_and_n_denies_what_was_not_read() -> None:
    async with deck(long_write()) as desk:
        await armed(desk)
        before = desk.deck.query_one(Payload).size.height
        await desk.press("v")
        await desk.until(lambda: desk.deck.query_one(Payload).size.height > before + 8)
        assert isinstance(desk.app.focused, Payload)
        await desk.press("v")
        await desk.until(lambda: desk.deck.query_one(Payload).size.height == before)
        await armed(desk)
        assert not desk.drawer.guard.seen_all
        await desk.press("n")
        await desk.until(lambda: desk.sink.sent == [Deny(call_id="c7")])


async def test_what_destroys_needs_its_name_typed_and_never_pasted() -> None:
    async with deck(deleting()) as desk:
        await armed(desk)
        await desk.press("y")
        await desk.until(lambda: isinstance(desk.app.focused, Input))
        await desk.shows("type notes.md")
        desk.app.post_message(events.Paste("notes.md"))
        await desk.pilot.pause()
        await desk.press("enter")
        await desk.shows("nothing was approved")
        assert desk.sink.sent == []
        await desk.press(*"notes")
        await desk.until(lambda: "nothing was approved" not in desk.screen())
        await desk.press("enter")
        await desk.shows("nothing was approved")
        assert desk.sink.sent == []
        await desk.shows("type notes.md   enter approve   escape back")
        assert "n deny" not in desk.screen()  # it would be a letter of the word
        await desk.press("n")
        await desk.until(lambda: "nothing was approved" not in desk.screen())
        await desk.press(*"otes.md", "enter")
        await desk.until(lambda: desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")])


async def test_a_request_that_changes_is_another_request() -> None:
    async with deck(stories.waiting_for_two()) as desk:
        await armed(desk)
        again = stories.asked("c7", Preview(kind="diff", text=stories.DRAFT))[1]
        desk.journal.push(
            again.model_copy(update={"binding": "other", "again": "the file changed"})
        )
        await desk.until(lambda: desk.deck.scene.head.last_seq == len(desk.journal.records))
        await desk.settled()
        await desk.until(lambda: desk.drawer.guard.shown_at is not None)
        await desk.pilot.press("y")
        await desk.settled()
        assert Approve(call_id="c7", binding="hash-of-c7") not in desk.sink.sent
        assert desk.sink.sent == []


async def test_the_past_cannot_answer_and_shows_what_was_answered() -> None:
    events_ = [
        *stories.waiting_for_two(),
        CallAnswered(call_id="c7", answer="denied", by="human", reason="too [long]"),
    ]
    async with deck(events_) as desk:
        await desk.press("[", "[")
        await desk.shows("PAST")
        await desk.shows("denied by you: “too [long]” after")
        for key in ("y", "n", "r"):
            await desk.press(key)
            await desk.settled()
        assert desk.sink.sent == []
        assert not isinstance(desk.app.focused, Input)


async def test_a_recording_that_waits_says_how_to_go_on_and_takes_no_answer() -> None:
    story = [*stories.waiting_for_two(), SessionPaused(reason="waiting")]
    async with deck(story, accepts=False, ours=True) as desk:
        await armed(desk)
        await desk.press("y", "n")
        await desk.settled()
        assert desk.sink.sent == []
        await desk.shows("loopdeck resume")
        await desk.shows("END")


async def test_a_session_that_others_work_on_is_watched_and_answered_from_here() -> None:
    async with deck(stories.waiting_for_two(), elsewhere="process 4242") as desk:
        await armed(desk)
        await desk.press("n")
        await desk.until(lambda: [command.type for command in desk.sink.sent] == ["deny"])
        await desk.shows("LIVE, watching")
        await desk.press("left")
        await desk.shows("PAST  step")


async def test_the_options_of_a_harness_question_say_what_they_do_and_send_their_own_word() -> None:
    async with deck(asking("loop", "continue", "tell", "stop")) as desk:
        await desk.shows("1  continue, it is fine")
        await desk.shows("2  tell it to try something else")
        await armed(desk)
        await desk.press("1")
        await desk.until(lambda: desk.sink.sent == [Answer(ask_id="a1", answer="continue")])


async def test_an_answer_that_cannot_be_delivered_leaves_the_request_open_until_others_answer() -> (
    None
):
    async with deck(stories.waiting_for_two()) as desk:
        await armed(desk)

        desk.sink.refusal = ReadOnlyError("The agent is [gone].", "Resume it.")
        await desk.press("n")
        await desk.shows("The agent is [gone].")
        await desk.shows("Approve? 1 of 2")
        desk.journal.push(stories.approved("c7"), stories.approved("c8"))
        await desk.until(lambda: not desk.drawer.display)
        assert "Approve?" not in desk.screen()


async def test_a_question_is_answered_with_a_number_or_in_words() -> None:
    async with deck(asking("question", "Ada Hour", "Loop Talk")) as desk:
        await armed(desk)
        await desk.press("2")
        await desk.until(lambda: desk.sink.sent == [Answer(ask_id="a1", answer="Loop Talk")])
        desk.journal.push(
            HumanAnswered(ask_id="a1", answer="Loop Talk"),
            HumanCalled(ask_id="a2", kind="question", text="Why that one?"),
        )
        await desk.until(lambda: desk.drawer.guard.key == "a2")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.focused, Input))
        await desk.press(*"/level 2", "enter")
        await desk.until(lambda: desk.sink.sent[1:] == [SetLevel(level=2)])
        await desk.press("enter", *"because", "enter")
        await desk.until(lambda: len(desk.sink.sent) == 3)
        assert desk.sink.sent[2] == Answer(ask_id="a2", answer="text", text="because")


LIMIT = ("raise", "finish", "stop")


async def test_a_limit_has_keys_of_its_own() -> None:
    async with deck(asking("limit", *LIMIT)) as desk:
        await armed(desk)
        await desk.press("1")
        await desk.settled()
        assert desk.sink.sent == []
        for turn, (key, answer) in enumerate((("plus", "raise"), ("f", "finish"), ("q", "stop"))):
            asked = f"a{turn + 1}"
            await desk.until(lambda asked=asked: desk.drawer.guard.key == asked)
            await armed(desk)
            await desk.press(key)
            await desk.until(lambda turn=turn: len(desk.sink.sent) == turn + 1)
            assert desk.sink.sent[-1] == Answer(ask_id=asked, answer=answer)
            desk.journal.push(
                HumanAnswered(ask_id=asked, answer=answer),
                HumanCalled.model_validate(
                    {"ask_id": f"a{turn + 2}", "kind": "limit", "text": "?", "options": LIMIT}
                ),
            )


async def test_the_smallest_screen_can_approve() -> None:
    async with deck(stories.waiting_for_two(), size=NARROW) as desk:
        await armed(desk)
        await desk.shows("drafts/ada-hour.md")
        for _ in range(5):
            if not desk.drawer.guard.seen_all:
                await desk.press("pagedown")
                await desk.pilot.pause()
        await desk.press("y")
        await desk.until(lambda: desk.sink.sent == [Approve(call_id="c7", binding="hash-of-c7")])


async def test_hidden_characters_in_a_payload_are_shown_and_named() -> None:
    evil = Preview(kind="command", text="echo hi \u202e\x1b]52;c;aGk=\x07 [/] [@click=x]y[/]")
    story = [
        *stories.beginning(),
        *stories.turn(5, "Run.", ("c7", "shell", {"command": evil.text})),
        *stories.asked("c7", evil, Category.UNKNOWN),
    ]
    async with deck(story, size=WIDE) as desk:
        await desk.shows("hidden characters")
        screen = desk.screen()
        assert "⟨U+202E⟩␛]52;c;aGk=␇ [/] [@click=x]y[/]" in screen
        assert "\x1b" not in screen
