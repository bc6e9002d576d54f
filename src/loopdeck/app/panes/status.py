"""The top line of the deck."""

from loopdeck.app.paint.status import status_line
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.view.scene import Scene


class StatusLine(OneLine):
    """Goal, phase, model, level; ticks once a second so that waiting is visible."""

    DEFAULT_CSS = """
    StatusLine { dock: top; }
    """

    def show(
        self, scene: Scene, now: int, go_on: str, again: str, *, answered: bool = False
    ) -> None:
        """Show a moment, as seen at wall time `now`; the keys end a pause, and a wait."""
        self.show_line(
            lambda cells: status_line(scene, now, cells, go_on, again, answered=answered)
        )
