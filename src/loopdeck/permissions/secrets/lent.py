"""What of a text that was lent to the model alone must not come back in what is stored of it."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from loopdeck.permissions.secrets.redacting import SHORTEST
from loopdeck.permissions.secrets.values import dotenv_values, key_like_words, noted_values

MOST_VALUES = 200
MOST_LINES = 1_000
LONG_LINE = 16  # characters from which a line is nobody else's
_NUMBER = re.compile(r"^ *\d+\t", re.MULTILINE)  # `read_file` writes it before each line
_SAYS = re.compile(r"[^\W_]{3}")


def values_of(text: str) -> list[str]:
    """The values and words of a text that may be secret by themselves."""
    bare = _NUMBER.sub("", text)
    found = chain(dotenv_values(bare), noted_values(bare), key_like_words(bare))
    return list(islice(_distinct(found, SHORTEST), MOST_VALUES))


def lines_of(text: str) -> list[str]:
    """The lines of a text that are long enough to be known again."""
    lines = (line.strip() for line in _NUMBER.sub("", text).splitlines())
    telling = (line for line in lines if _SAYS.search(line) and not line.startswith("#!"))
    return list(islice(_distinct(telling, LONG_LINE), MOST_LINES))


def _distinct(found: Iterator[str], shortest: int) -> Iterator[str]:
    return iter(dict.fromkeys(value for value in found if len(value) >= shortest))
