"""What SQL can do to a database: queries read, the rest changes, and what leaves it is unknown.

The text is read by what sqlite, PostgreSQL and MySQL agree on; where they would see a comment or
the end of a string in different places, it is not understood.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loopdeck.permissions.shell.languages.cursor import Cursor, NotUnderstood
from loopdeck.permissions.shell.languages.report import Report, Span
from loopdeck.permissions.shell.languages.sqlwords import (
    BEFORE_BRACKET,
    BEFORE_VALUES,
    CHANGES,
    DESTROYS,
    DOT_COMMANDS,
    FUNCTIONS,
    LEAVES,
    NEUTRAL,
    PRAGMA_GETTERS,
    PRAGMA_READS,
    PRAGMA_SETTERS,
    QUERIES,
)
from loopdeck.session.values import Category

MAX_COLUMNS = 128
_SKIPPED = re.compile(r"(?:\s|--(?=\s|$)[^\n]*|/\*(?![!M+])(?:[^*/]|\*(?!/)|/(?!\*))*+\*/)+")
_TEXT = re.compile(r"'(?:[^'\\]|'')*+'|\"(?:[^\"\\]|\"\")*+\"|`[^`'\"\\]*`|\[[\w ]+\]")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SIGN = re.compile(r"\|\||->>?|::|<>|<=|>=|==|!=|<<|>>|[-+*/%=<>(),.;:?@~&|!]")
_DOT_LINE = re.compile(r"\.([a-z]+)((?:[ \t]+[\w.%|,-]+)*)[ \t]*(?=\n|$)")
_BACKSLASH_LINE = re.compile(
    r"\\(?:d[A-Za-z+]{0,4}|l\+?|conninfo|x|timing)(?:[ \t]+[\w.*\"]+)?[ \t]*(?=\n|$)"
)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word in capitals, a sign, or a quoted text as one `'`."""

    text: str
    span: Span


def check(text: str) -> Report:
    """Judge statements, and the commands of sqlite's and PostgreSQL's own shells between them."""
    report = Report()
    try:
        for statement in _statements(Cursor(text)):
            _statement(statement, report)
    except NotUnderstood as stop:
        report.unknown(str(stop), stop.span)
    return report


def _statements(cursor: Cursor) -> Iterator[list[_Token]]:
    cursor.refuse_unseen()
    tokens: list[_Token] = []
    cursor.take(_SKIPPED)
    while not cursor.done:
        if cursor.peek() in (".", "\\") and (not tokens or _begins_line(cursor)):
            if tokens:
                cursor.fail("a command of the database's shell may stand here")
            _shell_line(cursor)
        else:
            token = _token(cursor)
            if token.text == ";":
                yield tokens
                tokens = []
            else:
                tokens.append(token)
        cursor.take(_SKIPPED)
    yield tokens


def _begins_line(cursor: Cursor) -> bool:
    at = cursor.at
    while at and cursor.text[at - 1] in " \t":
        at -= 1
    return at == 0 or cursor.text[at - 1] == "\n"


def _token(cursor: Cursor) -> _Token:
    start = cursor.at
    if cursor.take(_TEXT):
        text = "'"
    elif found := cursor.take(_WORD):
        text = found.upper()
    elif cursor.take(_NUMBER):
        text = "0"
    else:
        text = "" if cursor.peek(2) in ("--", "/*") else cursor.take(_SIGN)
    if not text:
        cursor.fail("this is not understood as SQL")
    return _Token(text, (start, cursor.at))


def _shell_line(cursor: Cursor) -> None:
    """A line for the database's shell itself: `.tables`, `\\dt`."""
    start = cursor.at
    if cursor.take(_BACKSLASH_LINE):
        return
    found = cursor.take(_DOT_LINE)
    name = found[1:].split()[0] if found else ""
    if name not in DOT_COMMANDS:
        cursor.fail("a command of the database's shell that is not known to be harmless", start)


def _statement(tokens: Sequence[_Token], report: Report) -> None:
    if not tokens:
        return
    first = tokens[0]
    if first.text == "EXPLAIN":
        _explain(tokens[1:], report)
    elif first.text == "PRAGMA":
        _pragma(tokens, report)
    elif first.text in QUERIES:
        _query(tokens, report)
    elif first.text in DESTROYS or first.text in CHANGES:
        _change(tokens, report)
    elif first.text not in NEUTRAL:
        report.unknown(f"`{first.text}` is no statement that is known", first.span)


