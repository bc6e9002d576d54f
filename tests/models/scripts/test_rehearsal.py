"""The scripted line is a function of the history, whatever that history is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopdeck.harness.prompt.words import CLOSING, CUT_OFF, NOTHING_NEW, words
from loopdeck.models.scripts.rehearsal import Rehearsal
from loopdeck.models.scripts.speech import Call, Say, Scene, human_words
from loopdeck.ports import AssistantTurn, CallResult, ToolUse, Turn, UserTurn
from loopdeck.session.events import (
    CheckFinished,
    Event,
    HumanSteered,
    LevelChanged,
    LoopSuspected,
    ServerChecked,
    ServiceEnded,
    SessionResumed,
)
from loopdeck.session.values import TextBlock
from tests.models.scripts.stage import ask, stage, text


def two_steps(goal: str) -> Scene:
    """Reads a file and says what came of it."""
    seen = yield Say(f"About {goal}.", (Call("read_file", {"path": "a"}),))
    yield Say(f"It said {seen.results[0].text}; you said {list(seen.texts)}.")


def spoke(*calls: ToolUse, words: str = "…") -> AssistantTurn:
    """A turn of the model."""
    return AssistantTurn((TextBlock(text=words), *calls))


GOAL = UserTurn(texts=("sheds",))
READ = spoke(ToolUse("call-1", "read_file", {"path": "a"}))


def line(*turns: Turn, tools: bool = True) -> Say:
    """What the small script says now."""
    return Rehearsal(two_steps, turns).line(tools=tools)


def test_results_reach_the_script() -> None:
    said = line(GOAL, READ, UserTurn((CallResult("call-1", "blue"),), ("hm",)))
    assert "It said blue; you said ['hm']." in said.text


def test_a_call_without_a_result_did_not_run() -> None:
    assert "did not run" in line(GOAL, READ).text


def test_a_humans_words_are_answered_before_the_plan_goes_on() -> None:
    said = line(UserTurn(texts=("sheds", "paint it green")))
    assert said.text.startswith("You wrote: “paint it green”")
    assert said.calls


def test_a_humans_words_are_answered_once() -> None:
    said = line(UserTurn(texts=("sheds", "paint it green")), READ, UserTurn())
    assert "paint it green" not in said.text


def test_the_words_of_the_harness_are_not_taken_for_a_humans() -> None:
    warning = "You called read_file 3 times with the same arguments and the same result."
    said = line(GOAL, READ, UserTurn((CallResult("call-1", "blue"),), (warning,)))
    assert "scripted model" not in said.text


def test_without_tools_it_only_talks_and_then_takes_its_plan_up_again() -> None:
    refusal = line(GOAL, tools=False)
    assert refusal.calls == ()
    later = line(GOAL, spoke(words=refusal.text), UserTurn(texts=("now",)))
    assert later.calls == (Call("read_file", {"path": "a"}),)


def test_a_last_turn_says_where_the_plan_stands() -> None:
    items = [{"text": "dig", "state": "done"}, {"text": "plant", "state": "doing"}]
    plan = ToolUse("call-1", "update_plan", {"items": items})
    said = line(GOAL, spoke(plan), UserTurn((CallResult("call-1", "ok"),), (CLOSING,)))
    assert said.calls == ()
    assert "Done: dig. Not done: plant." in said.text


def test_a_last_turn_does_not_promise_what_was_given_up() -> None:
    items = [{"text": "dig", "state": "dropped"}, {"text": "plant", "state": "todo"}]
    heard = UserTurn((CallResult("call-1", "ok"),), (CLOSING,))
    said = line(GOAL, spoke(ToolUse("call-1", "update_plan", {"items": items})), heard)
    assert "Not done: dig, plant. Next I would go on with “plant”." in said.text
    left = ToolUse("call-1", "update_plan", {"items": items[:1]})
    assert line(GOAL, spoke(left), heard).text.endswith("Not done: dig.")


def test_a_last_turn_is_an_aside() -> None:
    said = line(GOAL, spoke(words="so far"), UserTurn(texts=("go on",)))
    assert said.calls == (Call("read_file", {"path": "a"}),)


def test_a_history_of_another_model_is_named_as_such_and_the_plan_goes_on() -> None:
    other = spoke(ToolUse("call-1", "shell", {"command": "ls"}))
    said = line(GOAL, other, UserTurn((CallResult("call-1", "x"),)))
    assert "not of my making" in said.text
    assert said.calls == (Call("read_file", {"path": "a"}),)


def test_after_its_end_it_says_that_it_ended() -> None:
    end = [GOAL, READ, UserTurn((CallResult("call-1", "x"),)), spoke(), UserTurn(texts=("more",))]
    for _ in range(3):
        assert "My script ends here" in line(*end).text
        end += [spoke(), UserTurn(texts=("more",))]


def test_arguments_that_were_edited_reach_the_script() -> None:
    def script(goal: str) -> Scene:
        seen = yield Say(goal, (Call("read_file", {"path": "a"}),))
        yield Say(f"{seen.results[0].path}: {seen.results[0].text}")

    result = 'The human changed the arguments; what ran was: {"path": "b"}\nred'
    turns = (GOAL, READ, UserTurn((CallResult("call-1", result),)))
    assert Rehearsal(script, turns).line(tools=True).text == "b: red"


@pytest.mark.parametrize("name", ["pitches", "bugfix"])
async def test_the_next_reply_follows_from_the_history_alone(name: str, tmp_path: Path) -> None:
    play = stage(name, tmp_path)
    await play.play()
    prefixes = [at for at, turn in enumerate(play.turns) if isinstance(turn, UserTurn)]
    assert len(prefixes) == len(play.replies)
    for at, reply in zip(prefixes, play.replies, strict=True):
        assert await ask(play.demo.model, play.turns[: at + 1]) == reply


TEXTS = st.text(max_size=40) | st.sampled_from(["The check failed (exit code 1)", CLOSING, "[/]"])
RESULTS = st.builds(
    CallResult,
    st.sampled_from(["call-1", "call-2", "call-3"]),
    TEXTS
    | st.sampled_from(["Denied by your human: no. Nothing ran;", "     1\t| a | b | c | d |"]),
    st.booleans(),
)


@pytest.mark.parametrize("name", ["pitches", "bugfix"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_no_history_makes_it_crash(name: str, data: st.DataObject) -> None:
    turns: list[Turn] = [UserTurn(texts=tuple(data.draw(st.lists(TEXTS, max_size=2))))]
    for _ in range(data.draw(st.integers(0, 12))):
        reply = await ask(f"scripted:{name}", turns)
        assert text(reply)
        calls = [block for block in reply.blocks if isinstance(block, ToolUse)]
        results = tuple(
            CallResult(call.call_id, result.text, result.is_error)
            for call in calls
            for result in [data.draw(RESULTS)]
        )
        turns += [
            AssistantTurn(reply.blocks),
            UserTurn(results, tuple(data.draw(st.lists(TEXTS, max_size=1)))),
        ]


HARNESS_SAYS: list[Event] = [
    SessionResumed(by="human", new_process=True),
    SessionResumed(by="human", fork=True),
    HumanSteered(text=""),
    LevelChanged(level=2, by="human"),
    LoopSuspected(tool="read_file", count=3),
    CheckFinished(attempt=1, ok=False, exit_code=1, output="1 failed"),
    ServerChecked(server="dies", passed=False, says="It ended: oops."),
    ServerChecked(server="dies", passed=True, says="It ended."),
    ServerChecked(server="dies", passed=True),
    ServiceEnded(service="web", why="human"),
    ServiceEnded(service="web", why="lost"),
    ServiceEnded(service="web", why="itself", exit_code=1),
    ServiceEnded(service="web", why="output"),
]


def test_what_the_harness_says_is_not_taken_for_the_human() -> None:
    said = [words(event) for event in HARNESS_SAYS]
    assert all(said)
    assert human_words((*said, CLOSING, CUT_OFF, NOTHING_NEW, "hurry up")) == ["hurry up"]
    assert human_words(("The MCP server is slow, look at it",))
