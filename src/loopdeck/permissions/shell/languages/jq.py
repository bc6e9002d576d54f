"""What a jq filter can do: filters compute, so only names that are not known stand out."""

import re

from loopdeck.permissions.shell.languages.cursor import Cursor, NotUnderstood
from loopdeck.permissions.shell.languages.report import Report

_SKIPPED = re.compile(r"(?:\s|#[^\n]*)+")
_STRING = re.compile(r'(?:[^"\\]|\\[^(])*+')
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_FIELD = re.compile(r"\.\s*[A-Za-z_]\w*", re.ASCII)
_VARIABLE = re.compile(r"\$\s*([A-Za-z_]\w*)", re.ASCII)
_NAME = re.compile(r"(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*", re.ASCII)
_FORMAT = re.compile(r"@(?:text|json|html|uri|csv|tsv|sh|base64|base64d|base32|base32d)\b")
_SIGN = re.compile(r"\?//=?|//=|\|=|\.\.|//|[-+*/%=!<>]=|[-+*/%=<>|,:;.?]")
_DEFINED = re.compile(r"\s+([A-Za-z_]\w*)\s*(?:\(([^()]*)\))?\s*:", re.ASCII)
_NEVER = frozenset({"import", "include", "modulemeta", "input_filename", "get_search_list"})
_CLOSING = {"(": ")", "[": "]", "{": "}", '"': ")"}
_HIDDEN_VARIABLES = frozenset({"__loc__", "__prog_args", "__prog_name"})
_KNOWN = """
    and as break catch def elif else end foreach if label not or reduce then try IN INDEX JOIN
    abs acos acosh add all any arrays ascii ascii_downcase ascii_upcase asin asinh atan atan2
    atanh booleans bsearch builtins capture cbrt ceil combinations contains copysign cos cosh
    date dateadd datesub debug del delpaths empty endswith env error exp exp10 exp2 explode
    expm1 fabs false finites first flatten floor format from_entries fromdate fromdateiso8601
    fromjson fromstream getpath gmtime group_by gsub halt halt_error has have_decnum
    have_literal_numbers implode in index indices infinite input input_line_number inputs inside
    isempty isfinite isinfinite isnan isnormal isvalid iterables join keys keys_unsorted last
    length limit localtime log log10 log2 ltrim ltrimstr map map_values match max max_by min
    min_by mktime nan normals now nth null nulls numbers objects path paths pick pow pow10 range
    recurse recurse_down repeat reverse rindex round rtrim rtrimstr scalars scan select setpath
    significand sin sinh skip sort sort_by split splits sqrt startswith stderr strflocaltime
    strftime strings strptime sub tan tanh test to_entries toarray todate todateiso8601 tojson
    tonumber tostream tostring transpose trim trimstr true trunc truncate_stream type unique
    unique_by until utf8bytelength values walk while with_entries
"""
_WORDS = frozenset(_KNOWN.split())


def check(text: str) -> Report:
    """Judge a filter."""
    report = Report()
    try:
        _Filter(text).read()
    except NotUnderstood as stop:
        report.unknown(str(stop), stop.span)
    return report


class _Filter:
    """Reads a filter token by token, and knows where a bare word is the key of an object."""

    def __init__(self, text: str) -> None:
        self._cursor = Cursor(text)
        self._open: list[str] = []  # brackets, and `"` for the inside of `\\(` in a string
        self._key_due = False
        self._defined: set[str] = set()

    def read(self) -> None:
        """Read to the end; raises where it cannot."""
        self._cursor.refuse_unseen()
        self._cursor.take(_SKIPPED)
        while not self._cursor.done:
            self._token()
            self._cursor.take(_SKIPPED)
        if self._open:
            self._cursor.fail("a bracket or a string is not closed")

    def _token(self) -> None:
        cursor, key_due = self._cursor, self._key_due
        self._key_due = False
        char = cursor.peek()
        if char == '"':
            cursor.next()
            self._string()
        elif char in "([{":
            self._open.append(cursor.next())
            self._key_due = char == "{"
        elif char in ")]}":
            self._close(cursor.next())
        elif name := cursor.take(_NAME):
            self._named(name, key_due=key_due)
        elif not self._plain():
            cursor.fail(f"`{char}` is not known to be safe in jq")

    def _plain(self) -> bool:
        cursor = self._cursor
        if variable := cursor.take(_VARIABLE):
            if variable[1:].strip() in _HIDDEN_VARIABLES:
                cursor.fail("this variable tells where the filter came from")
            return True
        if cursor.take(_NUMBER) or cursor.take(_FIELD) or cursor.take(_FORMAT):
            return True
        sign = cursor.take(_SIGN)
        self._key_due = sign == "," and self._open[-1:] == ["{"]
        return bool(sign)

    def _named(self, name: str, *, key_due: bool) -> None:
        if key_due:
            return
        if name in _NEVER or (name not in _WORDS and name not in self._defined):
            start = self._cursor.at - len(name)
            self._cursor.fail(f"`{name}` is not a jq word known to be safe", start)
        if name == "def":
            self._definition()

    def _definition(self) -> None:
        found = _DEFINED.match(self._cursor.text, self._cursor.at)
        if found is None:
            self._cursor.fail("this definition is not understood")
        self._cursor.at = found.end()
        parameters = (found.group(2) or "").split(";")
        self._defined.update((found.group(1), *(name.strip(" $") for name in parameters)))

    def _string(self) -> None:
        """A string up to its end or to the expression inside it."""
        self._cursor.take(_STRING)
        if self._cursor.peek(2) == "\\(":
            self._cursor.at += 2
            self._open.append('"')
        elif self._cursor.next() != '"':
            self._cursor.fail("a string is not closed")

    def _close(self, char: str) -> None:
        if not self._open or _CLOSING[self._open[-1]] != char:
            self._cursor.fail(f"`{char}` closes nothing", self._cursor.at - 1)
        if self._open.pop() == '"':
            self._string()
