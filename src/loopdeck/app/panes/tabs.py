"""The names of the panes where only one of them can be seen."""

from loopdeck.app.paint.empty import tab_line
from loopdeck.app.panes.lines import OneLine


class TabLine(OneLine):
    """Names every pane and marks the one that is shown."""

    def show(self, tab: str) -> None:
        """Mark a pane."""
        self.show_line(lambda _cells: tab_line(tab))
