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
    """The row of the loop with a sign in its gutter: behind the number of a step, never over it."""
    head = line[0] if line else Part("")
    at = max(2, len(head.text.rstrip()))
    if len(head.text) <= at:
        return line
    rest = Part(head.text[at + 1 :], head.ink)
    return (Part(head.text[:at], head.ink), flag, rest, *line[1:])
