"""The keys that answer questions and limits; the guards are those of every answer."""

from functools import partial

from loopdeck.app.deck.answering import Answers
from loopdeck.app.deck.part import Part
from loopdeck.app.deck.stage import Stage
from loopdeck.app.keys.pressing import Verbs
from loopdeck.app.paint.approval import key_of
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

    def take_words(self) -> bool:
        """Open what a question wants words in; true as well where a burst of keys may not."""
        item = self.stage.drawer.item
        if self._answers.opens_nothing():
            return True
        if not isinstance(item, AskView) or not self.stage.scene.can_answer:
            return False
        asks = item.kind != "limit"
        if asks and item.form:
            self._fill_in(item)
        elif asks:
            self.stage.drawer.open_box("answer")
        return asks

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

    def _fill_in(self, item: AskView) -> None:
        """Fill in the form that is asked for."""
        from loopdeck.app.panes.form import FormScreen  # on first use

        stage, answers = self.stage, self._answers

        def done(text: str | None) -> None:
            if text is None:
                return
            if stage.scene.can_answer and stage.drawer.guard.key == key_of(item):
                answers.send(item, Answer(ask_id=item.ask_id, answer="text", text=text))
            else:
                words = "It was answered, or is not asked any more: nothing was sent."
                self.say(words, severity="warning")

        answers.attempt(lambda: stage.app.push_screen(FormScreen(stage.clock, item), done))

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
