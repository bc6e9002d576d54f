"""The list beside a box of what its text may become, shown as it is typed."""

from collections.abc import Sequence
from functools import partial

from textual.widget import Widget

from loopdeck.app.keys.completing import Completion
from loopdeck.app.keys.mentioning import Mentions
from loopdeck.app.paint.speaking import slash_lines
from loopdeck.app.panes.lines import LineView

ROWS = 6  # that are shown at once


class Offers:
    """Belongs to one box, and shows its lists in the `#slashes` of what the box is in."""

    def __init__(self, around: Widget, lists: Sequence[Completion | Mentions]) -> None:
        self._around = around
        self.lists = lists

    def read(self, text: str) -> None:
        """Show what this text may become."""
        news = {one.read(text) for one in self.lists}  # each of them has to read it
        if True in news:
            self._show()

    def turn(self, key: str, text: str) -> str | None:
        """What the box holds after a key of the list; `None` where the key is not the list's."""
        self.read(text)  # keys may be faster than the news of what they changed
        turned = self._list.turn(key)
        if turned == text:
            self._show()
        return turned

    @property
    def _list(self) -> Completion | Mentions:
        """The list that has something to offer; no text fits both."""
        return next((one for one in self.lists if one.found), self.lists[0])

    def _show(self) -> None:
        found = self._list.found
        self._around.set_class(bool(found), "-slashing")
        view = self._around.query_one("#slashes", LineView)
        view.styles.height = min(ROWS, len(found))
        view.show_lines(partial(slash_lines, found, self._list.chosen, ROWS))
