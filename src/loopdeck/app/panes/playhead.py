"""The bar at the bottom: where the playhead is, and a track to click on and drag along."""

from dataclasses import dataclass

from textual.events import MouseDown, MouseEvent, MouseMove, MouseRelease, MouseUp
from textual.message import Message

from loopdeck.app.paint.bar import bar_line, track_cells
from loopdeck.app.paint.track import seq_at
from loopdeck.app.panes.lines import OneLine
from loopdeck.app.view.scene import Scene


class PlayheadBar(OneLine):
    """Paints the bar; where the mouse presses or drags on the track, it asks for that event."""

    DEFAULT_CSS = """
    PlayheadBar { dock: bottom; }
    """

    @dataclass
    class Sought(Message):
        """Go to this event; `None` is the newest."""

        seq: int | None

        def can_replace(self, message: Message) -> bool:
            """A drag that is quicker than the screen leaves out what lies between."""
            return isinstance(message, PlayheadBar.Sought)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scene = Scene()
        self._held = 0  # cells of the track while it is dragged

    def show(self, scene: Scene) -> None:
        """Show a moment."""
        self._scene = scene
        self.show_line(lambda cells: bar_line(scene, cells, self._held))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take hold of the playhead, where the track was pressed."""
        column = event.get_content_offset_capture(self).x
        size = track_cells(self._scene, self.cells)
        if event.button == 1 and 0 < column < size:
            self._held = size
            self.capture_mouse()
            self._seek(event)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Drag it along, also where the mouse leaves the bar."""
        if self._held:
            self._seek(event)

    def on_mouse_up(self, _event: MouseUp) -> None:
        """Let go of it."""
        self.release_mouse()

    def on_mouse_release(self, _event: MouseRelease) -> None:
        """The mouse is somebody else's now."""
        self._held = 0
        self.show(self._scene)

    def _seek(self, event: MouseEvent) -> None:
        column = max(1, min(self._held - 1, event.get_content_offset_capture(self).x))
        self.post_message(self.Sought(seq_at(column, self._held, self._scene.timeline.head)))
