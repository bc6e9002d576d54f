"""What a program's words mean for files, machines and code: from kinds to findings."""

import posixpath
import re

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.looks import host_of
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.place import is_device, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.spared import EVERYWHERE, spares, stir
from loopdeck.session.values import Category

_TAKEN = frozenset({"deletes", "restores"})
_BARE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_BRINGS_BACK = frozenset({"git stash pop"})  # what it brings is nowhere else afterwards


def raise_category(usage: Usage, scope: Scope, found: Findings) -> None:
    """What the table says; to take away only what is not lost with it is no destruction."""
    found.flags |= usage.facts
    if usage.table.name in _BRINGS_BACK:
        found.stirred.add(EVERYWHERE)
    gone = [word for kind, word in usage.operands if kind in _TAKEN]
    spared = spares(gone, usage, scope, found)
    milder = {Category.DESTRUCTIVE} if spared else set[Category]()
    if _is_installed(usage, scope):
        milder.add(Category.NETWORK)
    for raised in usage.raised:
        mild = raised.category in milder and not raised.by_option
        found.add(Category.WRITE if mild else raised.category, raised.text, raised.span)
    if "deletes" in usage.due and not gone:
        name = usage.raised[-1]
        found.add(Category.DESTRUCTIVE, f"`{usage.table.name}` deletes what it is given", name.span)
    if spared:
        found.add(
            Category.WRITE,
            "nothing is lost that was there before and is not in the log",
            gone[0].span,
        )
        found.flags.add("undoable")


def _is_installed(usage: Usage, scope: Scope) -> bool:
    """Whether the project has the program already, so that none is fetched."""
    if not usage.table.installed or not usage.operands:
        return False
    kind, word = usage.operands[0]
    paths = [posixpath.join(at, usage.table.installed, word.text) for at in scope.folders]
    plain = kind == "code" and word.known and _BARE_NAME.fullmatch(word.text)
    return bool(plain) and all(scope.place.there(path) for path in paths)


def touch(usage: Usage, scope: Scope, found: Findings) -> None:
    """The paths, hosts and code that the words name."""
    for kind, word in usage.operands:
        match kind:
            case "reads" | "restores":
                fact = "reads" if kind == "reads" else "writes"
                found.path(fact, word.text, scope.folders, scope.place)
            case "opens":
                _opens(word, scope, found)
            case "writes" | "changes":
                _writes(word, scope, found)
            case "deletes":
                _deletes(word, scope, found)
            case "host":
                _host(word, found)
            case "code":
                _code(word, scope, found)
            case _:
                pass


def _opens(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("reads", word.text, scope.folders, scope.place)
    paths = [posixpath.join(folder, word.text) for folder in scope.folders]
    in_memory = word.text.startswith(":")
    if word.known and not in_memory and any(scope.place.there(path) is False for path in paths):
        found.add(Category.WRITE, f"`{shown(word)}` is made", word.span)


def _writes(word: Argument, scope: Scope, found: Findings) -> None:
    if word.text == "-" or is_stream(word.text):
        return
    if is_device(word.text):
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is a device", word.span)
    found.path("writes", word.text, scope.folders, scope.place)
    stir(word, scope, found)
    found.add(Category.WRITE, f"`{shown(word)}` is written", word.span)


def _deletes(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("deletes", word.text, scope.folders, scope.place)
    if word.span not in found.spared.values():
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is deleted", word.span)


def _host(word: Argument, found: Findings) -> None:
    if host := host_of(word.text):
        found.note("hosts", host)
    found.add(Category.NETWORK, f"`{shown(word)}` is another machine", word.span)


def _code(word: Argument, scope: Scope, found: Findings) -> None:
    found.flags.add("runs_code")
    found.add(Category.WRITE, "the code it runs can write files", word.span)
    if word.known and re.fullmatch(r"[\w./~@+-]{1,400}", word.text) and word.text != "-":
        found.path("reads", word.text, scope.folders, scope.place)


def shown(word: Argument) -> str:
    """A word as people may read it."""
    return re.sub(r"[\0\1]", "…", word.text)[:80]
