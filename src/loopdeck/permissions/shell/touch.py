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
_BRINGS_BACK = frozenset({"git stash pop"})  # what it brings is nowhere else afterwards


def raise_category(usage: Usage, scope: Scope, found: Findings) -> None:
    """What the table says; to take away only what is not lost with it is no destruction."""
    found.flags |= usage.facts
    if usage.table.name in _BRINGS_BACK:
        found.stirred.add(EVERYWHERE)
    gone = [word for kind, word in usage.operands if kind in _TAKEN]
    spared = spares(gone, usage, scope, found)
    leads = not spared and _goes_to_branch(gone, usage, scope)
    for raised in usage.raised:
        destroys = raised.category is Category.DESTRUCTIVE
        mild = destroys and (spared or leads) and not raised.by_option
        found.add(Category.WRITE if mild else raised.category, raised.text, raised.span)
    if "deletes" in usage.due and not gone:
        name = usage.raised[-1]
        found.add(Category.DESTRUCTIVE, f"`{usage.table.name}` deletes what it is given", name.span)
    if spared:
        found.add(Category.WRITE, "nothing that is not in the log is lost", gone[0].span)
        found.flags.add("undoable")


def _goes_to_branch(words: list[Argument], usage: Usage, scope: Scope) -> bool:
    """`git checkout main` where that is a branch and no file: git then keeps every change."""
    if usage.table.name != "git checkout" or len(usage.operands) != 1 or len(words) != 1:
        return False
    [word], place = words, scope.place
    return (
        usage.direct
        and word.known
        and all(
            place.branch(folder, word.text)
            and place.there(posixpath.join(folder, word.text)) is False
            for folder in scope.folders
        )
    )


def touch(usage: Usage, scope: Scope, found: Findings) -> None:
    """The paths, hosts and code that the words name."""
    for kind, word in usage.operands:
        match kind:
            case "reads" | "restores":
                fact = "reads" if kind == "reads" else "writes"
                found.path(fact, word.text, scope.folders, scope.place)
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
