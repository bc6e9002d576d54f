"""A session as Markdown: all of it is there, and outside text can only ever be text."""

import json
import re
from pathlib import Path

from hypothesis import given, settings

from loopdeck.exporting.cleaning import cleaned
from loopdeck.exporting.markdown import markdown
from loopdeck.journal.jsonl import read_records
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallStarted,
    CheckFinished,
    Event,
    HumanMessage,
    ModelChunk,
    ModelFailed,
    SessionEnded,
)
from loopdeck.session.records import Record
from loopdeck.session.values import Usage
from tests.support.anyevent import any_records
from tests.support.planting import KEY, planted
from tests.support.records import recording, started
from tests.support.stories import asked, ran, turn, waiting_for_two

RECORDING = Path(__file__).parents[2] / "sessions" / "demo-bugfix.jsonl"
HOSTILE = (
    "</details><script>alert(1)</script>\n```\n# not a heading\n@noor #12 ![x](http://x)\x1b[31m"
)


def told(*events: Event) -> str:
    """The document about a session of these events."""
    return markdown(recording([started(), *events]))


def test_the_demo_tells_its_goal_outcome_plan_changes_and_every_step() -> None:
    text = markdown(read_records(RECORDING), version="1.0")
    assert text.startswith("# Make the failing test pass without changing the tests.\n")
    assert "| Outcome | done; its check passed |" in text
    assert "| Approvals | 6 asked, 6 approved, 0 denied |" in text
    assert "- [x] see the test fail" in text
    assert [f"### Step {n} " in text for n in range(1, 12)] == [True] * 11
    assert "+    minutes, rest = divmod(round(seconds), 60)" in text
    assert "exported by Loopdeck 1.0." in text


def test_sums_with_a_reply_that_was_cut_are_the_least() -> None:
    cut = ModelChunk(kind="text", text="", usage=Usage(input=90, output=2), cost_usd=0.25)
    text = told(cut)
    assert "| Tokens | 90 in, ≥ 2 out |" in text
    assert "| Cost | ≥ $0.25 |" in text


def test_two_changes_of_a_file_are_one_diff() -> None:
    text = markdown(read_records(RECORDING))
    changes = text[text.index("## Changes") : text.index("## Steps")]
    assert changes.count("--- a/durations.py") == 1
    assert "Commands ran too; what they changed by themselves is in no diff." in changes
    assert "int(seconds // 60)" not in changes


def test_a_command_can_be_copied_as_it_ran() -> None:
    piped, spaced = "env | grep -i key", "grep 'a  b' x"
    text = told(
        *turn(1, "", ("c1", "shell", {"command": piped}), ("c2", "shell", {"command": spaced})),
    )
    assert f"**`shell`** `{piped}`" in text
    assert json.dumps(spaced) in text  # a code span shows one blank for two


def test_a_bar_parts_no_cell_of_the_table() -> None:
    text = markdown(recording([started(model="a|b")]))
    assert "| Model | `a\\|b` |" in text


def test_two_calls_that_wait_at_once_have_their_person_wait_once() -> None:
    events = [
        *turn(1, "", ("c1", "shell", {"command": "a"}), ("c2", "shell", {"command": "b"})),
        *asked("c1", None),
        *asked("c2", None),
        CallAnswered(call_id="c1", answer="approved", by="human"),
        CallAnswered(call_id="c2", answer="denied", by="human"),
    ]
    assert "| Waited for a person | 4 ms |" in told(*events)  # a millisecond an event


def test_a_decision_says_who_answered_after_how_long_and_what_was_edited() -> None:
    text = told(
        *turn(1, "I clean up.", ("c1", "shell", {"command": "rm -r build"})),
        *asked("c1", None, rule="level 3 asks"),
        CallAnswered(
            call_id="c1", answer="approved", by="human", reason="less", args={"command": "rm a"}
        ),
        CallStarted(call_id="c1"),
        CallFinished(call_id="c1", ok=True, output="gone"),
    )
    assert "- level 3 asks: approved by a person after 1 ms, with other arguments" in text
    assert "- reason: less" in text
    assert "rm -r build" in text[text.index("Proposed") : text.index("Approved instead")]
    assert '"rm a"' in text[text.index("Approved instead") :]


