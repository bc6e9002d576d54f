"""Ways to fill a journal, and a session that looks like a real one."""

from collections.abc import Sequence
from random import Random

from loopdeck.ports import Journal
from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallOutput,
    CallProposed,
    CallStarted,
    Event,
    ModelChunk,
    ModelReplied,
    ModelRequested,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.state import SessionState
from loopdeck.session.values import CallBlock, Category, Decision, Reason, TextBlock, Usage
from tests.support.records import recording, started

WORDS = ("the", "shelf", "holds", "three", "old", "lamps", "and", "a", "box", "of", "screws")


async def keep(
    journal: Journal, records: Sequence[Record], *, at_once: int = 1, durable: bool = False
) -> SessionState:
    """Append records in batches; returns the fold of them all. They may go on from others."""
    before = records[0].seq - 1 if records else 0
    earlier = await journal.read(records[0].session, until=before, limit=100_000) if before else []
    state = project(earlier)
    for at in range(0, len(records), at_once):
        batch = records[at : at + at_once]
        state = project(batch, state)
        await journal.append(batch, state, durable=durable)
    return state


async def everything(journal: Journal, session: str = "s1") -> list[Record]:
    """All records of a session."""
    return await journal.read(session, limit=1_000_000)


def lifelike(steps: int, *, output: int = 2_500, seed: int = 1) -> list[Record]:
    """Steps of thought, a call with at most so much output, and its result."""
    random = Random(seed)
    events: list[Event] = [started(instructions=_prose(random, 1_500))]
    for step in range(1, steps + 1):
        events += _step(random, step, output)
    return recording(events)


def _step(random: Random, step: int, most: int) -> list[Event]:
    call = f"toolu_{random.getrandbits(96):024x}"
    said = _prose(random, 500)
    output = _prose(random, random.randint(most // 6, most))
    reasons = (Reason(text=_prose(random, 90), span=(0, 4)),)
    return [
        ModelRequested(step=step, model="claude-sonnet-4-5"),
        ModelChunk(kind="text", text=said[:250]),
        ModelChunk(kind="text", text=said[250:]),
        ModelReplied(
            step=step,
            blocks=(TextBlock(text=said), CallBlock(call_id=call)),
            stop="tool_use",
            usage=Usage(input=900 + step, output=120, cache_read=4_000),
            cost_usd=0.0123,
        ),
        CallProposed(call_id=call, step=step, tool="shell", args={"command": _prose(random, 300)}),
        CallJudged(
            call_id=call,
            verdict=Decision.ALLOW,
            category=Category.READ,
            level=3,
            rule="level 3: reads in the workspace",
            reasons=reasons,
            facts={"paths": [_prose(random, 60)], "outside_workspace": False},
        ),
        CallStarted(call_id=call),
        CallOutput(call_id=call, text=output[: len(output) // 2]),
        CallOutput(call_id=call, text=output[len(output) // 2 :]),
        CallFinished(call_id=call, ok=True, output=output, duration_ms=12.5, exit_code=0),
    ]


def _prose(random: Random, length: int) -> str:
    words = " ".join(random.choice(WORDS) for _ in range(length // 4))
    return words[:length]
