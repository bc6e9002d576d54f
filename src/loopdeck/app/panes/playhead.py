"""The bar at the bottom: where the playhead is, and a track to click on."""

from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from loopdeck.app.paint.bar import bar_line, seq_at, track_cells
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.scene import Scene


class PlayheadBar(OneLine):
    """Paints the bar; a click on the track asks for the event under it."""

    DEFAULT_CSS = """
    PlayheadBar { dock: bottom; }
    """

    @dataclass
    class Sought(Message):
        """Go to this event; `None` is the newest."""

        seq: int | None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scene = Scene()

    def show(self, scene: Scene) -> None:
        """Show a moment."""
        self._scene = scene
        self.show_line(lambda cells: bar_line(scene, cells))

    def on_click(self, event: Click) -> None:
        """Seek where the track was clicked."""
        size = track_cells(self._scene, self.cells)
        column = event.get_content_offset_capture(self).x
        if 0 < column < size:
            self.post_message(self.Sought(seq_at(column, size, self._scene.timeline.head)))
