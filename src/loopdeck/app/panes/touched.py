"""The files that a session touched up to a moment, and the net change of the chosen one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from loopdeck.app.background import start
from loopdeck.app.paint.diff import DiffStyle
from loopdeck.app.paint.lines import Line
from loopdeck.app.paint.sides import why_no_sides
from loopdeck.app.paint.touched import (
    NONE,
    file_line,
    file_lines,
    heading_line,
    net_words,
    sum_lines,
)
from loopdeck.app.panes.cursor import CursorList
from loopdeck.app.panes.overview import Overview, OverviewList
from loopdeck.session.touched import Blind, Touch, TouchedFile


@dataclass(frozen=True, slots=True)
class Net:
    """The recorded diffs of a file in order, and what they come to, if they fit together."""

    diffs: Sequence[str]
    diff: str | None


NetOf = Callable[[TouchedFile], Awaitable[Net]]


class FileList(OverviewList[TouchedFile]):
    """One line a file."""

    none = NONE

    def __init__(self, chosen: Callable[[], None], opened: Callable[[], None]) -> None:
        super().__init__(chosen, opened)
        self.words: dict[str, str] = {}

    def head(self, cells: int) -> Line:
        """The names of the columns."""
        return heading_line(cells)

    def row(self, at: int, cells: int) -> Line:
        """One file."""
        file = self.things[at]
        return file_line(file, self.words.get(file.path), cells)


class FilesScreen(Overview[Touch | None]):
    """Gives back the touch to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "leave", show=False, id="files"),
        Binding("left", "touch(-1)", show=False),
        Binding("right", "touch(1)", show=False),
        Binding("d", "diff_style", show=False, id="diff_style"),
    ]

    def __init__(self, net_of: NetOf) -> None:
        super().__init__()
        self._net_of = net_of
        self._touch = 0
        self._path: str = ""
        self._net = Net((), "")
        self._style: DiffStyle = "unified"

    def make_list(self) -> CursorList:
        """The files."""
        return FileList(self._describe, self.action_open)

    def on_mount(self) -> None:
        """Name the keys; the files come as soon as they are read."""
        self.entitle("Files touched", "← → which step · enter goes there · d diff · escape")
        self.reading()
        self._list.focus()

    @property
    def _list(self) -> FileList:
        return self.query_one("#list", FileList)

    @property
    def file(self) -> TouchedFile | None:
        """The chosen file."""
        return self._list.thing

    def show(self, files: Sequence[TouchedFile], blind: Sequence[Blind]) -> None:
        """The files of a moment; the cursor stays on its own."""
        chosen = self.file
        held = chosen.path if chosen else ""
        known = {file.path: len(file.changes) for file in self._list.things}
        self._list.words = {
            file.path: self._list.words[file.path]
            for file in files
            if file.path in self._list.words and known.get(file.path) == len(file.changes)
        }
        self._list.things = files
        if chosen not in files:
            self._path = ""  # there is more to say of it, or it is another one
        paths = [file.path for file in files]
        self._list.renew(paths.index(held) if held in paths else 0)
        self.say(lambda cells: sum_lines(files, blind, cells))
        start(self, self._sum_up, "nets", only=True)

    def action_touch(self, direction: int) -> None:
        """Choose the touch before or after."""
        if self.file is not None:
            self._touch = max(0, min(len(self.file.touches) - 1, self._touch + direction))
            self._paint(home=False)

    def action_diff_style(self) -> None:
        """The diff side by side, or in one column again."""
        why = why_no_sides(self._net.diff or "", self.more.cells)
        if self._style == "unified" and why:
            self.notify(f"{why[0].upper()}{why[1:]}.", markup=False, timeout=4)
            return
        self._style = "sides" if self._style == "unified" else "unified"
        self._paint(home=False)

    def action_open(self) -> None:
        """To the moment of the chosen touch."""
        if self.file is not None:
            self.dismiss(self.file.touches[self._touch])

    def _describe(self) -> None:
        file = self.file
        if file is None:
            self.more.show_lines(lambda _cells: ())
        elif file.path != self._path:
            self._path = file.path
            self._touch = file.touches.index((file.changes or file.touches)[-1])
            start(self, partial(self._read, file), "file", only=True)

    async def _read(self, file: TouchedFile) -> None:
        self._net = await self._net_of(file)
        self._paint(home=True)

    def _paint(self, *, home: bool) -> None:
        file = self.file
        if file is None:
            return
        chosen, net, style = file.touches[self._touch], self._net, self._style

        def build(cells: int) -> Sequence[Line]:
            return file_lines(file, chosen, net.diffs, net.diff, cells, style)

        self.more.show_lines(build, size=len(net.diff or "".join(net.diffs)), home=home)

    async def _sum_up(self) -> None:
        """The net change of every file, one after the other."""
        for file in self._list.things:
            if file.path not in self._list.words:
                net = await self._net_of(file) if file.changes else Net((), "")
                self._list.words[file.path] = net_words(file, net.diff)
                self._list.refresh()
