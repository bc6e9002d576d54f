"""What no command may hold: characters that hide something, and more text than anybody reads."""

import re

from loopdeck.permissions.shell.script import NotUnderstood

MAX_TEXT = 131_072
MAX_COMMAND = 8_192  # beside the bodies of here-documents
_HIDDEN = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f"  # controls, a lone CR among them
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff"  # no width, or another direction
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
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
