"""Numbers answer, words go where they were asked for, and every guard of the deck holds."""

from collections.abc import Sequence

import pytest

from loopdeck.app.plain.asking import PAGE
from loopdeck.app.plain.talk import TOO_MUCH, TOO_SOON, Talk
from loopdeck.app.plain.telling import Teller
from loopdeck.errors import ReadOnlyError
from loopdeck.session.commands import (
    Answer,
    Approve,
    Command,
    Deny,
    Interrupt,
    Pause,
    Say,
    SetLevel,
    Steer,
    Stop,
)
from loopdeck.session.events import CallAnswered, Event, HumanCalled, SandboxChecked
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, Losses, Preview
from tests.support.clock import FakeClock
from tests.support.records import recording, started
from tests.support.stories import asked, beginning, turn, waiting_for_two

RM = [
    *beginning(),
    *turn(5, "Away with it.", ("c9", "shell", {"command": "rm -rf notes/old"})),
    *asked(
        "c9",
        Preview(
            kind="command",
            text="rm -rf notes/old",
            losses=Losses(count=3, bytes=70, untracked=2, first=("notes/old/a",)),
        ),
        Category.DESTRUCTIVE,
        facts={"deletes": ["notes/old"]},
    ),
]


class Scene:
    """A human, a session that goes on as it is told to, and what was said and sent."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.lines: list[str] = []
        self.sent: list[Command] = []
        self.broken = False
        self.clock = FakeClock()
        self._events: list[Event] = []
        self.talk = Talk(Teller(brief=True), self.clock, self._out, self._send)
        self.happens(*events)

    def happens(self, *events: Event) -> None:
        """The session goes on."""
        self._events += events
        state = SessionState()
        for record in recording(self._events):
            state = advance(state, record)
        self.talk.update(state)

    async def types(self, *lines: str, after_s: float = 1.0) -> str:
        """Lines typed after a while, each by itself; what was said to the last one."""
        for line in lines:
            self.clock.advance(after_s)
            self.lines.clear()
            await self.talk.typed([line])
        return "\n".join(self.lines)

    def _out(self, lines: Sequence[str]) -> None:
        self.lines += lines

    async def _send(self, command: Command) -> None:
        if self.broken:
            raise ReadOnlyError("This run is over.", "Resume it.")
        self.sent.append(command)


async def test_a_request_is_read_out_with_all_that_would_happen_and_numbers_to_choose():
    scene = Scene(waiting_for_two())
    text = "\n".join(scene.lines)
    assert "approve? 1 of 2: call 1, write_file drafts/ada-hour.md" in text
    assert "asks because: level 3 asks for every write" in text
    assert "    +Hi Noor," in text
    assert "1. approve once\n2. deny\n3. deny, and say why\n4. explain\n5. the next one" in text


async def test_one_approves_exactly_what_was_read():
    scene = Scene(waiting_for_two())
    await scene.types("1")
    assert scene.sent == [Approve(call_id="c7", binding="hash-of-c7")]


async def test_the_next_request_follows_at_once():
    scene = Scene(waiting_for_two())
    assert "drafts/loop-talk.md" in await scene.types("1")
    await scene.types("2")
    assert scene.sent[1] == Deny(call_id="c8")


async def test_an_answer_that_was_sent_is_not_asked_for_again():
    scene = Scene(waiting_for_two())
    await scene.types("1", "1")
    scene.lines.clear()
    scene.happens(CallAnswered(call_id="c7", answer="approved", by="human"))
    assert scene.lines == []


async def test_a_reason_goes_to_the_agent_and_no_reason_does_nothing():
    scene = Scene(waiting_for_two())
    assert "Nothing was done." in await scene.types("3", "")
    assert scene.sent == []
    await scene.types("3", "too long")
    assert scene.sent == [Deny(call_id="c7", reason="too long")]


async def test_what_destroys_wants_its_name_typed():
    scene = Scene(RM)
    text = "\n".join(scene.lines)
    assert "would be lost: 3 files, 70 bytes" in text
    assert "2 of them are in no git" in text
    assert "Type old to approve it" in await scene.types("1")
    assert "That is not old: nothing was approved." in await scene.types("yes")
    assert scene.sent == []
    await scene.types("1", "old")
    assert scene.sent == [Approve(call_id="c9", binding="hash-of-c9")]


async def test_another_command_can_be_run_instead():
    scene = Scene(RM)
    await scene.types("4", "rm notes/old/a")
    (sent,) = scene.sent
    assert isinstance(sent, Approve)
    assert sent.args == {"command": "rm notes/old/a"}


async def test_nothing_is_approved_whose_end_was_not_read():
    long = Preview(kind="command", text="\n".join(f"echo {n}" for n in range(2 * PAGE)))
    scene = Scene(
        [*beginning(), *turn(5, "Go.", ("c9", "shell", {"command": "…"})), *asked("c9", long)]
    )
    assert "1. read on" in scene.lines
    assert f"    echo {2 * PAGE - 1}" not in scene.lines
    await scene.types("1", "1")
    assert scene.sent == []
    assert f"    echo {2 * PAGE - 1}" in scene.lines
    assert "1. approve once" in scene.lines


async def test_a_line_that_came_too_soon_answers_nothing():
    scene = Scene(waiting_for_two())
    assert await scene.types("1", after_s=0.1) == TOO_SOON
    assert scene.sent == []


async def test_a_line_typed_again_and_again_begins_the_time_again():
    scene = Scene(waiting_for_two())
    for _ in range(3):
        assert await scene.types("1", after_s=0.3) == TOO_SOON
    assert scene.sent == []
    await scene.types("1", after_s=0.5)
    assert len(scene.sent) == 1


async def test_a_paste_answers_nothing():
    scene = Scene(waiting_for_two())
    scene.clock.advance(5)
    await scene.talk.typed(["1", "1"])
    assert scene.lines[-1] == TOO_MUCH
    assert scene.sent == []


@pytest.mark.parametrize("typed", ["9", "0", "y", "approve"])
async def test_what_is_no_choice_answers_nothing(typed: str):
    scene = Scene(waiting_for_two())
    assert "number" in await scene.types(typed) or "no choice" in scene.lines[0]
    assert scene.sent == []


async def test_the_explanation_is_read_and_the_question_stays():
    scene = Scene(waiting_for_two())
    assert "What decided" in await scene.types("4")
    await scene.types("1")
    assert len(scene.sent) == 1


async def test_passing_over_comes_round_again():
    scene = Scene(waiting_for_two())
    assert "loop-talk" in await scene.types("5")
    assert "ada-hour" in await scene.types("5")


async def test_a_question_of_the_agent_has_its_options_and_own_words():
    question = HumanCalled(ask_id="a1", kind="question", text="Which one?", options=("one", "two"))
    scene = Scene([*beginning(), question])
    assert {"1. one", "2. two", "3. answer in your own words"} <= set(scene.lines)
    await scene.types("2")
    assert scene.sent == [Answer(ask_id="a1", answer="two")]


async def test_own_words_answer_a_question():
    question = HumanCalled(ask_id="a1", kind="question", text="Which one?")
    scene = Scene([*beginning(), question])
    await scene.types("1", "the third")
    assert scene.sent == [Answer(ask_id="a1", answer="text", text="the third")]


async def test_a_limit_is_raised_by_number():
    scene = Scene([*beginning(), HumanCalled(ask_id="a1", kind="limit", text="Used up.")])
    await scene.types("1")
    assert scene.sent == [Answer(ask_id="a1", answer="raise")]


async def test_a_request_that_is_gone_is_answered_no_more():
    scene = Scene(waiting_for_two())
    scene.happens(
        CallAnswered(call_id="c7", answer="denied", by="human"),
        CallAnswered(call_id="c8", answer="denied", by="human"),
    )
    assert "There is no choice" not in await scene.types("")
    assert scene.lines[0].startswith("now: ")
    assert scene.sent == []


async def test_words_are_a_message_where_nothing_waits():
    scene = Scene(beginning())
    assert "next step" in await scene.types("look at the tests too")
    assert scene.sent == [Say(text="look at the tests too")]


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        (["1"], Pause()),
        (["2"], Interrupt()),
        (["3", "not there"], Steer(text="not there")),
        (["4", "2"], SetLevel(level=2)),
        (["5"], Stop(reason="stopped by its human")),
    ],
    ids=["pause", "interrupt", "steer", "level", "stop"],
)
async def test_the_agent_can_be_led(typed: list[str], command: Command):
    scene = Scene(beginning())
    await scene.types(*typed)
    assert scene.sent == [command]


async def test_the_upper_levels_are_shut_without_a_sandbox():
    scene = Scene(beginning())
    assert "are shut" in await scene.types("4", "4")
    assert "number from 1 to 5" in await scene.types("4", "9")
    assert scene.sent == []
    scene.happens(SandboxChecked(backend="bubblewrap", passed=True))
    await scene.types("4", "4")
    assert scene.sent == [SetLevel(level=4)]


async def test_what_cannot_be_sent_is_said_and_asked_again():
    scene = Scene(waiting_for_two())
    scene.broken = True
    text = await scene.types("1")
    assert "problem: This run is over. Resume it." in text
    assert "1. approve once" in text


async def test_a_request_ends_with_what_to_do():
    scene = Scene([started()])
    scene.lines.clear()
    scene.happens(*waiting_for_two()[1:])
    assert scene.lines[-1] == "Type a number and press enter."
