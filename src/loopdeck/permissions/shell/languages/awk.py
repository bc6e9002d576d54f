"""What an awk program can do: it reads and prints, unless it names a file, a command or a pipe."""

import re

from loopdeck.permissions.shell.languages.cursor import Cursor, NotUnderstood, take_pattern
from loopdeck.permissions.shell.languages.report import Report
from loopdeck.session.values import Category

_SKIPPED = re.compile(r"(?:[ \t]|\\\n|#[^\n]*)+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"')
_VALUE = re.compile(r"0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SIGN = re.compile(r"\|\||&&|\+\+|--|\*\*=?|[-+*%^=!<>]=|!~|>>|[-+*%^=!<>~?:,;{}()\[\]$|\n]")
_TARGET = re.compile(r'[ \t]*"([^"\\\n]*)"(?=[ \t]*(?:[;}\n#]|$))')
_NEXT_LINE = re.compile(r"[ \t]*(?:[A-Za-z_]\w*[ \t]*)?(?=[;}\n#]|$)", re.ASCII)
_HEADERS = frozenset({"if", "while", "for", "switch"})
_BEFORE_PATTERN = frozenset({"print", "printf", "return", "case", "else", "do"})
_NO_VALUES = frozenset(
    {"if", "while", "for", "switch", "in", "delete", "next", "nextfile", "exit", "break"}
    | {"continue", "length", "BEGIN", "END", "BEGINFILE", "ENDFILE", "function", "func", "default"}
)
_STREAMS = frozenset({"/dev/stdout", "/dev/stderr", "/dev/null", "-"})
_REFUSED = {
    "system": "`system` runs commands",
    "getline": "`getline` reads other files or commands",
    "ARGV": "`ARGV` chooses other files to read",
    "ARGC": "`ARGC` chooses other files to read",
}


def check(text: str) -> Report:
    """Judge a program given as text."""
    report = Report()
    program = _Program(text, report)
    try:
        program.read()
    except NotUnderstood as stop:
        report.unknown(str(stop), stop.span)
    return report


class _Program:
    """Tells apart what awk's grammar does: a division and a pattern, a comparison and a file."""

    def __init__(self, text: str, report: Report) -> None:
        self._cursor = Cursor(text)
        self._report = report
        self._parens: list[bool] = []  # one for each open `(`: is it the head of an if or a loop
        self._last = "\n"  # the sign or keyword before, or "value"
        self._print_depth: int | None = None  # how deep the `print` stands that is still open

    def read(self) -> None:
        """Read to the end; raises where it cannot."""
        self._cursor.refuse_unseen()
        self._cursor.take(_SKIPPED)
        while not self._cursor.done:
            self._token()
            self._cursor.take(_SKIPPED)
        if self._parens:
            self._cursor.fail("a `(` is not closed")

    def _token(self) -> None:
        cursor = self._cursor
        if cursor.peek() == "/":
            self._slash()
        elif cursor.take(_STRING) or cursor.take(_VALUE):
            self._last = "value"
        elif name := cursor.take(_NAME):
            self._named(name)
        elif sign := cursor.take(_SIGN):
            self._sign(sign)
        else:
            cursor.fail(f"`{cursor.peek()}` is not known to be safe in awk")

    def _named(self, name: str) -> None:
        # Alone it takes the next line of the input; with more behind it another file or a command.
        plain = name == "getline" and _NEXT_LINE.match(self._cursor.text, self._cursor.at)
        if not plain and (refused := _REFUSED.get(name)):
            self._cursor.fail(refused, self._cursor.at - len(name))
        if name in ("print", "printf"):
            self._print_depth = len(self._parens)
        keyword = name in _NO_VALUES or name in _BEFORE_PATTERN
        self._last = name if keyword else "value"

    def _slash(self) -> None:
        cursor = self._cursor
        match self._last:
            case "value" | "]" | ")":
                cursor.next()
                cursor.take(re.compile("="))
                self._last = "/"
            case "head" | "++" | "--" | "$" | "}":
                self._after_block()
            case last if last in _NO_VALUES:
                cursor.fail("this `/` could be a division or a pattern")
            case _:
                self._expression()

    def _after_block(self) -> None:
        """A pattern may follow a closed block; elsewhere nothing says what the `/` is."""
        if self._last != "}":
            self._cursor.fail("this `/` could be a division or a pattern")
        self._expression()

    def _expression(self) -> None:
        self._cursor.next()
        take_pattern(self._cursor, "/")
        self._last = "value"

    def _sign(self, sign: str) -> None:
        match sign:
            case "|":
                self._cursor.fail("`|` starts a command", self._cursor.at - 1)
            case "(":
                self._parens.append(self._last in _HEADERS)
                self._last = sign
            case ")":
                self._close()
            case ">" | ">>":
                self._greater(sign)
            case _:
                if sign in ";}\n":
                    self._end(sign)
                self._last = sign

    def _close(self) -> None:
        if not self._parens:
            self._cursor.fail("`)` closes nothing", self._cursor.at - 1)
        self._last = "head" if self._parens.pop() else ")"
        if self._print_depth is not None and len(self._parens) < self._print_depth:
            self._print_depth = None

    def _end(self, sign: str) -> None:
        """A line break ends a statement only where the line could be whole."""
        whole = self._last in ("value", ")", "]", "++", "--", "print")
        if self._print_depth == len(self._parens) and (sign != "\n" or whole):
            self._print_depth = None

    def _greater(self, sign: str) -> None:
        start = self._cursor.at - len(sign)
        self._last = sign
        if self._print_depth != len(self._parens):
            if sign == ">>":
                self._cursor.fail("`>>` writes to a file", start)
            return
        found = _TARGET.match(self._cursor.text, self._cursor.at)
        if found is None or found.group(1).startswith("/inet"):
            self._cursor.fail("the file that is written cannot be told", start)
        self._cursor.at = found.end()
        self._last = "value"
        if found.group(1) not in _STREAMS:
            self._report.writes.append(found.group(1))
            text = f"`{sign}` writes to `{found.group(1)}`"
            self._report.add(Category.WRITE, text, (start, self._cursor.at))
