"""The second net under hostile text: a filter over everything that is about to be drawn.

`sanitize` is the first. This one sees finished cells, so it can only blank things out, but it
sees those of every widget, also of one that somebody forgot to give safe text.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from loopdeck.app.listening import ListeningApp
from loopdeck.app.sanitize import HOSTILE_CLASS

T = TypeVar("T")

_NEVER_DRAWN = re.compile(rf"[\t\n{HOSTILE_CLASS}]")


class SafetyNet(LineFilter):
    """Draws `·` where a character would act on the terminal or hide; widths stay as they were."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without such characters; the same list when there are none."""
        if all(_is_clean(segment) for segment in segments):
            return segments
        return [segment if _is_clean(segment) else _blanked(segment) for segment in segments]


class SafeApp(ListeningApp[T]):
    """An app in which no widget can draw a control character, and no error a traceback."""

    fault: Exception | None = None
    _net = SafetyNet()

    def _handle_exception(self, error: Exception) -> None:
        """Leave because of an error in a widget or a worker; whoever ran the app tells of it."""
        self.fault = self.fault or error
        super()._handle_exception(error)
        self._exit_renderables.clear()  # with the values of variables, secrets among them

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of textual, and ours after them."""
        return [*super().get_line_filters(), self._net]


def _is_clean(segment: Segment) -> bool:
    text = segment.text
    return bool(segment.control) or text.isprintable() or not _NEVER_DRAWN.search(text)


def _blanked(segment: Segment) -> Segment:
    text = set_cell_size(_NEVER_DRAWN.sub("·", segment.text), segment.cell_length)
    return Segment(text, segment.style)
