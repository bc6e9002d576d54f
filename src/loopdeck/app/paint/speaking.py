"""What stands above the message box: messages that wait, and commands that a text may become."""

from collections.abc import Sequence
from typing import Protocol

from loopdeck.app.paint.lines import Line, Part, columns, cut_line, spread, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.session.commands import Say

ROOM = 70  # cells from which on a line says all of its words
NAME = 20  # cells for a command and what it takes
FIRST = 200  # characters of a message that can be seen in its line


def queue_lines(queued: Sequence[Say], key: str, *, over: bool, cells: int) -> list[Line]:
    """A line a message, oldest first; a key takes back the newest, a click on its line any."""
    when = "next run" if over else "next step"
    when = f"queued for the {when}" if cells >= ROOM else when
    lines: list[Line] = []
    for at, say in enumerate(queued):
        newest = at == len(queued) - 1
        note = Part(" takes it back" if cells >= ROOM else " back", "muted")
        back = (Part(key, "accent"), note) if newest else (Part("×", "muted"),)
        words = sanitize(say.text.strip()[:FIRST], lines=False)
        left = (Part("▸ ", "waiting"), Part(f"{when}: ", "muted"), Part(words))
        lines.append(spread(left, back, cells))
    return lines


class Choice(Protocol):
    """Something that a text may become: how it is typed, and what it is."""

    @property
    def usage(self) -> str: ...

    @property
    def words(self) -> str: ...


def slash_lines(found: Sequence[Choice], chosen: int, rows: int, cells: int) -> list[Line]:
    """So many commands around the chosen one, which has a mark of its own."""
    widest = max([NAME, *(width_of((Part(one.usage),)) + 2 for one in found)])
    size = min(widest, cells * 2 // 3)
    first = max(0, min(chosen - rows + 1, len(found) - rows))
    lines: list[Line] = []
    for at, slash in enumerate(found[first : first + rows], first):
        mark = "› " if at == chosen else "  "
        name = columns((Part(mark, "accent"), Part(slash.usage, "accent")), size + 2)
        words = Part(slash.words, "plain" if at == chosen else "muted")
        lines.append(cut_line((*name, words), cells))
    return lines
