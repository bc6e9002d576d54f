"""Somebody who answers what servers ask."""

from collections.abc import Sequence
from pathlib import Path

from loopdeck.session.forms import FormField, as_text
from tests.support.tools import FakeContext


class Human(FakeContext):
    """Fills in every form with what stands in it already, and what they were given to say."""

    def __init__(self, spool: Path, **says: str) -> None:
        super().__init__(spool)
        self.says = says

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """The form as one text, or the first of the options."""
        await super().ask(question, options, form)
        if not form:
            return options[0]
        return as_text({field.name: self.says.get(field.name, field.preset) for field in form})
