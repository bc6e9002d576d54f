"""Waits for the first of several things."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def first_of(*ways: Coroutine[Any, Any, bool]) -> None:
    """Wait for one of them; the others are over then too."""
    waits = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
