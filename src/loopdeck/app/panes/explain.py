"""Everything behind a verdict on one screen over the deck."""

from functools import partial
from typing import ClassVar, cast

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loopdeck.app.paint.explain import explain_lines
from loopdeck.app.panes.dialog import Dialog
from loopdeck.app.panes.lines import LineView
from loopdeck.app.view.standing import offers
from loopdeck.ports import Clock
from loopdeck.session.calls import CallStatus, CallView
from loopdeck.session.state import SessionState


class ExplainScreen(Dialog[None]):
    """Reads only; escape or the key that opened it closes it."""

    DEFAULT_CSS = """
    ExplainScreen LineView { height: auto; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", show=False),
        Binding("x", "dismiss", show=False, id="explain"),
    ]

    def __init__(self, clock: Clock, call: CallView, state: SessionState, home: str = "") -> None:
        super().__init__(clock)
        self._call = call
        self._state = state
        self._home = home

    def compose(self) -> ComposeResult:
        """The sentences in a frame."""
        with Vertical(id="frame"):
            yield LineView()

    def on_mount(self) -> None:
        """Paint them."""
        waits = self._call.status is CallStatus.WAITING
        self.entitle("Why it asks" if waits else "What was decided", "↑ ↓ scroll · escape closes")
        found = offers(self._call, self._state, self._home) if waits else ()
        rules = [" and ".join(texts) for texts in found]
        paint = partial(explain_lines, self._call, self._state, rules=rules)
        view = self.query_one(LineView)
        view.can_focus = True
        view.focus()
        carets = cast("App[object]", self.app).no_color
        size = sum(len(str(value)) for value in self._call.args.values())
        view.show_lines(lambda cells: paint(cells, carets=carets), size=size, home=True)

    def say(self, note: str) -> None:
        """Nothing is decided here."""
