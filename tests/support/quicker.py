"""What textual does again for every app and at every pause, done once, or where there is work."""

import asyncio
from collections.abc import Generator
from typing import Any, cast

import pytest
from textual._queue import Queue
from textual.app import ScreenStackError
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.message_pump import MessagePump
from textual.pilot import Pilot

PATIENCE_S = 30
PARSED: dict[tuple[object, ...], list[RuleSet]] = {}


@pytest.fixture(scope="module", autouse=True)
def quicker() -> Generator[None]:
    """Style sheets are parsed once, and a pilot waits for whoever has work."""
    with pytest.MonkeyPatch.context() as patch:
        _parsed_once(patch)
        patch.setattr(Pilot, "_wait_for_screen", _wait_for_work)
        yield


def _parsed_once(patch: pytest.MonkeyPatch) -> None:
    """What a text of styles means depends on nothing but itself and the colours of the theme.

    Every app starts with a cache of its own; to fill it is a twelfth of starting one.
    """
    parse = Stylesheet._parse_rules  # pyright: ignore[reportPrivateUsage] # has no public name
    last: dict[str, str] = {}  # set whole for each theme, and never changed
    colours = frozenset(last.items())

    def parse_once(
        self: Stylesheet,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        nonlocal last, colours
        if self._variables is not last:  # pyright: ignore[reportPrivateUsage] # the same
            last = self._variables  # pyright: ignore[reportPrivateUsage] # the same
            colours = frozenset(last.items())
        key = (css, read_from, is_default_rules, tie_breaker, scope, colours)
        if key not in PARSED:
            PARSED[key] = parse(self, css, read_from, is_default_rules, tie_breaker, scope)
        return PARSED[key]

    patch.setattr(Stylesheet, "_parse_rules", parse_once)


async def _wait_for_work(pilot: Pilot[Any]) -> bool:
    """Wait until all that waits now was dealt with; false where the app broke meanwhile.

    Textual wakes each of a hundred widgets for it. One that waits for a message has no work.
    """
    app = pilot.app
    try:
        screen = app.screen
    except ScreenStackError:
        return False
    busy = [app, screen, *(one for one in screen.walk_children() if not _rests(one))]
    done = asyncio.Event()

    def passed() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    left = sum(one.call_later(passed) for one in busy)
    if not left:
        return True
    broken = cast("asyncio.Event", app._exception_event)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType] # the same
    either = [asyncio.ensure_future(event.wait()) for event in (done, broken)]
    try:
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in either:
            one.cancel()
    return not left


def _rests(one: MessagePump) -> bool:
    """Whether it waits for its next message, and there is none."""
    queue = cast("Queue[object]", one._message_queue)  # pyright: ignore[reportPrivateUsage, reportUnknownMemberType] # the same
    return queue.empty() and bool(vars(queue.ready_event)["_waiters"])
