"""What a survey says of a whole session, read by its index."""

from loopdeck.app.view.survey import Survey
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.events import ModelChunk, ModelReplied, ModelRequested
from loopdeck.session.reducer import project
from loopdeck.session.values import Usage
from tests.support.records import recording, started


async def test_what_a_cut_reply_took_is_found_and_counted_where_it_was_spent() -> None:
    used = Usage(input=90, output=1)
    reply = ModelReplied(step=2, blocks=(), stop="end_turn", usage=used, cost_usd=0.5)
    events = [
        started(),
        ModelRequested(step=1, model="m"),
        ModelChunk(kind="text", text="I beg"),
        ModelChunk(kind="text", text="", usage=used, cost_usd=0.25),
        ModelRequested(step=2, model="m"),
        reply,
    ]
    records = recording(events)
    survey = Survey(MemoryJournal.of(records), records[0].session)
    assert await survey.extend(len(records))
    steps = await survey.steps(len(records))
    assert [(step.tokens, step.cost, step.cut) for step in steps] == [
        (91, 0.25, True),
        (91, 0.5, False),
    ]
    assert sum(step.tokens for step in steps) == project(records).totals.usage.total
