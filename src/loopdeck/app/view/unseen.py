"""When the human has to be called: something waits, and nobody looks, or nobody has for a while."""

from collections.abc import Collection

PATIENCE_S = 5.0


class Unseen:
    """Remembers since when each thing waits, and which of them need no call any more."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[int, int]] = {}
        self._settled: set[str] = set()

    def __bool__(self) -> bool:
        """True while something waits that was neither seen nor called out."""
        return bool(self._since.keys() - self._settled)

    def waits(self, keys: Collection[str], now: int, touched: int) -> bool:
        """These wait and no others; true where one of them is new.

        `touched` is how often the human has touched a key or the mouse so far.
        """
        fresh = set(keys) - self._since.keys()
        self._since = {key: self._since.get(key, (now, touched)) for key in keys}
        self._settled &= self._since.keys()
        return bool(fresh)

    def settle(self) -> None:
        """Nobody has to be called for what waits now."""
        self._settled = set(self._since)

    def due(self, now: int, touched: int, *, here: bool) -> bool:
        """Whether to call now, once for all that waits.

        What was `here` on the screen while something was touched has been seen.
        """
        if here:
            self._settled |= {key for key, (_, then) in self._since.items() if touched > then}
        late = now - int(PATIENCE_S * 1e9)
        unsettled = self._since.keys() - self._settled
        if here and not any(self._since[key][0] <= late for key in unsettled):
            return False
        self.settle()
        return bool(unsettled)
