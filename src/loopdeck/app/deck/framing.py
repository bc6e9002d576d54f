"""How the panes share the screen: all at once, one under tabs, or one that has all the room."""

from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.paint.empty import HIGH, MEDIUM, WIDE
from loopdeck.app.panes.plan import PlanPane
from loopdeck.app.panes.tabs import TabLine

PANES = ("plan", "loop", "result")


class Frames(Part):
    """Chooses by the size of the terminal, and by what the human wants to see alone."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.maximised = False
        self._tab = "loop"

    def maximise(self) -> None:
        """Give the focused pane the room of all, or take it back."""
        focused = self.stage.focused.id if self.stage.focused else None
        self._tab = focused if focused in PANES else self._tab
        self.maximised = not self.maximised
        self.lay_out()

    def switch_tab(self, direction: int) -> bool:
        """Show the next pane where only one can be seen; false where all can be seen."""
        stage = self.stage
        if not stage.has_class("-only") or (stage.drawer.item and stage.has_class("-narrow")):
            return False
        self.show_tab(PANES[(PANES.index(self._tab) + direction) % len(PANES)])
        return True

    def show_tab(self, tab: str) -> None:
        """Show this pane where only one can be seen."""
        self._tab = tab
        self.lay_out()
        self.stage.set_focus(self.stage.query_one(f"#{tab}"))

    def lay_out(self) -> None:
        """Choose what can be seen for this size."""
        stage = self.stage
        width, height = stage.size
        narrow = width < MEDIUM
        only = narrow or self.maximised
        stage.update_classes(  # all at once: each change would style every widget anew
            {
                "-narrow": narrow,
                "-medium": MEDIUM <= width < WIDE,
                "-low": height < HIGH,
                "-only": only,
                **{f"-only-{pane}": only and pane == self._tab for pane in PANES},
            }
        )
        stage.query_one(PlanPane).folded = not only and width < WIDE
        stage.query_one(TabLine).show(self._tab)
