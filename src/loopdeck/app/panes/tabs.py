"""The names of the panes where only one of them can be seen."""

from loopdeck.app.paint.lines import Line, Part
from loopdeck.app.panes.lines import OneLine

_NAMES = {"plan": "Plan", "loop": "Loop", "result": "Result"}


class TabLine(OneLine):
    """Names every pane and marks the one that is shown."""

    def show(self, tab: str) -> None:
        """Mark a pane."""
        self.show_line(lambda _cells: _tabs(tab))


def _tabs(tab: str) -> Line:
    parts: list[Part] = []
    for name, word in _NAMES.items():
        parts.append(Part(f"▸{word}", "accent") if name == tab else Part(f" {word}", "muted"))
        parts.append(Part("  "))
    return (*parts, Part(" tab switches", "muted"))
