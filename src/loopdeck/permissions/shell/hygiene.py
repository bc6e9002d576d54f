"""What no command may hold: characters that hide something, and more text than anybody reads."""

import re

from loopdeck.permissions.shell.script import NotUnderstood
from loopdeck.visible import HOSTILE_CLASS

MAX_TEXT = 131_072
MAX_COMMAND = 8_192  # beside the bodies of here-documents
# Beside what hides on any screen: joiners, what picks a look, and what no font says the look of.
_HIDDEN = re.compile(
    f"[{HOSTILE_CLASS}\u200d\ue000-\uf8ff\ufe00-\ufe0e\ufffc-\ufffd\U000f0000-\U0010ffff]"
)


def check_length(text: str) -> None:
    """Refuse what is too long to be read, before anything reads it."""
    if len(text) > MAX_TEXT:
        raise NotUnderstood("the command is too long to be read", (MAX_TEXT, len(text)))


def check_hidden(text: str) -> None:
    """Refuse what cannot be seen."""
    if found := _HIDDEN.search(text):
        char = ord(found.group())
        raise NotUnderstood(f"the character U+{char:04X} cannot be seen", found.span())


def check_command(text: str, hidden: int) -> None:
    """Refuse a long command; `hidden` characters of it are the bodies of here-documents."""
    if len(text) - hidden > MAX_COMMAND:
        raise NotUnderstood("the command is too long to be read", (MAX_COMMAND, len(text)))
