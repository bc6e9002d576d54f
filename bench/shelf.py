"""A library of ten thousand made-up sessions, to list, to narrow down and to search."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.events import (
    CallAnswered,
    CallAsked,
    CallFinished,
    CallProposed,
    CallStarted,
    Event,
    ModelReplied,
    ModelRequested,
    SessionEnded,
    SessionPaused,
    SessionStarted,
)
from loopdeck.session.labels import label
from loopdeck.session.records import Record
from loopdeck.session.reducer import project
from loopdeck.session.values import CallBlock, TextBlock, Usage

SESSIONS = 10_000
SECOND = 1_000_000_000
NOW = 1_795_400_000 * SECOND
RARE = "ichthyosaur"  # said in one session of a hundred
VERBS = ("fix", "find out why", "speed up", "document", "port", "review", "simplify", "test")
THINGS = (
    "the parser",
    "citations",
    "the flaky upload",
    "every invoice",
    "date handling",
    "the ligature Ægir",
    "login on mobile",
    "podcast pitches",
    "the retry loop",
    "cache keys",
)
PLACES = (
    "of the importer",
    "before the release",
    "in the billing service",
    "for the new readers",
    "after the upgrade",
    "without a network",
    "on the staging cluster",
    "for three shows",
)
PROSE = (
    "look into this because what fails there has been slow since another change went through"
    " and nobody saw how many of them were read twice or not at all"
)
WORDS = PROSE.split()
MODELS = ("claude-sonnet-4-5", "claude-opus-4-5", "qwen3-coder", "scripted:pitches")
TAGS = ("ci", "docs", "urgent", "spike", "customer")


def goal(random: Random) -> str:
    """What somebody wants."""
    return f"{random.choice(VERBS)} {random.choice(THINGS)} {random.choice(PLACES)}"


def events(random: Random, number: int) -> Iterator[Event]:
    """A session of some steps, which ends in one of the ways there are."""
    yield SessionStarted(
        goal=goal(random),
        model=random.choice(MODELS),
        level=random.randint(2, 4),
        workspace=f"/home/noor/{random.choice(('billing', 'shows', 'site', 'infra'))}",
    )
    for step in range(1, random.randint(1, 5) + 1):
        yield from _step(random, number, step)
    match random.randrange(10):
        case 0:
            yield SessionPaused(reason="human")
        case 1:
            yield SessionEnded(outcome="failed", text="The tests still fail.")
        case 2:
            yield SessionEnded(outcome="stopped")
        case 3:
            return  # as a crash leaves it
        case _:
            yield SessionEnded(outcome="done", verified="checked", text="It works again.")


def _step(random: Random, number: int, step: int) -> Iterator[Event]:
    call = f"toolu_{number}_{step}"
    said = " ".join(random.choices(WORDS, k=40))
    if not number % 100 and step == 1:
        said += f" {RARE}"
    yield ModelRequested(step=step, model="bench")
    yield ModelReplied(
        step=step,
        blocks=(TextBlock(text=said), CallBlock(call_id=call)),
        stop="tool_use",
        usage=Usage(input=900, output=40),
        cost_usd=random.random() / 50,
    )
    command = f"grep -rn needle_{random.randrange(5_000)} src/part_{random.randrange(90):02}.py"
    yield CallProposed(call_id=call, step=step, tool="shell", args={"command": command})
    if not step % 3:
        yield CallAsked(call_id=call, binding="0" * 64)
        yield CallAnswered(call_id=call, answer="approved", by="human", reason="as agreed")
    yield CallStarted(call_id=call)
    output = "\n".join(" ".join(random.choices(WORDS, k=12)) for _ in range(8))
    yield CallFinished(call_id=call, ok=random.random() > 0.1, output=output, duration_ms=12.5)


async def build(database: Path, sessions: int = SESSIONS) -> None:
    """Make a database with so many sessions; the same ones each time."""
    random = Random(10)
    async with await SqliteJournal.open(database) as journal:
        for number in range(sessions):
            began = NOW - (sessions - number) * 3_000 * SECOND
            name = f"{number:05d}{random.randrange(16**3):03x}"
            made = enumerate(events(random, number), start=1)
            records = [
                Record(name, seq, began + seq * SECOND, seq * SECOND, each) for seq, each in made
            ]
            await journal.append(records, project(records), durable=False)
            if not number % 20:
                title = f"the {goal(random)}" if not number % 40 else ""
                await journal.relabel(name, label(title, random.sample(TAGS, 2)))


if __name__ == "__main__":
    asyncio.run(build(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else SESSIONS))