def test_a_fork_names_its_parent() -> None:
    records = recording([started(parent={"session": "s0", "seq": 7})])
    assert "| Forked from | session s0, after event 7 |" in markdown(records)


def test_what_still_waits_is_said() -> None:
    text = markdown(recording(waiting_for_two()))
    assert "| Outcome | not over: it waits for a person |" in text
    assert "asked, and not answered" in text


def test_errors_stand_together() -> None:
    text = told(
        *turn(1, "", ("c1", "shell", {"command": "make"})),
        *ran("c1", "no", 3, ok=False),
        ModelFailed(step=2, attempt=1, error="overloaded"),
    )
    errors = text[text.index("## Errors") :]
    assert "- step 1: `shell` failed, 3 ms" in errors
    assert "- step 2: the model failed: overloaded" in errors


def test_outside_text_is_never_markup() -> None:
    text = told(
        HumanMessage(text=HOSTILE),
        *turn(1, HOSTILE, ("c1", "shell", {"command": HOSTILE})),
        *ran("c1", HOSTILE, 3),
        CheckFinished(attempt=1, ok=False, output=HOSTILE),
        SessionEnded(outcome="done", text=HOSTILE),
    )
    outside = unfenced(text)
    assert "<script" not in outside
    assert "\n# not" not in outside
    assert "@noor" not in outside
    assert "![" not in outside
    assert "\x1b" not in text


def test_a_fence_in_a_result_cannot_close_the_block() -> None:
    for ticks in ("```", "`````", "``` ````` ```"):
        output = f"a\n{ticks}\n<b>\n{ticks}"
        text = told(*turn(1, "", ("c1", "shell", {"command": "x"})), *ran("c1", output, 3))
        assert "<b>" not in unfenced(text)


def test_a_long_result_is_folded_and_clipped_and_says_how_much_is_missing() -> None:
    output = "\n".join(f"line {n}" for n in range(10_000))
    text = told(*turn(1, "", ("c1", "shell", {"command": "x"})), *ran("c1", output, 3))
    assert "<details><summary>Result, 10,000 lines</summary>" in text
    assert "[… 9,920 lines left out …]" in text
    assert len(text) < 5_000


@settings(max_examples=40)
@given(any_records())
def test_any_events_can_be_told(records: list[Record]) -> None:
    text = markdown(records)
    assert text.startswith("# ")
    assert unfenced(text).count("<details>") == unfenced(text).count("</details>")


@settings(max_examples=40)
@given(any_records(max_size=6))
def test_a_planted_secret_never_gets_out(records: list[Record]) -> None:
    clean = cleaned([planted(record, KEY) for record in records], Redactor(b"k" * 32))
    assert KEY not in markdown(clean.records)


def test_an_approval_asked_again_is_told_twice() -> None:
    text = told(
        *turn(1, "", ("c1", "shell", {"command": "x"})),
        *asked("c1", None),
        CallAnswered(call_id="c1", answer="approved", by="human"),
        CallAsked(call_id="c1", binding="b2", again="the file changed"),
        CallAnswered(call_id="c1", answer="denied", by="human", reason="no more"),
    )
    assert text.count("by a person after") == 2
    assert "- asked again: the file changed" in text


def unfenced(text: str) -> str:
    """The document without its blocks of code, as a Markdown reader finds them."""
    kept: list[str] = []
    closing = ""
    for line in text.split("\n"):
        ticks = re.match(r"`{3,}", line)
        if closing:
            if line.strip() and set(line.strip()) == {"`"} and len(line.strip()) >= len(closing):
                closing = ""
        elif ticks:
            closing = ticks[0]
        else:
            kept.append(re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", line))
    assert not closing
    return "\n".join(kept)
