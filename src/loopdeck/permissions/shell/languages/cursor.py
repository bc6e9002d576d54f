"""A place in a script that is being read, and the way to stop where it is not understood."""

import re
from functools import lru_cache
from typing import NoReturn

from loopdeck.permissions.shell.languages.report import UNSEEN, Span


class NotUnderstood(Exception):
    """The script goes on in a way that the checker does not know."""

    def __init__(self, text: str, span: Span) -> None:
        super().__init__(text)
        self.span = span


class Cursor:
    """Reads a text from left to right; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refuse_unseen(self) -> None:
        """Stop where a piece of the text will be known only when it runs."""
        unseen = self.text.find(UNSEEN)
        if unseen >= 0:
            self.fail("a part of this is known only when it runs", unseen)

    @property
    def done(self) -> bool:
        """True when nothing is left."""
        return self.at >= len(self.text)

    def peek(self, length: int = 1) -> str:
        """The next characters without taking them; empty at the end."""
        return self.text[self.at : self.at + length]

    def next(self) -> str:
        """Take one character; empty at the end."""
        char = self.peek()
        self.at += len(char)
        return char

    def take(self, pattern: re.Pattern[str]) -> str:
        """Take what matches here; empty where nothing does."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()

    def fail(self, text: str, start: int | None = None) -> NoReturn:
        """Stop reading: `text` says what stands at `start`, or at the next character."""
        begin = min(self.at if start is None else start, len(self.text))
        raise NotUnderstood(text, (begin, max(self.at, min(begin + 1, len(self.text)))))


def take_pattern(cursor: Cursor, delimiter: str) -> None:
    """Pass a regular expression and the delimiter that ends it; it began at the cursor.

    Programs disagree on whether a delimiter in brackets ends the expression. Where it does, what
    is left is a bracket that never closes, an error; so a plain bracket is believed.
    """
    if not cursor.take(_pattern(delimiter)):
        cursor.fail(f"the expression has no clear end at `{delimiter}`")


@lru_cache(maxsize=32)
def _pattern(delimiter: str) -> re.Pattern[str]:
    end = re.escape(delimiter)
    named = r"\[:[a-z]+:\]"
    escaped = rf"\[\^?+\]?+(?:[^\]\\\n\[{end}]|\\.|{named}|\[(?![:.=]))*+\]"
    plain = rf"\[\^?+\]?+(?:[^\]\\\n\[]|{named}|\[(?![:.=]))*+\]"
    return re.compile(rf"(?>[^\\\n\[{end}]|\\[^\x00]|{escaped}|{plain})*+{end}")
