"""Redirects: what is read, what is written, and what goes to a device or a connection."""

from loopdeck.permissions.shell.feed import Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import is_device, is_endless, is_silent, is_socket, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import Span
from loopdeck.permissions.shell.writing import note_below, note_write
from loopdeck.session.values import Category

_WRITING = frozenset({">", ">>", ">|", "&>", "&>>"})
_ADDING = frozenset({">>", "&>>"})
_COPYING = frozenset({">&", "<&"})


def judge_redirect(
    operator: str, words: list[Argument], span: Span, scope: Scope, found: Findings
) -> Feed | None:
    """What a redirect to a word does; a `Feed` where it gives the command its input."""
    if operator == "<<<":
        known = len(words) == 1 and words[0].known
        return Feed("text", f"{words[0].text}\n" if known else None)
    if len(words) != 1:  # what expands to several words is an error of its own
        found.add(Category.UNKNOWN, "it is not clear where this redirect leads", span)
        return None
    target = words[0]
    if operator in _COPYING and (target.text.isdecimal() or target.text == "-"):
        return None
    if target.known and is_socket(target.text):
        found.flags.add("runs_code")
        found.add(Category.UNKNOWN, "the shell itself opens a connection", span)
        return None
    if operator == "<":
        if is_endless(target.text):
            found.add(Category.UNKNOWN, f"`{target.text}` never ends", span)
        found.path("reads", target.text, scope.folders, scope.place, span)
        note_below("reads_below", target, scope, found)
        return Feed("file", file=target.text if target.known else "")
    if operator in _WRITING or operator == ">&":
        _write(operator, target, span, scope, found)
        return None
    found.add(Category.UNKNOWN, f"the redirect `{operator}` is not followed", span)
    return None


def _write(operator: str, target: Argument, span: Span, scope: Scope, found: Findings) -> None:
    if target.known and is_silent(target.text):
        return
    if target.known and is_stream(target.text):
        found.add(Category.WRITE, f"the output goes to `{target.text}`", span)
        return
    if target.known and is_device(target.text):
        found.add(Category.DESTRUCTIVE, f"`{target.text}` is a device", span)
    for where in found.path("writes", target.text, scope.folders, scope.place, span):
        found.poured.add(scope.place.real(where.absolute))
        if target.known and scope.place.there(where.absolute) is False:
            scope.born.add(scope.place.real(where.absolute))
    found.add(Category.WRITE, "the output goes into a file", span)
    kind = "adds" if operator in _ADDING else "writes"
    note_write(kind, Argument(target.text, span, target.loose, target.many), scope, found)
