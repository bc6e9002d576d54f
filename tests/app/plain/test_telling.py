"""Every event has its words, one thing a line, and nothing in them acts on a terminal."""

import re

from hypothesis import given

from loopdeck.app.plain.telling import LONGEST, Teller
from loopdeck.app.sanitize import HOSTILE_CLASS
from loopdeck.session.events import (
    CallAnswered,
    CallFinished,
    Event,
    ModelReplied,
    ModelRequested,
    SessionEnded,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.values import TextBlock, Usage
from tests.support.anyevent import any_records
from tests.support.records import recording, started
from tests.support.stories import approved, beginning, waiting_for_two

ACTS = re.compile(f"[\n{HOSTILE_CLASS}]")


def told(records: list[Record], *, brief: bool = False) -> list[str]:
    """Everything that is said about a session."""
    teller, state = Teller(brief=brief), SessionState()
    lines: list[str] = []
    for record in records:
        state = advance(state, record)
        lines += teller.tell(record, state)
    return lines


def story(*more: Event) -> list[str]:
    """What is said about the beginning of the story and what follows."""
    return told(recording([*waiting_for_two(), *more]))


def test_each_line_says_what_it_is_or_belongs_to_the_one_before():
    for line in story(SessionEnded(outcome="done", verified="checked", text="Three drafts.")):
        assert not line or line.startswith("  ") or re.match(r"[a-z][a-z0-9 ,<.]*:", line), line


def test_the_story_is_told_in_order_and_calls_have_numbers():
    text = "\n".join(story(approved("c7")))
    places = [
        text.index(words)
        for words in (
            "goal: draft three podcast pitches",
            "model: scripted:pitches, a scripted model, level 3",
            "done when: python3 check.py succeeds",
            "step 1:",
            "call 1: list_files .",
            "result of call 1, 3 ms:",
            "plan: 0 of 5 done",
            "result of call 5, failed, 2 ms: There is no file",
            "step 5:",
            "waits: call 7 waits for an answer. level 3 asks for every write",
            "answer: call 7 approved by you",
        )
    ]
    assert places == sorted(places)


def test_a_step_is_announced_once_however_often_it_is_tried():
    assert sum(line.startswith("step 3:") for line in story()) == 1


def test_the_last_sums_count_what_was_kept_for_later_too():
    used = Usage(input=5, output=20, cache_read=300, cache_write=100)
    reply = ModelReplied(step=1, blocks=(), stop="end_turn", usage=used, cost_usd=0.5)
    ended = SessionEnded(outcome="done", verified="checked")
    lines = told(recording([started(), ModelRequested(step=1, model="m"), reply, ended]))
    assert "end: done, checked, after 1 step, 425 tokens, $0.50" in lines


def test_a_long_result_is_counted_and_not_poured_out():
    output = "\n".join(f"line {number}" for number in range(100))
    lines = story(CallFinished(call_id="c7", ok=True, output=output))
    assert lines[-1] == f"  and {100 - LONGEST} lines more"
    assert lines[-2] == f"  line {LONGEST - 1}"


def test_who_asks_in_its_own_words_only_hears_that_something_waits():
    lines = told(recording(waiting_for_two()), brief=True)
    assert "waits: call 7 waits for an answer." in lines


def test_edited_arguments_are_told():
    answered = CallAnswered(
        call_id="c7",
        answer="approved",
        by="human",
        reason="a better name",
        args={"path": "drafts/ada.md", "content": ""},
    )
    lines = story(answered)
    assert lines[-2].startswith("answer: call 7 approved by you, with other arguments")
    assert lines[-1] == "  now: drafts/ada.md"


def test_hostile_words_stay_words():
    text = "\x1b]0;owned\x07 \u202etxt.exe\nand\r\nmore"
    reply = ModelReplied(step=1, blocks=(TextBlock(text=text),), stop="end_turn")
    lines = told(recording([started("a\x1b[2Jb"), reply]))
    assert "goal: a␛[2Jb" in lines
    assert not any(ACTS.search(line) for line in lines)


@given(any_records())
def test_any_event_is_told_without_a_character_that_acts(records: list[Record]):
    assert not any(ACTS.search(line) for line in told(records))


def test_the_beginning_alone_has_no_loose_ends():
    assert not any("waits" in line for line in told(recording(beginning())))


def test_a_command_that_made_a_file_is_told_with_its_output_too():
    diff = "--- /dev/null\n+++ b/out.txt\n@@ -0,0 +1 @@\n+made\n"
    done = CallFinished(
        call_id="c7", ok=True, output="3 passed", exit_code=0, diff=diff, files=("out.txt",)
    )
    text = "\n".join(story(approved("c7"), done))
    assert "changed out.txt" in text
    assert "+made" in text
    assert "3 passed" in text
