"""The sessions that were put away: to find one, bring it back, or delete it for good."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from loopdeck.app.paint.home import attic_heading, attic_line
from loopdeck.app.paint.lines import Line, Part
from loopdeck.app.panes.boxes import Box
from loopdeck.app.panes.choosing import ChoiceList, ChoosingScreen
from loopdeck.ports.journal import PutAway


class AtticScreen(ChoosingScreen[PutAway]):
    """Gives back the session to restore; `None` leaves all where it is.

    `forget` is told of one that is to be deleted for good, once this screen has gone.
    """

    DEFAULT_CSS = """
    AtticScreen {
        #frame { width: 100; }
        #sought { display: none; }
        #sought.-open { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash,ctrl+f", "find", show=False),
        Binding("D,delete", "forget", show=False),
    ]
    TITLE_WORDS: ClassVar[str] = "The archive"
    DOES: ClassVar[str] = "restores it · / filters · D deletes it"

    def __init__(
        self, kept: Sequence[PutAway], now: int, forget: Callable[[PutAway], object]
    ) -> None:
        super().__init__(kept)
        self._kept = kept
        self._now = now
        self._forget = forget

    def above(self) -> ComposeResult:
        """The box that words are sought in."""
        yield Box("words of its goal, its name or its tags; escape shows all", id="sought")

    def heading(self, cells: int) -> Line:
        """The names of the columns."""
        return attic_heading(cells)

    def painted(self, thing: PutAway, cells: int) -> Line:
        """One session."""
        return attic_line(thing, self._now, cells)

    def nothing(self, cells: int) -> Sequence[Line]:
        """What stands there while no session has the words."""
        return ((Part("Nothing in the archive has these words."[:cells], "muted"),),)

    def action_find(self) -> None:
        """Let the human type words."""
        box = self.query_one("#sought", Box)
        box.add_class("-open")
        box.focus()

    def action_forget(self) -> None:
        """Leave, and ask about deleting this one for good."""
        if self._things:
            one = self.chosen
            self.dismiss(None)
            self._forget(one)

    @on(Input.Changed, "#sought")
    def _sift(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self.only([one for one in self._kept if all(word in _said(one) for word in words)])

    @on(Input.Submitted, "#sought")
    def _to_list(self) -> None:
        self.set_focus(self.query_one(ChoiceList))

    @on(Box.Left, "#sought")
    def _show_all(self) -> None:
        box = self.query_one("#sought", Box)
        box.value = ""
        box.remove_class("-open")
        self._to_list()


def _said(one: PutAway) -> str:
    return f"{one.id} {one.goal} {one.label.name} #{' #'.join(one.label.tags)}".casefold()
