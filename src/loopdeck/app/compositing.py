"""Puts the widgets together, and asks only those for lines that show some of what has changed.

Textual asks all that share a container with what changed, for all of their lines: with a key in
the message box the whole deck is made again, to send the terminal one line of it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class Span(NamedTuple):
    """Cells of one row, from `left` up to but not with `right`."""

    y: int
    left: int
    right: int

    def meets(self, region: Region) -> bool:
        """Whether the region shows some of it."""
        return (
            region.y <= self.y < region.bottom
            and self.left < region.right
            and region.x < self.right
        )

    def without(self, region: Region) -> list["Span"]:
        """What is left of it on either side of the region."""
        if not self.meets(region):
            return [self]
        sides = Span(self.y, self.left, region.x), Span(self.y, region.right, self.right)
        return [side for side in sides if side.left < side.right]


class SparingCompositor(Compositor):
    """Draws what textual's draws. Where it `keeps` what it draws, for who takes the rows away."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[int, Strip] | None = None
        self._asked: list[Span] | None = None

    def keep(self) -> None:
        """From now on send the terminal nothing; all of the screen comes first."""
        self._kept = {}
        self._dirty_regions.add(self.size.region)

    def taken(self) -> dict[int, Strip]:
        """The rows that were drawn since they were taken last."""
        kept, self._kept = self._kept, {}
        return kept or {}

    def render_update(
        self,
        full: bool = False,
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        """What the terminal is sent."""
        if self._kept is not None:
            self._kept |= self._changed_rows()
            return None
        return super().render_update(  # pyright: ignore[reportUnknownMemberType] - of any screens
            full, screen_stack, simplify
        )

    def render_partial_update(self) -> ChopsUpdate | None:
        """What has changed since the last time."""
        self._asked = [Span(*span) for span in self._regions_to_spans(self._dirty_regions)]
        try:
            return super().render_partial_update()
        finally:
            self._asked = None

    def _changed_rows(self) -> dict[int, Strip]:
        screen, dirty = self.size.region, self._dirty_regions
        self._dirty_regions = set()
        rows = {y for region in dirty for y in region.intersection(screen).line_range}
        self._asked = [Span(y, 0, screen.width) for y in sorted(rows)]
        try:
            chops = self._render_chops(screen, rows.__contains__)
        finally:
            self._asked = None
        return {y: Strip.join(chops[y].values()) for y in rows}

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if self._asked is None:
            yield from super()._get_renders(crop)
            return
        left = self._asked
        for widget, (region, clip) in self.visible_widgets.items():  # from the front to the back
            seen = region.intersection(clip)
            rows = [span.y for span in left if span.meets(seen)]
            if not rows:
                continue
            top, height = min(rows), max(rows) + 1 - min(rows)
            lines = Region(seen.x - region.x, top - region.y, seen.width, height)
            band = Region(seen.x, top, seen.width, height)
            yield region, band, widget.render_lines(lines)
            left = [rest for span in left for rest in span.without(seen)]
            if not left:
                return
