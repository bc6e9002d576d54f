"""Whatever a model calls and a slow human does: the run happens again from its log."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from loopdeck.errors import ModelUnavailable
from loopdeck.harness.rerun.again import rerun
from loopdeck.harness.rerun.process import Props
from loopdeck.journal.memory import MemoryJournal
from loopdeck.session.calls import CallView
from loopdeck.session.commands import (
    Answer,
    Approve,
    Command,
    Deny,
    GoOn,
    Interrupt,
    Pause,
    Revoke,
    Say,
    SetLevel,
    Steer,
    Stop,
)
from loopdeck.session.reducer import project
from loopdeck.session.state import AskView, Phase, SessionState
from loopdeck.session.values import Grant, JsonObject, Limits, Rule
from tests.support.models import Step, calls, says
from tests.support.rig import SESSION, Rig, nobody
from tests.support.toolbox import FakeToolbox

TOOLS = ("look", "look", "put", "put", "wreck", "fetch", "plan", "question", "nothing")
LOOKS = 60  # turns of the event loop without anything new before a human does something


def script(chance: Random) -> list[Step]:
    steps: list[Step] = []
    for number in range(chance.randint(1, 5)):
        uses: list[tuple[str, str, JsonObject]] = []
        for place in range(chance.randint(0, 4)):
            args: JsonObject = {"key": chance.choice("abc"), "value": chance.randint(0, 2)}
            uses.append((f"c{number}-{place}", chance.choice(TOOLS), args))
        if chance.random() < 0.1:
            steps.append(ModelUnavailable("busy", wait_s=chance.choice((None, 2.0))))
        steps.append(calls(*uses) if uses else says("Done.", stop=chance.choice(STOPS)))
    return [*steps, *(says("Done.") for _ in range(20))]


STOPS = ("end_turn", "end_turn", "max_tokens", "pause_turn")


def does(chance: Random, state: SessionState) -> list[Command]:
    """What a human does next."""
    if state.phase is Phase.PAUSED:
        return [GoOn()]
    if chance.random() < 0.15:
        return chance.choice(
            (
                [Say(text="hurry")],
                [Steer(text="the other way")],
                [Interrupt()],
                [SetLevel(level=chance.randint(2, 4))],
                [Pause(), GoOn()],
                [Revoke(grant_id="g1")],
                [Stop(reason="enough")],
            )
        )
    waiting: list[CallView | AskView] = [*state.waiting, *state.asks]
    if not waiting:
        return []
    item = chance.choice(waiting)
    if isinstance(item, AskView):
        return [Answer(ask_id=item.ask_id, answer=item.options[0], text="")]
    return [of_call(chance, item)]


def of_call(chance: Random, call: CallView) -> Command:
    match chance.randint(0, 5):
        case 0:
            return Deny(call_id=call.call_id, reason="no")
        case 1:
            args = {**call.args, "value": 9}
            return Approve(call_id=call.call_id, binding=call.binding, args=args)
        case 2:
            rule = Rule(decide="allow", match="category(write)", scope="session")
            grant = Grant(grant_id=f"g{chance.randint(1, 9)}", rule=rule, calls=2)
            return Approve(call_id=call.call_id, binding=call.binding, grant=grant)
        case _:
            store = chance.random() < 0.9
            return Approve(call_id=call.call_id, binding=call.binding, store=store)


async def quiet(rig: Rig) -> None:
    """Wait until nothing happens any more."""
    head, still = -1, 0
    while still < LOOKS:
        await asyncio.sleep(0)
        now = await rig.journal.head(SESSION)
        head, still = now, still + 1 if now == head else 0


async def lived(seed: int) -> Rig:
    chance = Random(seed)
    rig = Rig(script(chance), human=nobody)
    limits = Limits(steps=chance.choice((None, 3)))
    check = chance.choice((None, "make"))
    rig.box.exit_codes = [chance.randint(0, 1) for _ in range(3)]
    running = asyncio.ensure_future(rig.run(limits=limits, check=check))
    for _ in range(100):
        await quiet(rig)
        if running.done():
            break
        for command in does(chance, project(await rig.journal.read(SESSION, limit=10_000))):
            if rig.inbox.accepts:
                await rig.inbox.send(command)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return rig


@given(st.integers(min_value=0, max_value=2**32))
@settings(max_examples=30)
def test_any_run_happens_again_from_its_log(seed: int) -> None:
    async def both() -> None:
        rig = await lived(seed)
        records = await rig.records()
        found = await rerun(records, Props(MemoryJournal.of, FakeToolbox().specs))
        assert found.divergence is None

    asyncio.run(both())
