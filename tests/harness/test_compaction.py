"""A prompt that gets too long is made shorter once; where that cannot be, the run says so."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from loopdeck.errors import ContextFull, ModelUnavailable
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.harness.troubles import STUCK
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import ModelRequest, Reply, UserTurn
from loopdeck.session.commands import Command, Compact
from loopdeck.session.events import CallFinished, ContextCompacted, ModelReplied
from loopdeck.session.records import Record
from loopdeck.session.values import Usage
from tests.support.models import Step, calls, says
from tests.support.rig import SESSION, Rig, nobody
from tests.support.toolbox import FakeToolbox

LONG = "a rake, " * 3_000  # 24,000 characters, about 8,000 tokens
SUMMARY = "The shed was looked at: rakes everywhere."
TOO_LONG = ContextFull("The conversation is too long for “m”.")


def look(call_id: str, used: int = 10, key: str = "long", window: int = 30_000) -> Reply:
    """A reply with one read, after which the model has counted so many tokens."""
    reply = calls((call_id, "look", {"key": key}))
    return replace(reply, usage=Usage(input=used, output=5), window=window)


EIGHT = [look(f"s{n}", key=f"a{n}", window=0) for n in range(8)]
BOTH: list[Step] = [look("c1", window=0), *EIGHT]  # a long result, and more than a little beside it
NINE = [look(f"c{n}", 24_500 if n == 8 else 100, key=f"a{n}") for n in range(9)]


def rigged(steps: Sequence[Step]) -> Rig:
    rig = Rig(steps, human=nobody)
    rig.box.files |= {"long": LONG} | {f"a{n}": "a rake, " * 100 for n in range(9)}
    return rig


async def compactions(rig: Rig) -> list[ContextCompacted]:
    return [event for event in await rig.events() if isinstance(event, ContextCompacted)]


def told(request: ModelRequest) -> str:
    """All words and results of a request."""
    turns = [turn for turn in request.turns if isinstance(turn, UserTurn)]
    return "\n".join(
        text for turn in turns for text in (*(each.text for each in turn.results), *turn.texts)
    )


async def test_long_results_lose_their_middle_first_and_the_newest_stays() -> None:
    rig = rigged([look("c1"), look("c2", 8_500), look("c3", 17_000), says("Done.")])
    assert (await rig.run()).outcome == "done"
    assert [event.summary for event in await compactions(rig)] == [""]
    assert len(rig.model.requests) == 4
    results = [turn.results for turn in rig.model.requests[3].turns if isinstance(turn, UserTurn)]
    sizes = [len(each.text) for turn in results for each in turn]
    assert sizes[2] == len(LONG)
    assert sizes[0] == sizes[1] < 1_600
    assert "characters were cleared here" in told(rig.model.requests[3])


async def test_the_log_keeps_every_word_that_the_model_is_no_longer_told() -> None:
    rig = rigged([look("c1"), look("c2", 8_500), look("c3", 17_000), says("Done.")])
    await rig.run()
    finished = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert [event.output for event in finished] == [LONG] * 3


async def test_old_turns_are_summed_up_by_one_call_that_is_on_record() -> None:
    rig = rigged([*NINE, says(SUMMARY), says("Done.")])
    assert (await rig.run()).outcome == "done"
    (event,) = await compactions(rig)
    assert event.summary == SUMMARY
    asked, after = rig.model.requests[9:]
    assert (len(asked.turns), asked.tools) == (1, ())
    assert "AGENT CALLS: look" in told(asked)
    assert after.turns[0] == UserTurn((), ("tidy up", f"What happened so far, in short: {SUMMARY}"))
    assert len(after.turns) < 9
    replies = [event for event in await rig.events() if isinstance(event, ModelReplied)]
    assert [reply.stop for reply in replies].count("compacted") == 1
    assert (await rig.state()).totals.usage.output == 9 * 5 + 2 * 5


async def test_a_request_that_was_too_long_is_sent_again_shorter() -> None:
    rig = rigged([look("c1", window=0), TOO_LONG, says("Done.")])
    assert (await rig.run()).outcome == "done"
    assert [event.summary for event in await compactions(rig)] == [""]
    assert len(told(rig.model.requests[2])) < 2_000 < len(told(rig.model.requests[1]))


async def test_what_stays_too_long_is_tried_twice_and_then_said() -> None:
    rig = rigged([*BOTH, TOO_LONG, TOO_LONG, says(SUMMARY), TOO_LONG])
    ending = await rig.run(on_ask="park")
    assert (ending.outcome, ending.text) == ("failed", f"{TOO_LONG} {STUCK}")
    assert rig.model.steps == []
    assert [event.summary for event in await compactions(rig)] == ["", SUMMARY]


async def test_a_summary_that_is_no_shorter_is_not_used() -> None:
    wordy = says("and then " * 5_000)
    rig = rigged([*BOTH, TOO_LONG, TOO_LONG, wordy])
    assert (await rig.run(on_ask="park")).outcome == "failed"
    assert [event.summary for event in await compactions(rig)] == [""]
    stops = [event.stop for event in await rig.events() if isinstance(event, ModelReplied)]
    assert stops[-2:] == ["tool_use", "not_compacted"]


async def test_a_model_whose_window_is_full_is_helped_too() -> None:
    full = says("I was about to", stop="context_full")
    rig = rigged([look("c1", window=0), full, says("Done.")])
    assert (await rig.run()).outcome == "done"
    assert len(await compactions(rig)) == 1


async def test_a_model_that_stays_away_while_it_sums_up_pauses_the_run() -> None:
    gone = [ModelUnavailable("Busy.")] * 5
    rig = rigged([*BOTH, TOO_LONG, TOO_LONG, *gone, says("Done.")])
    assert (await rig.run(on_ask="park")).outcome == "paused"
    assert (await rig.resume()).outcome == "done"
    assert [event.summary for event in await compactions(rig)] == [""]


async def asked_for(results_only: bool) -> Rig:
    """A run whose human wants it shorter while the second call is on its way."""

    def human(record: Record) -> Command | None:
        first = isinstance(record.event, CallFinished) and record.event.call_id == "c1"
        return Compact(results_only=results_only) if first else None

    middle: list[Step] = [] if results_only else [says(SUMMARY)]
    rig = Rig([look("c1"), look("c2"), *middle, says("Done.")], human=human)
    rig.box.files["long"] = LONG
    await asyncio.wait_for(rig.run(), 10)
    return rig


async def test_a_human_may_ask_for_it_at_any_time() -> None:
    rig = await asked_for(results_only=False)
    assert [event.summary for event in await compactions(rig)] == [SUMMARY]


RUNS: dict[str, list[Step]] = {
    "nearly full": [look("c1"), look("c2", 8_500), look("c3", 17_000), says("Done.")],
    "summed up": [*NINE, says(SUMMARY), says("Done.")],
    "refused": [look("c1", window=0), TOO_LONG, says("Done.")],
    "refused twice": [*BOTH, TOO_LONG, TOO_LONG, says(SUMMARY), says("Done.")],
    "given up": [*BOTH, TOO_LONG, TOO_LONG, says(SUMMARY), TOO_LONG],
    "not used": [*BOTH, TOO_LONG, TOO_LONG, says("and then " * 5_000)],
    "a summary refused": [*BOTH, TOO_LONG, TOO_LONG, TOO_LONG],
    "a summary tried twice": [
        *BOTH,
        *(TOO_LONG, TOO_LONG, ModelUnavailable("Busy."), says(SUMMARY), says("Done.")),
    ],
    "full": [look("c1", window=0), says("I was", stop="context_full"), says("Done.")],
    "away": [look("c1"), *[ModelUnavailable("Busy.")] * 5],
}


@pytest.mark.parametrize("name", RUNS)
async def test_what_was_made_shorter_is_made_so_again_from_the_log(name: str) -> None:
    rig = rigged(RUNS[name])
    await rig.run(on_ask="park")
    records = await rig.journal.read(SESSION, limit=10_000)
    found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
    assert found.divergence is None
    assert [event.type for event in await rig.events()].count("context_compacted") <= 2
