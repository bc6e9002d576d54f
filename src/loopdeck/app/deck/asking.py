"""The keys that answer questions and limits; the guards are those of every answer."""

from functools import partial

from loopdeck.app.deck.answering import Answers
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.status import awaits_model
from loopdeck.session.commands import Answer, Retry
from loopdeck.session.state import AskView

MOST_OPTIONS = 9  # that a digit can choose


class Questions(Part):
    """Chooses among the options of a question, and what a used-up limit means."""

    def __init__(self, stage: Stage, answers: Answers) -> None:
        super().__init__(stage)
        self._answers = answers

    def verbs(self) -> Verbs:
        """The keys of a limit, and the digits."""
        options = range(1, MOST_OPTIONS + 1)
        return {
            "raise_limit": partial(self._answer_limit, "raise"),
            "finish_up": partial(self._answer_limit, "finish"),
            "stop_here": partial(self._answer_limit, "stop"),
            **{f"option_{number}": partial(self.choose, number) for number in options},
        }

    def choose(self, number: int) -> None:
        """Answer a question with one of its options."""
        item = self.stage.drawer.item
        if not isinstance(item, AskView) or item.kind == "limit" or number > len(item.options):
            return
        option = item.options[number - 1]
        if option == "tell":
            self._answers.attempt(lambda: self.stage.drawer.open_box("answer"))
        else:
            self._answer(item, option)

    def ask_model_again(self) -> None:
        """Wait no longer for a model that failed; where it asks what to do, say that."""
        item, scene = self.stage.drawer.item, self.stage.scene
        if scene.runner.works and awaits_model(scene.head):
            self.start(partial(self.stage.send, Retry()), "commands")
        elif isinstance(item, AskView) and item.kind == "model":
            self._answer(item, "try again")

    def _answer_limit(self, answer: str) -> None:
        item = self.stage.drawer.item
        if isinstance(item, AskView) and item.kind == "limit":
            self._answer(item, answer)

    def _answer(self, item: AskView, answer: str) -> None:
        command = Answer(ask_id=item.ask_id, answer=answer)
        self._answers.attempt(lambda: self._answers.send(item, command))