def _explain(tokens: Sequence[_Token], report: Report) -> None:
    """Without ANALYZE a change is planned and not made; a query is looked at in any case."""
    words = [token.text for token in tokens]
    known = QUERIES - {"("} | DESTROYS | CHANGES - {"ANALYZE"}
    begin = next((at for at, word in enumerate(words) if word in known), len(words))
    if begin == len(words):
        report.unknown("what is explained is not understood", tokens[0].span if tokens else None)
    elif words[begin] in QUERIES:
        _query(tokens[begin:], report)
    elif not {"ANALYZE", "ANALYSE"}.isdisjoint(words):
        _change(tokens[begin:], report)


def _pragma(tokens: Sequence[_Token], report: Report) -> None:
    words = [token.text for token in tokens[1:]]
    if words[1:2] == ["."]:
        words = words[2:]
    name, value = (words[0] if words else ""), words[1:]
    span = (tokens[0].span[0], tokens[-1].span[1])
    if name in PRAGMA_READS or (name in PRAGMA_GETTERS and not value):
        return
    if name in PRAGMA_SETTERS:
        report.add(Category.WRITE, f"`PRAGMA {name}` changes a setting", span)
    else:
        report.unknown(f"`PRAGMA {name}` is not known to be harmless", span)


def _query(tokens: Sequence[_Token], report: Report) -> None:
    """A query reads, unless it holds a statement that changes, or calls what is not known."""
    for at, token in enumerate(tokens):
        calls = at + 1 < len(tokens) and tokens[at + 1].text == "("
        if token.text in DESTROYS | CHANGES and not (calls and token.text in FUNCTIONS):
            _note_change(token, report)
        elif token.text in LEAVES and tokens[at - 1].text not in CHANGES:
            report.unknown(f"`{token.text}` stores what the query finds", token.span)
        elif calls and not _harmless_call(tokens, at):
            name = "a quoted name" if token.text == "'" else f"`{token.text}`"
            report.unknown(f"{name} is no function that is known", token.span)


def _harmless_call(tokens: Sequence[_Token], at: int) -> bool:
    """True where a bracket behind this token calls nothing, or a function that only computes."""
    text = tokens[at].text
    if text == "'":
        return False
    if not _WORD.fullmatch(text):
        return True
    return text in FUNCTIONS or text in BEFORE_BRACKET or _names_columns(tokens, at)


def _names_columns(tokens: Sequence[_Token], at: int) -> bool:
    """`WITH name(a, b) AS (`: a name for a query, with the names of its columns."""
    if at == 0 or tokens[at - 1].text not in {"WITH", "RECURSIVE", ","}:
        return False
    texts = [token.text for token in tokens[at : at + MAX_COLUMNS]]
    if ")" not in texts:
        return False
    end = texts.index(")")
    plain = all(text == "," or _WORD.fullmatch(text) for text in texts[2:end])
    return plain and texts[end + 1 : end + 2] == ["AS"] and "(" in texts[end + 2 : end + 5]


def _change(tokens: Sequence[_Token], report: Report) -> None:
    """A statement that changes; what it calls may still reach beyond the database.

    A bracket behind the name of a table or of a type calls nothing, so calls count among values.
    """
    first = tokens[0].text
    _note_change(tokens[0], report)
    values = False
    for at, token in enumerate(tokens[1:], start=1):
        values = values or token.text in BEFORE_VALUES
        calls = at + 1 < len(tokens) and tokens[at + 1].text == "("
        if token.text in DESTROYS and tokens[at - 1].text != "ON":
            _note_change(token, report)
        elif token.text == "INTO" and first == "VACUUM":
            report.unknown("`INTO` writes another file", token.span)
        elif calls and values and not _harmless_call(tokens, at):
            report.unknown(f"`{token.text}` is no function that is known", token.span)


def _note_change(token: _Token, report: Report) -> None:
    if token.text in DESTROYS:
        report.add(Category.DESTRUCTIVE, f"`{token.text}` deletes data", token.span)
    else:
        report.add(Category.WRITE, f"`{token.text}` changes the database", token.span)
