"""A strict reading of one plain shell command: words and nothing else, or what stood in the way.

Whatever bash could take for more than a plain word is reported with its span, never guessed at.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from loopdeck.session.values import Reason

MAX_LENGTH = 8_192
_PLAIN = frozenset("_@%+=:,./-~^")
_TROUBLE = {
    ";": "`;` joins commands",
    "&": "`&` joins commands or leaves one running",
    "|": "`|` joins commands",
    "<": "`<` redirects input",
    ">": "`>` redirects output",
    "(": "`(` opens a subshell",
    ")": "`)` closes a subshell",
    "{": "`{` groups or expands",
    "}": "`}` groups or expands",
    "$": "`$` expands to something else",
    "`": "a backtick runs a command",
    "*": "`*` expands to file names",
    "?": "`?` expands to file names",
    "[": "`[` expands to file names",
    "]": "`]` expands to file names",
    "!": "`!` changes what a command means",
    "#": "`#` starts a comment",
    "\\": "a backslash hides what follows it",
    "\n": "a line break starts another command",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its quotes taken off, and where it stood."""

    text: str
    span: tuple[int, int]
    quoted: bool = False


@dataclass(slots=True)
class Reading:
    """The words of a command; `trouble` is empty only when the words are the whole truth."""

    words: list[Word] = field(default_factory=list[Word])
    trouble: list[Reason] = field(default_factory=list[Reason])

    @property
    def plain(self) -> bool:
        """True when the command is plain words and was understood to its last character."""
        return not self.trouble and bool(self.words)


@lru_cache(maxsize=64)
def read(command: str) -> Reading:
    """Read a command. Never raises, whatever the text. The reading is shared: leave it as it is."""
    reading = Reading()
    if len(command) > MAX_LENGTH:
        span = (MAX_LENGTH, len(command))
        reading.trouble.append(Reason(text="the command is too long to be read", span=span))
    text = command[:MAX_LENGTH]
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
        else:
            at = _word(text, at, reading)
    if not reading.words and not reading.trouble:
        reading.trouble.append(Reason(text="there is no command"))
    return reading


def _word(text: str, start: int, reading: Reading) -> int:
    """Read the word that begins at `start`; returns where it ends."""
    pieces: list[str] = []
    quoted = False
    at = start
    while at < len(text) and text[at] not in " \t":
        if text[at] in "'\"":
            quoted = True
            piece, at = _quotes(text, at, reading)
        else:
            piece = text[at]
            _check(text, at, reading)
            at += 1
        pieces.append(piece)
    reading.words.append(Word("".join(pieces), (start, at), quoted))
    return at


def _quotes(text: str, start: int, reading: Reading) -> tuple[str, int]:
    quote = text[start]
    end = text.find(quote, start + 1)
    if end < 0:
        reading.trouble.append(Reason(text="a quote is not closed", span=(start, len(text))))
        end = len(text)
    for at in range(start + 1, end):
        char = text[at]
        if quote == '"' and char in "$`\\":
            _report(at, _TROUBLE[char], reading)
        elif not char.isprintable():
            _report(at, _invisible(char), reading)
    return text[start + 1 : end], end + 1


def _check(text: str, at: int, reading: Reading) -> None:
    char = text[at]
    if char.isalnum() or char in _PLAIN:
        return
    if char in _TROUBLE:
        _report(at, _TROUBLE[char], reading)
    elif not char.isprintable():
        _report(at, _invisible(char), reading)
    else:
        _report(at, f"the character U+{ord(char):04X} is not a plain one", reading)


def _invisible(char: str) -> str:
    if char == "\n":
        return _TROUBLE[char]
    return f"the character U+{ord(char):04X} cannot be seen"


def _report(at: int, text: str, reading: Reading) -> None:
    if len(reading.trouble) < 16:
        reading.trouble.append(Reason(text=text, span=(at, at + 1)))
