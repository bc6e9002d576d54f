"""Long recorded sessions, made up: streamed text, calls with output, now and then an error."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

from loopdeck.journal.sqlite import SqliteJournal
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
    SessionEnded,
    SessionStarted,
)
from loopdeck.session.records import Record
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.values import CallBlock, Category, Decision, TextBlock, Usage

STEPS_AT_ONCE = 5
MS = 1_000_000
BEGAN = 1_795_000_000_000_000_000
GOAL = "read everything twice"
OUTPUT = "".join(f"src/part_{line:02}.py:{line * 7}: a line that was found\n" for line in range(12))


def step(number: int) -> Iterator[Event]:
    """The ten events of one step."""
    call_id = f"toolu_{number}"
    words = [f"Step {number}: I look at part {number % 97}. ", "It may hold it. ", "I search. "]
    yield ModelRequested(step=number, model="bench")
    for text in words:
        yield ModelChunk(kind="text", text=text)
    yield ModelReplied(
        step=number,
        blocks=(TextBlock(text="".join(words)), CallBlock(call_id=call_id)),
        stop="tool_use",
        usage=Usage(input=900, output=40),
    )
    args = {"command": f"grep -rn needle-{number} src", "timeout_s": 60}
    yield CallProposed(call_id=call_id, step=number, tool="shell", args=args)
    yield CallJudged(
        call_id=call_id,
        verdict=Decision.ALLOW,
        category=Category.READ,
        level=3,
        rule="level 3 lets reads in the workspace run",
    )
    yield CallStarted(call_id=call_id)
    yield CallOutput(call_id=call_id, text=OUTPUT)
    yield CallFinished(
        call_id=call_id, ok=number % 40 != 0, output=OUTPUT, duration_ms=12.5, exit_code=0
    )


def events(steps: int, *, unfinished_in: str = "") -> Iterator[Event]:
    """A whole session; or one that was left after these steps, in this workspace."""
    yield SessionStarted(goal=GOAL, model="bench", level=3, workspace=unfinished_in or "/workspace")
    for number in range(1, steps + 1):
        yield from step(number)
    if not unfinished_in:
        yield SessionEnded(outcome="done", text="All of it is read.")


def commits(session: Iterable[Event]) -> Iterator[list[Event]]:
    """A session in the pieces that are written together; each ends as a step begins."""
    piece: list[Event] = []
    for event in session:
        piece.append(event)
        if isinstance(event, ModelRequested) and event.step % STEPS_AT_ONCE == 0:
            yield piece
            piece = []
    yield piece


async def store(journal: SqliteJournal, session: str, made: Iterable[Event]) -> None:
    """Write a session into a journal."""
    state, seq = SessionState(), 0
    for piece in commits(made):
        records: list[Record] = []
        for event in piece:
            seq += 1
            at = seq * 40 * MS
            records.append(Record(session, seq, BEGAN + at, at, event))
            state = advance(state, records[-1])
        await journal.append(records, state)


async def build(database: Path, sessions: dict[str, int], *, unfinished_in: str = "") -> None:
    """Make a database with these sessions: their ids and their steps."""
    async with await SqliteJournal.open(database) as journal:
        for session, steps in sessions.items():
            await store(journal, session, events(steps, unfinished_in=unfinished_in))


def build_now(database: Path, sessions: dict[str, int], *, unfinished_in: str = "") -> None:
    """The same, from outside of any event loop."""
    asyncio.run(build(database, sessions, unfinished_in=unfinished_in))
