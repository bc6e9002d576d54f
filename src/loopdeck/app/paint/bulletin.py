"""What there is to say of the rules: a line on the deck, and the whole of it on a screen."""

from difflib import unified_diff

from loopdeck.app.paint.diff import diff_lines
from loopdeck.app.paint.lines import EMPTY, Ink, Line, Part, prose, spread, verbatim
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural
from loopdeck.ports import Bulletin, PendingRules

_INKS: dict[str, Ink] = {"warning": "waiting", "error": "fail"}
_HOLDS = (
    "Until you accept, the old and the new rules both hold. A project's rules can only tighten:"
    " they deny and ask, they never allow."
)


def bulletin_line(bulletin: Bulletin, key: str, cells: int) -> Line:
    """That there is something, in one line, and the key that shows it."""
    words: list[str] = []
    if bulletin.pending is not None:
        words.append("this project's rules wait to be accepted")
    if len(bulletin.sentences) == 1:
        words.append(sanitize(bulletin.sentences[0], lines=False))
    elif bulletin.sentences:
        words.append(f"{plural(len(bulletin.sentences), 'thing')} to know of the rules")
    shows: Line = (Part(key, "accent"), Part(" shows", "muted"))
    return spread((Part(f"! {' · '.join(words)}", "waiting"),), shows, cells)


def notice_lines(bulletin: Bulletin, notice: tuple[str, str], key: str, cells: int) -> list[Line]:
    """The line about the rules, then a notice (its text and how bad it is), whole."""
    lines = [] if bulletin.silent else [bulletin_line(bulletin, key, cells)]
    text, severity = notice
    ink = _INKS.get(severity, "accent")
    return [*lines, *(prose(sanitize(text), cells, ink) if text else ())]


def bulletin_lines(bulletin: Bulletin, cells: int) -> list[Line]:
    """Every sentence, then the project's file: what it says, against what was accepted."""
    lines: list[Line] = []
    for text in bulletin.sentences:
        lines += _point(sanitize(text, lines=False), cells)
    if bulletin.pending is None:
        return lines or prose("There is nothing to say of the rules.", cells, "muted")
    return [*lines, *([EMPTY] if lines else []), *_pending(bulletin.pending, cells)]


def _point(text: str, cells: int) -> list[Line]:
    body = prose(text, cells - 2)
    return [(Part("· " if at == 0 else "  ", "muted"), *line) for at, line in enumerate(body)]


def _pending(pending: PendingRules, cells: int) -> list[Line]:
    path = sanitize(pending.path, lines=False)
    lines: list[Line] = [(Part(f"This project's rules, {path}", "strong"),)]
    for text in pending.changed:
        lines += _point(sanitize(text, lines=False), cells)
    lines += [EMPTY, *prose(_HOLDS, cells, "muted"), EMPTY]
    if not pending.text:
        return [
            *lines,
            *prose("The file is gone; this was in it:", cells, "waiting"),
            EMPTY,
            *verbatim(sanitize(pending.accepted.rstrip("\n")), cells, "del"),
        ]
    if not pending.accepted:
        return [*lines, *verbatim(sanitize(pending.text.rstrip("\n")), cells)]
    return [*lines, *_compared(pending, cells)]


def _compared(pending: PendingRules, cells: int) -> list[Line]:
    """The whole file as a diff against the accepted one: nothing between is left out."""
    old, new = (sanitize(text).split("\n") for text in (pending.accepted, pending.text))
    rows = list(unified_diff(old, new, lineterm="", n=max(len(old), len(new))))
    return diff_lines("\n".join(rows), cells)
