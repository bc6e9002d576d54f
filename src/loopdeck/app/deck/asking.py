"""The keys that answer questions and limits; the guards are those of every answer."""

from loopdeck.app.deck.answering import Answering
from loopdeck.session.commands import Answer
from loopdeck.session.state import AskView


class Asking(Answering):
    """Chooses among the options of a question, and what a used-up limit means."""

    def action_raise_limit(self) -> None:
        """Raise the limit that was reached, and go on."""
        self._answer_limit("raise")

    def action_finish_up(self) -> None:
        """Give the agent one closing turn."""
        self._answer_limit("finish")

    def action_stop_here(self) -> None:
        """Let the limit stop it."""
        self._answer_limit("stop")

    def action_choose(self, number: int) -> None:
        """Answer a question with one of its options."""
        item = self.drawer.item
        if not isinstance(item, AskView) or item.kind == "limit" or number > len(item.options):
            return
        option = item.options[number - 1]
        if option == "tell":
            self.attempt(lambda: self.drawer.open_box("answer"))
        else:
            self.attempt(lambda: self.answer_with(item, Answer(ask_id=item.ask_id, answer=option)))

    def _answer_limit(self, answer: str) -> None:
        item = self.drawer.item
        if isinstance(item, AskView) and item.kind == "limit":
            self.attempt(lambda: self.answer_with(item, Answer(ask_id=item.ask_id, answer=answer)))
