"""What a sed script can do: an editing command is a read, a file or a program it names is not."""

import re
from collections.abc import Callable

from loopdeck.permissions.shell.languages.cursor import Cursor, NotUnderstood, take_pattern
from loopdeck.permissions.shell.languages.report import Report
from loopdeck.session.values import Category

_BETWEEN = re.compile(r"[ \t\n;]*")
_BLANKS = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\n]*")
_NUMBER = re.compile(r"\d*")
_LABEL = re.compile(r"[\w.-]*", re.ASCII)
_LINE_ADDRESS = re.compile(r"\d+(?:~\d+)?|\$")
_RELATIVE = re.compile(r"[+~]\d+")
_ADDRESS_FLAGS = re.compile(r"[IM]*")
_NEGATION = re.compile(r"[ \t]*(?:![ \t!]*)?")
_FLAGS = re.compile(r"[gpiImM\d]*")
# Whether a text begins behind a backslash and blanks at the end of a line, versions disagree.
_TEXT = re.compile(r"(?![ \t]*\\[ \t]+\n)(?:[^\\\n]|\\[^\x00]|\\$)++")
_REPLACEMENT = r"(?:[^\\\n{end}]|\\[^\x00])*+{end}"
_STREAMS = frozenset({"/dev/stdout", "/dev/stderr"})


def check(text: str) -> Report:
    """Judge a script. Several `-e` belong together, joined by line breaks."""
    report = Report()
    cursor = Cursor(text)
    try:
        cursor.refuse_unseen()
        _script(cursor, report)
    except NotUnderstood as stop:
        report.unknown(str(stop), stop.span)
    return report


def _script(cursor: Cursor, report: Report) -> None:
    depth = 0
    cursor.take(_BETWEEN)
    while not cursor.done:
        _addresses(cursor)
        start = cursor.at
        name = cursor.next()
        command = _COMMANDS.get(name)
        if command is None:
            cursor.fail(f"the sed command `{name}` is not known to be safe", start)
        command(cursor, report)
        depth += (name == "{") - (name == "}")
        if depth < 0:
            cursor.fail("`}` closes nothing", start)
        cursor.take(_BETWEEN)
    if depth:
        cursor.fail("a `{` is not closed")


def _addresses(cursor: Cursor) -> None:
    if _address(cursor):
        cursor.take(_BLANKS)
        if cursor.peek() == ",":
            cursor.next()
            cursor.take(_BLANKS)
            if not (cursor.take(_RELATIVE) or _address(cursor)):
                cursor.fail("an address is missing after `,`")
    cursor.take(_NEGATION)


def _address(cursor: Cursor) -> bool:
    if cursor.take(_LINE_ADDRESS):
        return True
    if cursor.peek() == "/":
        cursor.next()
        take_pattern(cursor, "/")
    elif cursor.peek() == "\\":
        cursor.next()
        take_pattern(cursor, _delimiter(cursor))
    else:
        return False
    cursor.take(_ADDRESS_FLAGS)
    return True


def _delimiter(cursor: Cursor) -> str:
    char = cursor.next()
    if not char or char.isalnum() or not char.isprintable() or char in " \\[]":
        cursor.fail("this is no usual delimiter", cursor.at - len(char))
    return char


def _open(cursor: Cursor, report: Report) -> None:
    """Commands may follow an opening brace at once."""


def _bare(cursor: Cursor, report: Report) -> None:
    """The end of a command that takes nothing more."""
    cursor.take(_BLANKS)
    if cursor.peek() not in ("", ";", "\n", "}", "#"):
        cursor.fail("this is not expected after a sed command")


def _comment(cursor: Cursor, report: Report) -> None:
    cursor.take(_LINE)


def _numbered(cursor: Cursor, report: Report) -> None:
    cursor.take(_BLANKS)
    cursor.take(_NUMBER)
    _bare(cursor, report)


def _labelled(cursor: Cursor, report: Report) -> None:
    cursor.take(_BLANKS)
    cursor.take(_LABEL)
    _bare(cursor, report)


def _inserted(cursor: Cursor, report: Report) -> None:
    if not cursor.take(_TEXT):
        cursor.fail("the text to insert is missing")


def _translate(cursor: Cursor, report: Report) -> None:
    delimiter = _delimiter(cursor)
    _replacement(cursor, delimiter)
    _replacement(cursor, delimiter)
    _bare(cursor, report)


def _substitute(cursor: Cursor, report: Report) -> None:
    delimiter = _delimiter(cursor)
    take_pattern(cursor, delimiter)
    _replacement(cursor, delimiter)
    cursor.take(_FLAGS)
    if cursor.peek() == "e":
        cursor.next()
        cursor.fail("`e` runs the result as a command", cursor.at - 1)
    if cursor.peek() == "w":
        cursor.next()
        _write(cursor, report)
        return
    _bare(cursor, report)


def _replacement(cursor: Cursor, delimiter: str) -> None:
    end = re.escape(delimiter)
    if not cursor.take(re.compile(_REPLACEMENT.replace("{end}", end))):
        cursor.fail(f"the `{delimiter}` that ends this is missing")


def _read(cursor: Cursor, report: Report) -> None:
    report.reads.append(_file_name(cursor))


def _write(cursor: Cursor, report: Report) -> None:
    start = cursor.at - 1
    path = _file_name(cursor)
    if path not in _STREAMS:
        report.writes.append(path)
        report.add(Category.WRITE, f"`w` writes to `{path}`", (start, cursor.at))


def _file_name(cursor: Cursor) -> str:
    """A name runs to the end of the line, whatever is in it."""
    cursor.take(_BLANKS)
    return cursor.take(_LINE) or cursor.fail("the name of a file is missing")


_COMMANDS: dict[str, Callable[[Cursor, Report], None]] = {
    "{": _open,
    "#": _comment,
    "s": _substitute,
    "y": _translate,
    "r": _read,
    "R": _read,
    "w": _write,
    "W": _write,
    **dict.fromkeys("}=dDgGhHnNpPxzF", _bare),
    **dict.fromkeys("qQlL", _numbered),
    **dict.fromkeys(":btT", _labelled),
    **dict.fromkeys("aic", _inserted),
}
