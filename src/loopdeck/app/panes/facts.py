"""Facts for the rows of a list: asked for while it paints, fetched after, painted then."""

from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from loopdeck.app.background import start
from loopdeck.app.view.history import Fact, History


class Facts:
    """What a widget asks for and is not there is fetched with all that is `around`."""

    def __init__(self, widget: Widget, history: History, around: Callable[[], set[int]]) -> None:
        self._widget = widget
        self._history = history
        self._around = around
        self._missing: set[int] = set()
        self._fetching = False

    def look(self, seq: int) -> Fact | None:
        """The fact about a record; one that is missing comes with another painting."""
        fact = self._history.fact(seq)
        if fact is None:
            self._missing.add(seq)
            if not self._fetching:
                self._fetching = True
                self._widget.call_after_refresh(partial(start, self._widget, self._fetch, "facts"))
        return fact

    async def _fetch(self) -> None:
        wanted = self._missing | self._around()
        self._missing = set()
        try:
            await self._history.load(sorted(wanted))
        finally:
            self._fetching = False
        self._widget.refresh()
