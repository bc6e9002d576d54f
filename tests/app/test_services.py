"""What stays running, on the deck with real keys: seen, stopped, and as the log was."""

import pytest

from loopdeck.app.panes.services import ServicesScreen
from loopdeck.session.commands import Command, StopService
from loopdeck.session.events import (
    CallFinished,
    CallJudged,
    CallOutput,
    CallStarted,
    Event,
    ServiceEnded,
)
from loopdeck.session.values import Category, Decision
from tests.app.pictures import hold
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories


def begun(step: int, name: str, command: str) -> list[Event]:
    """A call that left a service, which printed something since."""
    call_id = f"s{step}"
    judged = CallJudged(
        call_id=call_id, verdict=Decision.ALLOW, category=Category.WRITE, level=4, rule=""
    )
    return [
        *stories.turn(step, "Serve.", (call_id, "shell", {"command": command, "service": name})),
        judged,
        CallStarted(call_id=call_id),
        CallOutput(call_id=call_id, text=f"{name} is up\n"),
        CallFinished(call_id=call_id, ok=True, output=f"{name} is up", service=name),
        CallOutput(call_id=call_id, text="GET / \x1b]52;c;b3du\a\n"),
    ]


def sent(desk: Desk) -> list[Command]:
    return desk.sink.sent


SERVED = [*begun(1, "dev", "npm run dev"), *begun(2, "watch", "tsc --watch")]


async def opened(desk: Desk) -> None:
    """Press the key, and wait for the screen."""
    await desk.press("S")
    await desk.until(lambda: isinstance(desk.app.screen, ServicesScreen))
    await desk.until(lambda: "escape closes" in desk.screen())


@pytest.mark.parametrize("size", [NARROW, MEDIUM, WIDE])
async def test_each_service_is_seen_with_what_it_printed_and_can_be_stopped(
    size: tuple[int, int],
) -> None:
    async with deck([*stories.beginning(), *SERVED], size=size, work=True) as desk:
        await desk.shows("⚙ 2")
        await opened(desk)
        await desk.shows("2 services · each ends with the run at last")
        await desk.shows("GET / ␛]52;c;b3du")
        assert "\x1b]52" not in desk.screen()
        hold(desk.app, "services")
        await desk.press("down", "delete")
        await desk.until(lambda: sent(desk) == [StopService(service="watch")])
        desk.journal.push(ServiceEnded(service="watch", why="human", exit_code=-15))
        await desk.shows("1 service · it ends with the run at last")
        await desk.press("delete")  # meant for the one that has ended
        await desk.shows("The next one is dev")
        assert sent(desk) == [StopService(service="watch")]
        await desk.press("delete")
        await desk.until(lambda: sent(desk)[1:] == [StopService(service="dev")])
        await desk.press("enter")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.shows("⚙  service  watch was stopped by you")


async def test_where_nothing_runs_any_more_it_says_what_ran_and_how_it_ended() -> None:
    lost = ServiceEnded(service="watch", why="lost")
    failed = ServiceEnded(service="dev", why="itself", exit_code=1)
    async with deck([*stories.beginning(), *SERVED, lost], work=True) as desk:
        await desk.shows("⚙ 1")
        desk.journal.push(failed)
        await desk.shows("dev ended, exit code 1")
        await opened(desk)
        await desk.shows("⚙ watch is gone with the process that ran it · step 2")
        rows = desk.screen().splitlines()
        ends = [row for row in rows if "· step 2" in row]
        assert "dev ended, exit code 1" in ends[0]  # the last to end comes first
        assert not any("An agent can have a command stay" in row for row in rows)
