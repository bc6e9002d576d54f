"""A scrolling list of lines that paints only what can be seen: the base of every long pane."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import ClassVar, cast

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from loopdeck.app.background import start
from loopdeck.app.look.inks import Inks
from loopdeck.app.paint.found import marked, pattern
from loopdeck.app.paint.lines import EMPTY, Line, plain

STRIPS = 500  # painted lines that are kept, so that an unchanged one costs nothing
HEAVY = 60_000  # characters beyond which lines are made off the event loop
Build = Callable[[int], Sequence[Line]]
_Says = tuple[Line, bool]  # a line, and whether it is the selected one


class LineList(ScrollView, inherit_bindings=False):
    """Lines by number; a subclass says how many there are and what each of them says."""

    BINDINGS: ClassVar[list[BindingType]] = [  # the rest of a scroller's keys move the playhead
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
    ]
    DEFAULT_CSS = """
    LineList {
        scrollbar-size: 1 1;
        scrollbar-color: $loop-border;
        scrollbar-color-hover: $loop-muted;
        scrollbar-color-active: $loop-muted;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._inks = Inks()
        self._framed: dict[_Says, Strip] = {}
        self._frame: object = None
        self._drawn: list[_Says] = []

    @property
    def cells(self) -> int:
        """The width a line may take."""
        return max(1, self.scrollable_content_region.width)

    @property
    def rows(self) -> int:
        """How many lines can be seen at once."""
        return max(1, self.scrollable_content_region.height)

    @property
    def last_visible(self) -> int:
        """The number of the line below the last one that can be seen."""
        return self.scroll_offset.y + self.rows

    def line_at(self, index: int, cells: int) -> Line:
        """What line `index` says."""
        raise NotImplementedError

    def cursor_at(self, index: int) -> bool:
        """True for the line that is selected."""
        return False

    def set_count(self, count: int) -> None:
        """There are so many lines now. Only a list that is as high as its lines moves others."""
        size = Size(0, count)
        if size == self.virtual_size:
            return
        if self.styles.auto_dimensions:
            self.virtual_size = size
        else:  # to lay out the screen anew paints all of it, twenty times a second
            self.set_reactive(cast("Reactive[Size]", ScrollView.virtual_size), size)
            self._scroll_update(size)
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Mix the inks once, then paint the lines."""
        app = cast("App[object]", self.app)
        base, variables = self.rich_style, app.theme_variables
        if not self._inks.serve(base, variables):
            few = app.console.color_system not in ("256", "truecolor")
            self._inks = Inks(base, variables, few=few, none=app.no_color)
            self._framed.clear()
        if crop.x or crop.width != self.outer_size.width:
            return super().render_lines(crop)
        frame = self._frame_now()
        if frame != self._frame or len(self._framed) >= STRIPS:
            self._frame = frame
            self._framed.clear()
        top, end = self.gutter.top, self.gutter.top + self.size.height
        first, cells = self.scroll_offset.y - top, self.cells
        return [
            self._in_frame(y, first + y, cells) if top <= y < end else self._paint_at(y)
            for y in crop.line_range
        ]

    def _frame_now(self) -> object:
        """All that a line looks like beside what it says."""
        return (
            self.outer_size,
            self.size,
            self.styles.padding,
            self.styles.border,
            self.background_colors,
            self.opacity,
            tuple(self.get_line_filters()),
        )

    def _in_frame(self, y: int, index: int, cells: int) -> Strip:
        """A line between its borders: made once for what it says, wherever it is scrolled to."""
        strip = self._framed.get(self._says(index, cells))
        if strip is None:
            self._drawn.clear()
            strip = self._paint_at(y).simplify()  # each piece takes forty bytes to the terminal
            self._framed.update(dict.fromkeys(self._drawn, strip))  # none where textual kept it
        return strip

    def _paint_at(self, y: int) -> Strip:
        return super().render_lines(Region(0, y, self.outer_size.width, 1))[0]

    def _says(self, index: int, cells: int) -> _Says:
        if index >= self.virtual_size.height:
            return EMPTY, False
        return self.line_at(index, cells), self.cursor_at(index)

    def render_line(self, y: int) -> Strip:
        """Paint one visible line."""
        line, cursor = says = self._says(self.scroll_offset.y + y, self.cells)
        self._drawn.append(says)
        return self._inks.strip(line, self.size.width, cursor=cursor)


class LineView(LineList):
    """Lines that a function makes for a width; made again when the width changes."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: Sequence[Line] = ()
        self._build: Build = lambda _cells: ()
        self._built_for = 0
        self._size_of_text = 0
        self._words = ""
        self._current = False

    @property
    def current(self) -> bool:
        """False while the lines are still those of before: of other words, or another width."""
        return self._current and self._built_for == self.cells

    def show_lines(self, build: Build, *, size: int = 0, home: bool = False) -> None:
        """Show other lines; `size` is how much text they are made of, `home` goes to the first."""
        self._build = build
        self._size_of_text = size
        self._built_for, self._current = 0, False
        self._make()
        if home:
            self.scroll_to(y=0, animate=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        """What came before there was room for it is made with its first frame, not after it."""
        if not self._built_for:
            self._make()
        return super().render_lines(crop)

    def line_at(self, index: int, cells: int) -> Line:
        """The line, if there is one, with what is looked for marked in it."""
        return marked(self.lines[index], self._words) if index < len(self.lines) else EMPTY

    def look_for(self, words: str) -> None:
        """Mark these words wherever they stand, and keep the first of them in sight."""
        if words or self._words:
            self._words = words
            self.refresh()
            self.call_after_refresh(self._to_the_words)

    def _to_the_words(self) -> None:
        sought = pattern(self._words) if self._words else None
        rows = (at for at, line in enumerate(self.lines) if sought and sought.search(plain(line)))
        first = next(rows, None)
        if first is not None and not self.scroll_offset.y <= first < self.last_visible:
            self.scroll_to(y=max(0, first - 2), animate=False)

    def on_resize(self, _event: Resize) -> None:
        """Wrap again for the new width."""
        if self.cells != self._built_for:
            self._make()

    def made(self) -> None:
        """Called whenever the lines were made anew."""

    def _make(self) -> None:
        if not self.is_attached or self.size.width == 0:
            return
        self._built_for, self._current = self.cells, False
        if self._size_of_text > HEAVY:
            start(self, self._make_aside, "lines", only=True)
        else:
            self._take(self._build(self._built_for))

    async def _make_aside(self) -> None:
        """The same in a thread, so that a long text does not hold up the keys."""
        build, cells = self._build, self._built_for
        lines = await asyncio.to_thread(build, cells)
        if build is self._build and cells == self._built_for:
            self._take(lines)

    def _take(self, lines: Sequence[Line]) -> None:
        pairs = enumerate(zip_longest(self.lines, lines))
        changed = [at for at, (old, new) in pairs if old != new]
        self.lines, self._current = lines, True
        self.set_count(len(lines))
        if len(changed) * 2 > self.rows:
            self.refresh()
        else:  # what stays is not sent to the terminal again
            for at in changed:
                if self.scroll_offset.y <= at < self.last_visible:
                    self.refresh_line(at)
        if changed and self._words:
            self.call_after_refresh(self._to_the_words)
        self.made()


class OneLine(LineList):
    """A single line across the screen that is painted from the width alone."""

    can_focus = False
    DEFAULT_CSS = """
    OneLine { height: 1; overflow: hidden hidden; scrollbar-gutter: auto; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paint: Callable[[int], Line] = lambda _cells: EMPTY
        self._painted: tuple[int, Line] = (0, EMPTY)

    def show_line(self, paint: Callable[[int], Line]) -> None:
        """Show another line; nothing is painted where it says what stands there."""
        self._paint = paint
        self.set_count(1)
        painted = (self.cells, paint(self.cells))
        if painted != self._painted:
            self._painted = painted
            self.refresh()

    def line_at(self, index: int, cells: int) -> Line:
        """The line."""
        if cells != self._painted[0]:
            self._painted = (cells, self._paint(cells))
        return self._painted[1]
