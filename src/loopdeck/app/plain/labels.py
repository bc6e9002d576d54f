"""Labelled lines: each begins with what it is, and what belongs to it follows, indented."""

from collections.abc import Iterator

from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural

INDENT = "  "


def labelled(label: str, text: str) -> str:
    """One line that says what it is."""
    return f"{label}: {text}"


def indented(text: str, longest: int = 0) -> Iterator[str]:
    """The lines of a text from outside, made safe, under what they belong to."""
    lines = sanitize(text.rstrip("\n")).split("\n")
    shown = lines[:longest] if longest else lines
    yield from (f"{INDENT}{line}" for line in shown)
    if len(lines) > len(shown):
        yield f"{INDENT}and {plural(len(lines) - len(shown), 'line')} more"


def one_line(text: str) -> str:
    """A text from outside, made safe, without a break."""
    return sanitize(text, lines=False)


def body(label: str, text: str, longest: int = 0) -> Iterator[str]:
    """A text of one line behind its label, a longer one under it."""
    if "\n" not in text.strip("\n"):
        yield labelled(label, one_line(text.strip("\n")))
        return
    yield f"{label}:"
    yield from indented(text.strip("\n"), longest)
