"""Loads ahead, while nobody waits for it, what the first steps of a run would have to wait for."""

import asyncio
from typing import Protocol

from loopdeck.permissions.shell import classify

HARMLESS = "true"


class Warms(Protocol):
    """What can be loaded ahead: a model."""

    async def warm_up(self) -> None:
        """Load what the first request would have to wait for."""
        ...


async def warm(model: Warms) -> None:
    """First what the first request needs, then what judges the first command."""
    await model.warm_up()
    await asyncio.to_thread(classify, HARMLESS)
