"""What an edit changes, argument by argument: was and now."""

import json
from difflib import unified_diff

from loopdeck.app.paint.diff import diff_lines
from loopdeck.app.paint.lines import Line, Part, prose, verbatim
from loopdeck.app.sanitize import sanitize
from loopdeck.session.values import JsonObject

LONGEST = 200_000  # characters that are compared line by line


def changed(was: JsonObject, now: JsonObject) -> list[str]:
    """The names of the arguments that differ; order does not count."""
    names = dict.fromkeys((*was, *now))
    return [name for name in names if name not in was or name not in now or was[name] != now[name]]


def edit_lines(was: JsonObject, now: JsonObject, cells: int) -> list[Line]:
    """A diff of every argument that was changed."""
    lines: list[Line] = []
    for name in changed(was, now):
        words = "  was − now +" if name in was else "  given now"
        lines.append((Part(sanitize(name, lines=False), "strong"), Part(words, "muted")))
        if name not in was:
            lines += verbatim(sanitize(_text(now[name])), cells, "add", 2)
        elif name not in now:
            lines += prose("left out", cells, "del", 2)
        else:
            lines += _compared(_text(was[name]), _text(now[name]), cells)
    return lines or prose("Nothing is changed yet.", cells, "muted")


def _compared(was: str, now: str, cells: int) -> list[Line]:
    if len(was) + len(now) > LONGEST:
        return prose("too long to be compared here", cells, "waiting", 2)
    rows = unified_diff(was.split("\n"), now.split("\n"), lineterm="", n=1)
    text = "\n".join(list(rows)[2:])
    return diff_lines(sanitize(text), cells)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
