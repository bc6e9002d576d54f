"""The agent's own plan, as a list or folded into a strip."""

from textual.reactive import reactive

from loopdeck.app.paint import empty
from loopdeck.app.paint.lines import Line, Part, prose
from loopdeck.app.paint.plan import plan_lines, plan_strip
from loopdeck.app.panes.lines import LineView
from loopdeck.app.view.scene import Scene
from loopdeck.session.values import PlanItem


class PlanPane(LineView):
    """Shows the plan; `folded` shows one line of it."""

    DEFAULT_CSS = """
    PlanPane {
        border: round $loop-border;
        border-title-color: $loop-muted;
        padding: 0 1;
        &:focus { border: round $loop-border-focus; border-title-color: $foreground; }
    }
    """
    BORDER_TITLE = "Plan"
    folded: reactive[bool] = reactive(False)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plan: tuple[PlanItem, ...] | None = None

    def show(self, scene: Scene) -> None:
        """Show the plan of a moment."""
        if scene.state.plan is not self._plan:
            self._plan = scene.state.plan
            self.show_lines(self._lines)

    def watch_folded(self) -> None:
        """Paint again in the other form."""
        self.show_lines(self._lines, home=True)

    def _lines(self, cells: int) -> list[Line]:
        if not self._plan:
            if self.folded:
                return [(Part(empty.NO_PLAN, "muted"),)]
            return list(prose(empty.PLAN, cells, "muted"))
        return [plan_strip(self._plan, cells)] if self.folded else plan_lines(self._plan, cells)
