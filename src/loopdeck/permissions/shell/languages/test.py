"""What `test` and `[` can do: they look, unless bash is made to compute something from a word.

Only `[[` computes what it compares as numbers; whoever asks about `[[` has to see to that.
"""

import re
from collections.abc import Sequence

from loopdeck.permissions.shell.languages.report import UNSEEN, Report

COMPARES_NUMBERS = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_FILE = frozenset(f"-{letter}" for letter in "abcdefghkprsuwxGLNOS")
_TEXT = frozenset({"-n", "-z", "-o"})
_COMPARES_TEXT = frozenset({"=", "==", "!=", "<", ">", "=~"})
_COMPARES_FILES = frozenset({"-nt", "-ot", "-ef"})
_JOINS = frozenset({"-a", "-o", "&&", "||"})
_NUMBER = re.compile(r"[+-]?\d{1,18}")


def check(words: Sequence[str]) -> Report:
    """Judge the words between `[` and `]`, or behind `test`."""
    report = Report()
    at = 0
    while at < len(words):
        at = _term(words, at, report)
        while at < len(words) and words[at] == ")":
            at += 1
        if at < len(words) and words[at] not in _JOINS:
            _doubt(words, at, report)
        at += 1
    return report


def _term(words: Sequence[str], at: int, report: Report) -> int:
    """One comparison or look; returns where the next thing begins."""
    while at < len(words) and words[at] in ("!", "(") and _operator(words, at + 1) is None:
        at += 1
    left = words[at] if at < len(words) else ""
    if operator := _operator(words, at + 1):
        _compare(words, at, operator, report)
        return at + 3
    if at + 1 >= len(words):
        return at + 1  # one word alone is only looked at for being empty
    if left in _FILE:
        report.looks.append(words[at + 1])
        return at + 2
    if left in _TEXT or left == "-t":
        return at + 2
    if words[at + 1] in _JOINS or words[at + 1] == ")":
        return at + 1
    _doubt(words, at, report)
    return len(words)


def _operator(words: Sequence[str], at: int) -> str | None:
    """The operator between two words, if one stands at this place."""
    if at < 1 or at + 1 >= len(words):
        return None
    known = words[at] in _COMPARES_TEXT | _COMPARES_FILES | COMPARES_NUMBERS
    return words[at] if known else None


def _compare(words: Sequence[str], at: int, operator: str, report: Report) -> None:
    left, right = words[at], words[at + 2]
    if operator in _COMPARES_FILES:
        report.looks.extend((left, right))
    elif operator in COMPARES_NUMBERS:
        for place, word in ((at, left), (at + 2, right)):
            if UNSEEN not in word and not _NUMBER.fullmatch(word):
                report.unknown(f"`{word}` is compared as a number and is none", (place, place + 1))


def _doubt(words: Sequence[str], at: int, report: Report) -> None:
    shown = words[at].replace(UNSEEN, "…")
    report.unknown(f"`{shown}` is not understood in this test", (at, at + 1))
