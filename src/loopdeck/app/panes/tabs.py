"""The names of the panes where only one of them can be seen."""

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from loopdeck.app.paint.empty import tab_at, tab_line
from loopdeck.app.panes.lines import OneLine


class TabLine(OneLine):
    """Names every pane and marks the one that is shown; a click on a name chooses it."""

    @dataclass
    class Chosen(Message):
        """A pane is to be shown."""

        tab: str

    def show(self, tab: str) -> None:
        """Mark a pane."""
        self.show_line(lambda _cells: tab_line(tab))

    def on_click(self, event: Click) -> None:
        """Choose the pane whose name was clicked."""
        tab = tab_at(event.get_content_offset_capture(self).x)
        if tab is not None:
            self.post_message(self.Chosen(tab))
