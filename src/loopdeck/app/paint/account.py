"""What is known of a call whose end nobody saw, as its human is asked about it."""

from loopdeck.app.paint.lines import Line, Part, prose, verbatim
from loopdeck.app.sanitize import sanitize

NOT_OURS = "    "
ANSWERS = {  # option -> what its key is called, and what choosing it means
    "done": ("it took effect", "it took effect: the agent is told that it is done"),
    "not done": ("it did not", "it did not: the agent is told that it is not done"),
    "run again": ("run it again", "run it again: shown anew first, nothing runs before your yes"),
    "tell the model": ("nobody can say", "nobody can say: the agent is told so, and may look"),
}


def account_lines(text: str, cells: int) -> list[Line]:
    """Our words as prose; what is not ours as it came, behind a bar."""
    lines: list[Line] = []
    for row in text.strip().split("\n"):
        if row.startswith(NOT_OURS):
            rows = verbatim(sanitize(row.removeprefix(NOT_OURS)), cells - 4, "code")
            lines += [(Part("  │ ", "border"), *line) for line in rows]
        else:
            lines += prose(sanitize(row), cells, "plain" if lines else "strong")
    return lines
