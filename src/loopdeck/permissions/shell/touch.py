"""What a program's words mean for files, machines and code: from kinds to findings."""

import posixpath
import re

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.looks import host_of
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.place import is_device, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.session.values import Category


def raise_category(usage: Usage, scope: Scope, found: Findings) -> None:
    """What the table says; deleting only what this session made is no destruction."""
    found.flags |= usage.facts
    deleted = [word for kind, word in usage.operands if kind == "deletes"]
    made = bool(deleted) and all(_is_made(word, scope) for word in deleted)
    for raised in usage.raised:
        destroys = raised.category is Category.DESTRUCTIVE
        category = Category.WRITE if destroys and made else raised.category
        found.add(category, raised.text, raised.span)
    if "deletes" in usage.due and not deleted:
        name = usage.raised[-1]
        found.add(Category.DESTRUCTIVE, f"`{usage.table.name}` deletes what it is given", name.span)
    if made:
        found.add(Category.WRITE, "this session made what is deleted", deleted[0].span)
        found.flags.add("undoable")


def _is_made(word: Argument, scope: Scope) -> bool:
    if not word.known:
        return False
    paths = [posixpath.normpath(posixpath.join(folder, word.text)) for folder in scope.folders]
    return all(path.startswith("/") and scope.place.made(path) for path in paths)


def touch(usage: Usage, scope: Scope, found: Findings) -> None:
    """The paths, hosts and code that the words name."""
    for kind, word in usage.operands:
        match kind:
            case "reads":
                found.path("reads", word.text, scope.folders, scope.place)
            case "writes" | "changes":
                _writes(word, scope, found)
            case "deletes":
                _deletes(word, scope, found)
            case "host":
                if host := host_of(word.text):
                    found.note("hosts", host)
                found.add(Category.NETWORK, f"`{shown(word)}` is another machine", word.span)
            case "code":
                _code(word, scope, found)
            case _:
                pass


def _writes(word: Argument, scope: Scope, found: Findings) -> None:
    if word.text == "-" or is_stream(word.text):
        return
    if is_device(word.text):
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is a device", word.span)
    found.path("writes", word.text, scope.folders, scope.place)
    found.add(Category.WRITE, f"`{shown(word)}` is written", word.span)


def _deletes(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("deletes", word.text, scope.folders, scope.place)
    if not _is_made(word, scope):
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is deleted", word.span)


def _code(word: Argument, scope: Scope, found: Findings) -> None:
    found.flags.add("runs_code")
    found.add(Category.WRITE, "the code it runs can write files", word.span)
    if word.known and re.fullmatch(r"[\w./~@+-]{1,400}", word.text) and word.text != "-":
        found.path("reads", word.text, scope.folders, scope.place)


def shown(word: Argument) -> str:
    """A word as people may read it."""
    return re.sub(r"[\0\1]", "…", word.text)[:80]
