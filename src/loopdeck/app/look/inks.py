"""The inks as styles of the terminal, mixed once for a theme and a background.

As component classes of every pane they took half of the time to the first frame.
"""

from collections.abc import Mapping

from rich.color import Color as Terminal
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from loopdeck.app.paint.lines import INKS, Ink, Line

_BOLD = frozenset({"strong", "waiting", "past", "chip", "mark", "add-mark", "del-mark"})
_TURNED = frozenset({"chip"})  # a block that is seen from afar, in every number of colours
_LINED = frozenset({"mark", "add-mark", "del-mark"})  # seen where there are no colours
_VARIABLES = {  # the others have one of their name
    "accent": "accent",
    "chip": "loop-past",
    "mark": "loop-waiting",
    "add-mark": "loop-add",
    "del-mark": "loop-del",
}
_YELLOW, _GREEN = ("#ffff55", "#aa5500"), ("#55ff55", "#00aa00")  # on a dark and a light ground
_RED, _BLUE = ("#ff5555", "#aa0000"), ("#5555ff", "#0000aa")
_OF_16: Mapping[Ink, tuple[str, str]] = {  # the nearest of 16 to a quiet colour is a grey
    "accent": _YELLOW,
    "waiting": _YELLOW,
    "mark": _YELLOW,
    "ok": _GREEN,
    "add": _GREEN,
    "add-mark": _GREEN,
    "fail": _RED,
    "del": _RED,
    "del-mark": _RED,
    "past": _BLUE,
    "chip": _BLUE,
}
_GROUND = "loop-select"
_OWN = -1  # the number of the colour that a terminal has by itself
_NOTHING: Mapping[str, str] = {}
_NO_INKS: Mapping[Ink, tuple[str, str]] = {}


class Inks:
    """Styles on one ground, and on that of the selected line.

    `few` where there are 16 colours, `none` where there are none: a selected line that has to be
    reversed there is of one ink, as each other one would give its words a ground of their own.
    """

    def __init__(
        self,
        base: Style | None = None,
        variables: Mapping[str, str] = _NOTHING,
        *,
        few: bool = False,
        none: bool = False,
    ) -> None:
        self.base = base or Style()
        self._variables = variables
        ground = Style(reverse=True) if none else _ground(variables, few=few)
        self._selected = self.base + ground
        bright = _OF_16 if few else _NO_INKS
        light = self.base.bgcolor is not None and _is_light(self.base.bgcolor)
        styles: dict[Ink, Style] = {
            ink: _style(ink, variables, bright[ink][light] if ink in bright else "") for ink in INKS
        }
        self._on_base: dict[Ink, Style] = {ink: self.base + style for ink, style in styles.items()}
        self._on_selected: dict[Ink, Style] = {
            ink: self._selected + (_uncoloured(style) if ground.reverse else style)
            for ink, style in styles.items()
        }

    def serve(self, base: Style, variables: Mapping[str, str]) -> bool:
        """True while these are the inks for this ground and this theme."""
        return self._variables is variables and self.base == base

    def strip(self, line: Line, cells: int, *, cursor: bool = False) -> Strip:
        """A line as it is drawn, filled up to so many cells."""
        ground, styles = self.on(cursor=cursor)
        segments = [Segment(part.text, styles[part.ink]) for part in line if part.text]
        return Strip(segments).adjust_cell_length(cells, ground)

    def on(self, *, cursor: bool) -> tuple[Style, Mapping[Ink, Style]]:
        """The ground and each ink on it."""
        return (self._selected, self._on_selected) if cursor else (self.base, self._on_base)


def _ground(variables: Mapping[str, str], *, few: bool) -> Style:
    """The ground of the selected line; reversed where there are 16 colours."""
    ground = _color(variables.get(_GROUND))
    if ground is None:
        return Style()
    if ground.ansi == _OWN or few:  # the other grounds of 16 leave too little of the words
        return Style(reverse=True)
    return Style(bgcolor=ground.rich_color)


def _is_light(color: Terminal) -> bool:
    return sum(color.get_truecolor()) > 384


def _style(ink: Ink, variables: Mapping[str, str], shown: str) -> Style:
    color = _color(variables.get(_VARIABLES.get(ink, f"loop-{ink}")))
    return Style(
        color=shown or (color.rich_color if color else None),
        bold=ink in _BOLD or None,
        underline=ink in _LINED or None,
        reverse=ink in _TURNED or None,
    )


def _uncoloured(style: Style) -> Style:
    return Style(bold=style.bold, underline=style.underline)


def _color(value: str | None) -> Color | None:
    return Color.parse(value) if value else None
