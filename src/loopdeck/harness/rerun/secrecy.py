"""The secrets of a recording are marks; a re-run needs something it may hold in their place."""

import re
from typing import Any, cast

from loopdeck.permissions.secrets.redacting import MARK, Redactor

_STAND_IN = re.compile(r"⟦(redacted:[a-z0-9-]+:[0-9a-f]{8})⟧")


class Masks(Redactor):
    """Puts the recorded marks back where stand-ins are, and looks for no other secrets.

    A call that held a secret ran with it, and a call with a mark is refused: so the re-run's model
    says a stand-in where the recorded one said the secret.
    """

    def clean(self, text: str) -> str:
        """The text with the mark of each stand-in."""
        return _STAND_IN.sub(r"‹\1›", text) if "⟦" in text else text


def unmasked(value: Any) -> Any:
    """A value in which every mark has become its stand-in."""
    if isinstance(value, str):
        return MARK.sub(lambda found: f"⟦{found[0][1:-1]}⟧", value)
    if isinstance(value, dict):
        return {key: unmasked(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [unmasked(item) for item in cast("list[Any]", value)]
    return value
