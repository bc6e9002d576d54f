"""Words of a command as people may read them."""

import re

from loopdeck.permissions.shell.options import Argument


def shown(word: Argument) -> str:
    """A word in a sentence, with a sign for what only the running shell will know."""
    return re.sub(r"[\0\1]", "…", word.text)[:80]
