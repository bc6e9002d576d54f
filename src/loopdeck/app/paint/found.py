"""Words that were looked for, marked in lines that are painted already."""

import re
from functools import lru_cache

from loopdeck.app.paint.lines import Line, Part, plain, slice_parts


@lru_cache(maxsize=8)
def pattern(words: str) -> re.Pattern[str]:
    """What finds the words in any case."""
    return re.compile(re.escape(words), re.IGNORECASE)


def marked(line: Line, words: str) -> Line:
    """The line with the words marked wherever they stand in it."""
    text = plain(line)
    spans = [found.span() for found in pattern(words).finditer(text)] if words else []
    if not spans:
        return line
    parts: list[Part] = []
    at = 0
    for start, end in spans:
        parts += slice_parts(line, at, start)
        parts.append(Part(text[start:end], "mark"))
        at = end
    return (*parts, *slice_parts(line, at, len(text)))


def flagged(line: Line, flag: Part) -> Line:
    """The row of the loop with a sign in the third cell of its gutter."""
    if not line or len(line[0].text) < 3:
        return line
    head = line[0]
    rest = Part(head.text[3:], head.ink)
    return (Part(head.text[:2], head.ink), flag, rest, *line[1:])
