"""A view of lines some of which are the twigs of a tree: a cursor on them, and keys that fold."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click

from loopdeck.app.paint.output import Page
from loopdeck.app.paint.tree import Twig
from loopdeck.app.panes.lines import LineView


class FoldingView(LineView, can_focus=True):
    """Without a tree it only scrolls, and the keys that fold keep their other meaning."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        Binding("enter", "fold(0)", show=False),
        Binding("left", "fold(-1)", show=False),
        Binding("right", "fold(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.flipped: frozenset[str] = frozenset()
        self._path = "$"

    @property
    def twigs(self) -> dict[int, Twig]:
        """The lines that are a tree's, by number."""
        return self.lines.twigs if isinstance(self.lines, Page) else {}

    @property
    def place(self) -> int | None:
        """The line of the chosen twig."""
        return next((at for at, twig in self.twigs.items() if twig.path == self._path), None)

    def unfold_all(self) -> None:
        """Another text: its tree is as trees begin."""
        self.flipped, self._path = frozenset(), "$"

    def cursor_at(self, index: int) -> bool:
        """The chosen twig is marked while the keys come here."""
        return self.has_focus and index == self.place

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is nothing to fold, its keys move the playhead and write as everywhere."""
        return bool(self.twigs) if action == "fold" else super().check_action(action, parameters)

    def action_walk(self, rows: int) -> None:
        """To the twig above or below; beyond the tree, scroll."""
        place = self.place
        step = None if place is None else self._next(place, rows)
        if place is None or step is None or not self._in_sight(place):
            self.scroll_relative(y=rows, animate=False)
            if place is not None and not self._in_sight(place):
                self._enter_from(rows)
            return
        self._choose(step)

    def action_fold(self, direction: int) -> None:
        """Open, close, or turn; where it is so already, go to the first twig or to the branch."""
        place = self.place
        if place is None:
            self._enter_from(1)
            return
        twig = self.twigs[place]
        if twig.open is not None and direction in (0, -1 if twig.open else 1):
            self.flipped ^= {twig.path}
            self._make()
        elif direction > 0 and twig.open and place + 1 in self.twigs:
            self._choose(place + 1)
        elif direction < 0:
            above = self._at(twig.path.rpartition(".")[0])
            if above is not None:
                self._choose(above)

    def on_click(self, event: Click) -> None:
        """Choose a twig; the chosen one turns."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        twig = self.twigs.get(y)
        if twig is not None and twig.path == self._path:
            self.action_fold(0)
        elif twig is not None:
            self._choose(y)

    def on_focus(self) -> None:
        """The mark of the chosen twig appears."""
        self.refresh()

    def on_blur(self) -> None:
        """It goes with the focus."""
        self.refresh()

    def _next(self, place: int, rows: int) -> int | None:
        """The first line of the next twig; a text that is folded out is passed over."""
        at = place + rows
        while at in self.twigs and self.twigs[at].path == self._path:
            at += rows
        return self._at(self.twigs[at].path) if at in self.twigs else None

    def _at(self, path: str) -> int | None:
        return next((at for at, twig in self.twigs.items() if twig.path == path), None)

    def _choose(self, place: int) -> None:
        self._path = self.twigs[place].path
        top = self.scroll_offset.y
        if place < top:
            self.scroll_to(y=place, animate=False)
        elif place >= self.last_visible:
            self.scroll_to(y=place - self.rows + 1, animate=False)
        self.refresh()

    def _enter_from(self, rows: int) -> None:
        """Choose a twig at the edge that came into sight, if one did."""
        top, last = self.scroll_offset.y, min(self.last_visible, len(self.lines)) - 1
        seen = [at for at in self.twigs if top <= at <= last]
        if seen:
            self._path = self.twigs[seen[0] if rows > 0 else seen[-1]].path
            self.refresh()

    def _in_sight(self, place: int) -> bool:
        return self.scroll_offset.y <= place < self.last_visible
