"""How fast a server is listened to: so many messages a second, and those beyond wait."""

import anyio

MOST_A_SECOND = 2_000


class Pace:
    """Lets so many messages through a second."""

    def __init__(self) -> None:
        self._since, self._count = anyio.current_time(), 0

    async def wait(self, count: int = 1) -> None:
        """Return when it is the turn of these."""
        now = anyio.current_time()
        if now - self._since >= 1.0:
            self._since, self._count = now, 0
        self._count += count
        if self._count > MOST_A_SECOND:
            await anyio.sleep(1.0 - (now - self._since))
            self._since, self._count = anyio.current_time(), count
