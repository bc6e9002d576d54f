"""Here-documents, found line by line before the grammar sees the text.

The grammar loses what stands behind `<<EOF` on its line, so each body is taken out here and
`<<EOF` becomes a redirect from a marked name of the same length. If the grammar then does not see
that redirect, the two readings disagree and the command is not understood.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from loopdeck.permissions.shell.script import Heredoc, NotUnderstood

MARK = "\ue000"  # a character for private use, which no command may hold
_OPENER = re.compile(
    r"(?<!<)<<(?P<tabs>-?)[ \t]*"
    r"(?:'(?P<single>[\w.-]+)'|\"(?P<double>[\w.-]+)\"|\\(?P<escaped>\w+)|(?P<bare>\w+))"
    r"(?=[\s;|&)<>]|$)"
)
_STRING = re.compile(r"(?<!<)<<<(?!<)")
# The rest of the line must close every quote that it opens: a body begins behind a line break that
# is not quoted.
_TAIL = re.compile(r"(?:[^'\"`$\\(){}#]|'[^']*'|\"(?:[^\"`$\\]|\$\w++)*+\"|\$\w++|\))*+")


@dataclass(slots=True)
class Extracted:
    """The text without its here-documents, as long as before; and the documents by position.

    `strings` are the places of `<<<` that became plain redirects.
    """

    text: str
    found: dict[int, Heredoc] = field(default_factory=dict[int, Heredoc])
    strings: frozenset[int] = frozenset()


def extract(text: str) -> Extracted:
    """Take the here-documents out. Raises `NotUnderstood` for those that cannot be told apart."""
    if "<<" not in text:
        return Extracted(text)
    lines = _Lines(text)
    found: dict[int, Heredoc] = {}
    out: list[str] = []
    offset = 0
    while (line := lines.take()) is not None:
        openers = [match for match in _OPENER.finditer(line) if lines.end_of(match) is not None]
        if openers and not _TAIL.fullmatch(line, openers[0].end()):
            raise NotUnderstood("what follows a here-document on its line is too much")
        begin, offset = offset, offset + len(line) + 1
        for match in openers:
            body, length = lines.take_body(match)
            literal = match["bare"] is None or not re.search(r"[$`\\]", body)
            if not literal:
                _check_expansions(body, offset)
            found[begin + match.start()] = Heredoc(body, literal, (offset, offset + len(body)))
            offset += length
        out.append(f"{_marked(line, openers)}\n".ljust(offset - begin))
    return Extracted("".join(out)[: len(text)], found)


def without_strings(extracted: Extracted) -> Extracted:
    """The same with a plain redirect for each `<<<`: the grammar has none behind another redirect.

    As with documents, it must then see a redirect at each of these places.
    """
    strings = frozenset(match.start() for match in _STRING.finditer(extracted.text))
    return Extracted(_STRING.sub("<  ", extracted.text), extracted.found, strings)


class _Lines:
    """The lines of a text, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0
        self._exact: dict[str, list[int]] = {}
        self._untabbed: dict[str, list[int]] = {}
        for at, line in enumerate(self._lines):
            self._exact.setdefault(line, []).append(at)
            self._untabbed.setdefault(line.lstrip("\t"), []).append(at)

    def take(self) -> str | None:
        """The next line; None at the end."""
        if self._at >= len(self._lines):
            return None
        self._at += 1
        return self._lines[self._at - 1]

    def end_of(self, opener: re.Match[str]) -> int | None:
        """The line that ends the document which begins with the next line."""
        name = opener["single"] or opener["double"] or opener["escaped"] or opener["bare"]
        index = (self._untabbed if opener["tabs"] else self._exact).get(name, [])
        at = bisect_left(index, self._at)
        return index[at] if at < len(index) else None

    def take_body(self, opener: re.Match[str]) -> tuple[str, int]:
        """The document's text, and how many characters it takes with its last line."""
        end = self.end_of(opener)
        if end is None:
            raise NotUnderstood("a here-document has no end")
        taken = self._lines[self._at : end + 1]
        self._at = end + 1
        return "".join(f"{line}\n" for line in taken[:-1]), sum(len(line) + 1 for line in taken)


def _marked(line: str, openers: list[re.Match[str]]) -> str:
    for match in openers:
        mark = "<" + MARK * (match.end() - match.start() - 1)
        line = line[: match.start()] + mark + line[match.end() :]
    return line


def _check_expansions(body: str, offset: int) -> None:
    """In an unquoted document variables are fine, commands and arithmetic are not."""
    bare = re.sub(r"\\[\\$`\n]", "  ", body)
    if found := re.search(r"`|\$[(\[]|\$\{(?!\w+\})", bare):
        span = (offset + found.start(), offset + found.end())
        raise NotUnderstood("a command or an expansion inside a here-document", span)
