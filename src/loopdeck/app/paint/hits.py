"""Places where words were said, as lines: when, in which session, by whom, and the words."""

from rich.cells import set_cell_size

from loopdeck.app.paint.lines import Line, Part, columns, cut, cut_line, prose, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import age
from loopdeck.ports.search import Hit

_AGE, _KIND = 7, 8
_LEAST = 70  # cells from which the session has a column
_WORDS = {
    "session_started": "goal",
    "session_paused": "pause",
    "session_ended": "end",
    "human_message": "you",
    "human_steered": "you",
    "human_answered": "you",
    "human_called": "question",
    "note_added": "note",
    "bookmark_added": "mark",
    "model_replied": "model",
    "model_failed": "failure",
    "plan_revised": "plan",
    "call_proposed": "call",
    "call_answered": "answer",
    "call_finished": "result",
    "call_unknown": "unknown",
    "check_started": "check",
    "check_finished": "check",
    "rule_granted": "rule",
    "server_checked": "server",
    "service_ended": "service",
    "context_compacted": "summary",
}


def hit_line(hit: Hit, now: int, cells: int) -> Line:
    """One place; the words that were looked for are marked."""
    title = sanitize(hit.title or "no goal", lines=False)
    left = _left(age(now - hit.ts), title, _WORDS.get(hit.kind, "event"), cells)
    return cut_line((*left, *_marked(hit)), cells)


def hits_head(cells: int) -> Line:
    """The names of the columns."""
    line = (*_left("age", "session", "where", cells), Part("what was said"))
    return tuple(Part(part.text, "muted") for part in columns(line, cells))


def no_hits(note: str, cells: int) -> list[Line]:
    """Why there is nothing to show."""
    words = "Whole words are looked for, and the beginning of the last one."
    return [*prose(note or "Nobody said that.", cells, "strong"), *prose(words, cells, "muted")]


def _left(when: str, title: str, where: str, cells: int) -> Line:
    size = max(16, cells // 4)
    session = (Part(set_cell_size(cut(title, size - 2), size)),) if cells >= _LEAST else ()
    return (
        Part(f"{when:>{_AGE - 1}}  ", "muted"),
        *session,
        Part(set_cell_size(where, _KIND) + " ", "muted"),
    )


def _marked(hit: Hit) -> Line:
    parts: list[Part] = []
    at = 0
    for start, end in hit.spans:
        parts.append(Part(sanitize(hit.text[at:start], lines=False)))
        parts.append(Part(sanitize(hit.text[start:end], lines=False), "mark"))
        at = end
    parts.append(Part(sanitize(hit.text[at:], lines=False)))
    return tuple(part for part in parts if width_of((part,)))
