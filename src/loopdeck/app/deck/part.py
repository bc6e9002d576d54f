"""One job of the deck, kept apart from the others: its keys, its state, and the stage it uses."""

from collections.abc import Awaitable, Callable

from textual.notifications import SeverityLevel
from textual.worker import Worker

from loopdeck.app.background import start
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.view.scene import Scene


class Part:
    """Knows the stage, and those other parts that it is given; the screen knows them all."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def verbs(self) -> Verbs:
        """The keys that it answers to, by their ids in the table."""
        return {}

    def begin(self) -> None:
        """The panes are there."""

    def follow(self, before: Scene) -> None:
        """The panes show another scene than `before`."""

    def start(
        self, work: Callable[[], Awaitable[object]], group: str, *, only: bool = False
    ) -> Worker[None]:
        """Work beside the keys, as long as the deck lives; `only` ends what the group runs."""
        return start(self.stage, work, group, only=only)

    def say(
        self,
        sentence: str,
        *,
        seconds: float | None = None,
        severity: SeverityLevel = "information",
    ) -> None:
        """Tell the human something that is not wrong with the program."""
        self.stage.notify(sentence, markup=False, timeout=seconds, severity=severity)
