"""What a reply took that never came whole is counted, as far as the server had told of it."""

import asyncio
from collections.abc import AsyncGenerator

from loopdeck.errors import ModelUnavailable
from loopdeck.harness.rerun.again import Props, rerun
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Delta, ModelRequest, Reply
from loopdeck.session.commands import GoOn, Interrupt
from loopdeck.session.events import ModelChunk
from loopdeck.session.reducer import project
from loopdeck.session.state import Totals
from loopdeck.session.totals import spend
from loopdeck.session.values import Limits, Usage
from tests.harness.test_interruptions import until
from tests.support.models import WrittenModel, says
from tests.support.rig import Rig
from tests.support.toolbox import FakeToolbox

TOLD = Delta("text", "", Usage(input=900, output=1, cache_read=100), 0.004)


class Telling(WrittenModel):
    """Says what a reply takes before its words, and cuts or holds the first."""

    cuts = False

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Delta | Reply, None]:
        yield TOLD
        yield Delta("text", "I beg")
        if self.cuts and not self.requests:
            self.requests.append(request)
            raise ModelUnavailable("The reply was cut.")
        async for part in super().stream(request):
            yield part


def rig_of(model: Telling) -> Rig:
    rig = Rig([])
    rig.model = model
    return rig


async def test_a_cut_stream_is_counted_once_and_the_sums_are_the_least() -> None:
    model = Telling([says("Done.")])
    model.cuts = True
    rig = rig_of(model)
    assert (await rig.run()).outcome == "done"
    totals = project(await rig.records()).totals
    assert totals.usage == Usage(input=910, output=6, cache_read=100)
    assert totals.cost_usd == 0.004 + 0.01
    assert totals.cut == 1
    assert totals.cost_known
    assert not totals.cost_is_all


async def test_an_interrupted_reply_is_counted_and_the_budget_sees_it() -> None:
    model = Telling([says("never"), says("Done.")])
    model.hold = asyncio.Event()
    rig = rig_of(model)
    running = asyncio.ensure_future(rig.run(limits=Limits(tokens=1_000)))
    await model.streaming.wait()
    await rig.inbox.send(Interrupt())
    await until(rig, "session_paused")
    totals = project(await rig.records()).totals
    assert totals.usage.total == 1_001
    await rig.inbox.send(GoOn())
    await until(rig, "limit_hit")
    running.cancel()
    await asyncio.wait({running})
    again = await rerun(await rig.records(), Props(MemoryJournal.of, FakeToolbox().specs))
    assert again.identical, again


async def test_a_reply_that_told_nothing_is_known_to_be_cut() -> None:
    model = WrittenModel([says("never"), says("Done.")], hold=asyncio.Event())
    rig = Rig([])
    rig.model = model
    running = asyncio.ensure_future(rig.run())
    await model.streaming.wait()
    await rig.inbox.send(Interrupt())
    await until(rig, "session_paused")
    chunk = [event for event in await rig.events() if isinstance(event, ModelChunk)][-1]
    assert (chunk.usage, chunk.cost_usd) == (Usage(), None)
    totals = project(await rig.records()).totals
    assert (totals.cut, totals.cost_known) == (1, True)
    running.cancel()
    await asyncio.wait({running})


def test_what_a_cut_reply_took_has_no_price_that_is_unknown() -> None:
    after = spend(Totals(), Usage(input=5), None, cut=True)
    assert (after.cost_known, after.cut, after.usage.input) == (True, 1, 5)
    assert not spend(Totals(), Usage(input=5), None).cost_known
