"""What a program's words mean for files, machines and code: from kinds to findings."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace

from loopdeck.permissions.shell.bringing import BRINGS
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.looks import host_of, is_here
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER, is_device, is_endless, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.shown import shown
from loopdeck.permissions.shell.spared import EVERYWHERE, NOTHING_LOST, spares, stir
from loopdeck.permissions.shell.writing import (
    WRITES,
    base_name,
    follow,
    note_backups,
    note_below,
    note_carried,
    note_write,
    sources_of,
    through_link,
)
from loopdeck.session.values import Category

# Said with the folders, and not by itself.
_LISTED_FACTS = frozenset({"follows", "reads_below", "writes_below"})
_STOPS_AT_LINKS = "stops_at_links"  # of a link it tells something, and not of what is behind it
_RELISTS = "relists"  # it may tell git of files of which git keeps nothing
_APART = _LISTED_FACTS | BRINGS | {_STOPS_AT_LINKS, _RELISTS}
_SHOWS_CONTENT = frozenset({"git show"})
_STOPS = frozenset({"head"})  # by itself, whatever it reads
_MAKERS = frozenset({"mkdir", "touch"})  # of what is not there, with nothing in it
_TAKEN = frozenset({"deletes", "restores"})
_OF_THE_LINK = frozenset({"deletes", "moves", "value"})  # not of what is behind it
_HERE = re.compile(r"\.{0,2}/|~")
_BARE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_JOB_OR_SIGNAL = re.compile(r"%[\w+!-]*|(?:SIG)?[A-Z]{3,4}[12]?")
_KEEPS_ACCOUNT = "git worktree add"
_BRINGS_BACK = frozenset({"git stash pop"})  # what it brings is nowhere else afterwards


def raise_category(usage: Usage, scope: Scope, found: Findings) -> None:
    """What the table says; to take away only what is not lost with it is no destruction."""
    found.flags |= usage.facts - _APART
    if usage.table.name in _BRINGS_BACK:
        found.stirred.add(EVERYWHERE)
    gone = [word for kind, word in usage.operands if kind in _TAKEN]
    spared = spares(gone, usage, scope, found)
    milder = {Category.DESTRUCTIVE} if spared else set[Category]()
    if _ends_own_jobs(usage):
        milder.add(Category.DESTRUCTIVE)
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
            NOTHING_LOST,
            gone[0].span,
        )
        found.flags.add("undoable")


def _ends_own_jobs(usage: Usage) -> bool:
    """Whether only what this very command left running is ended."""
    words = [word for _, word in usage.operands]
    jobs = [word for word in words if word.text.startswith("%")]
    return (
        usage.table.name == "kill"
        and bool(jobs)
        and all(word.known and _JOB_OR_SIGNAL.fullmatch(word.text) for word in words)
    )


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
    shows = {"reads_below"} if usage.table.name in _SHOWS_CONTENT else set[str]()
    for fact in _LISTED_FACTS & (usage.facts | shows):
        _below(fact, usage, scope, found)
    for kind, word in usage.operands:
        if word.found and kind not in _OF_THE_LINK:
            _may_lead_out(word, _as_met(word, usage, scope), found)
        if kind == "reads" and usage.table.name not in _STOPS and is_endless(word.text):
            found.add(Category.UNKNOWN, f"`{word.text}` never ends", word.span)
        if note := _NOTES.get(kind):
            note(word, _as_met(word, usage, scope), found)
        elif kind == "changes":
            _changes(word, usage, scope, found)
        elif kind in WRITES:
            _writes(kind, word, usage, scope, found)
    note_backups(usage.operands, scope, found)
    _lead_elsewhere(usage, scope, found)


def _may_lead_out(word: Argument, scope: Scope, found: Findings) -> None:
    """Among the names that will be found may be that of a link which leads out."""
    patterns = [posixpath.join(folder, word.found) for folder in scope.folders if folder]
    if any(scope.place.escapes(pattern) for pattern in patterns):
        found.flags.add("outside_workspace")
        found.add(Category.READ, "it may find a link that leads out of the workspace", word.span)


def _stays(_path: str) -> bool:
    return False


def _as_met(word: Argument, usage: Usage, scope: Scope) -> Scope:
    """What a word means where no link that it stands for is followed."""
    stops = usage.facts & {_STOPS_AT_LINKS, "follows"} == {_STOPS_AT_LINKS}
    if word.unlinked or (stops and not word.text.endswith("/")):
        return replace(scope, place=replace(scope.place, escapes=_stays))
    return scope


def _below(fact: str, usage: Usage, scope: Scope, found: Findings) -> None:
    """The folders of which a program reads or changes whatever is in them."""
    kinds = WRITES if fact == "writes_below" else {"reads"}
    named = [word.text for kind, word in usage.operands if kind in kinds and word.known]
    if fact == "follows":
        follow(named or ["."], scope, found)
        return
    if usage.table.name.startswith("git ") and not _all_there(named, scope):
        named = ["."]  # a commit is named, which may have any file
    for text in named or ["."]:
        found.path(fact, text, scope.folders, scope.place)


def _all_there(named: list[str], scope: Scope) -> bool:
    paths = [posixpath.join(folder, text) for text in named for folder in scope.folders]
    return all(scope.place.there(path) for path in paths)


def _link(usage: Usage, scope: Scope) -> None:
    """From here on a path behind the new link leads elsewhere."""
    targets = [word for kind, word in usage.operands if kind == "replaces"]
    sources = [base_name(word.text) for word in _taken(usage) if word.known and word.text]
    for word in targets:
        for folder in scope.folders:
            path = posixpath.normpath(posixpath.join(folder, word.text))
            scope.linked.update((path, *(posixpath.join(path, name) for name in sources)))


def _lead_elsewhere(usage: Usage, scope: Scope, found: Findings) -> None:
    """What later words may reach by another name than now."""
    if usage.table.name == "ln":
        _link(usage, scope)
    elif usage.table.name == _KEEPS_ACCOUNT:
        _account(usage, scope, found)
    elif "moves" in usage.due:
        _carry(usage, scope, found)
    elif _RELISTS in usage.facts:
        scope.listed.update(scope.folders)


def _account(usage: Usage, scope: Scope, found: Findings) -> None:
    """A repository would speak of a folder that is gone with the command."""
    for word in (word for kind, word in usage.operands if kind == "writes"):
        reals = [scope.place.real(posixpath.join(at, word.text)) for at in scope.folders if at]
        if any(map(scope.place.private, reals)):
            found.flags.add("outside_workspace")
            found.add(Category.WRITE, f"`{shown(word)}` is gone with the command", word.span)


def _carry(usage: Usage, scope: Scope, found: Findings) -> None:
    """What is moved, and where it comes; git takes the last word for that."""
    moved = [word for kind, word in usage.operands if kind == "moves"]
    places = [word for kind, word in usage.operands if kind in ("replaces", "adds")]
    note_carried(moved if places else moved[:-1], places or moved[-1:], scope, found)
    for word in places or moved[-1:]:
        reals = [scope.place.real(posixpath.join(at, word.text)) for at in scope.folders if at]
        if is_stream(word.text) or any(map(scope.place.private, reals)):
            text = f"`{shown(word)}` keeps nothing of what is moved there"
            found.add(Category.DESTRUCTIVE, text, word.span)


def _reads(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("reads", word.text, scope.folders, scope.place, word.span)
    note_below("reads_below", word, scope, found)


def _chart(word: Argument, scope: Scope, found: Findings) -> None:
    """What is no folder or file here comes from a store on another machine."""
    remote = "://" in word.text
    paths = [posixpath.join(folder, word.text) for folder in scope.folders]
    named = "/" in word.text and not _HERE.match(word.text)
    if not remote and not (named and any(scope.place.there(path) is False for path in paths)):
        _reads(word, scope, found)
        return
    if remote:
        found.note("hosts", host_of(word.text))
    found.add(Category.NETWORK, f"`{shown(word)}` is fetched from elsewhere", word.span)


def _restores(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("writes", word.text, scope.folders, scope.place)


def _opens(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("reads", word.text, scope.folders, scope.place)
    paths = [posixpath.join(folder, word.text) for folder in scope.folders]
    in_memory = word.text.startswith(":")
    if word.known and not in_memory and any(scope.place.there(path) is False for path in paths):
        found.add(Category.WRITE, f"`{shown(word)}` is made", word.span)


def _writes(kind: str, word: Argument, usage: Usage, scope: Scope, found: Findings) -> None:
    if word.text == "-" or is_stream(word.text):
        return
    if is_device(word.text):
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is a device", word.span)
    found.path("writes", word.text, scope.folders, scope.place, word.span)
    if kind == "writes" and _is_new_copy(word, usage, scope):
        scope.born.update(scope.place.real(posixpath.join(at, word.text)) for at in scope.folders)
    elif kind != "changes":
        stir(word, scope, found)
    found.add(Category.WRITE, f"`{shown(word)}` is written", word.span)
    taken = _taken(usage)
    named = taken or usage.facts & BRINGS or usage.table.category is Category.NETWORK
    if kind == "writes" and not named:
        kind = "fills"  # if it is a folder: as the program likes
    note_write(kind, word, scope, found, sources_of(taken, scope))


def _is_new_copy(word: Argument, usage: Usage, scope: Scope) -> bool:
    """Whether one file is copied to where nothing is, so that there is a copy and no more."""
    if usage.table.name != "cp" or len(usage.operands) != 2 or not word.known:
        return False
    named = word.text[-1:] not in ("", "/", ".") and UNKNOWN_FOLDER not in scope.folders
    paths = [posixpath.join(folder, word.text) for folder in scope.folders]
    return named and all(scope.place.there(path) is False for path in paths)


def _taken(usage: Usage) -> list[Argument]:
    """What is copied, moved or linked."""
    return [word for kind, word in usage.operands if kind in ("reads", "moves")]


def _changes(word: Argument, usage: Usage, scope: Scope, found: Findings) -> None:
    """Mode, owner or time; some also make what is not there."""
    _writes("changes", word, usage, scope, found)
    if usage.table.name in _MAKERS and word.known and UNKNOWN_FOLDER not in scope.folders:
        paths = [posixpath.join(folder, word.text) for folder in scope.folders]
        if all(scope.place.there(path) is False for path in paths):
            scope.born.update(scope.place.real(path) for path in paths)


def _deletes(word: Argument, scope: Scope, found: Findings) -> None:
    found.path("deletes", word.text, scope.folders, scope.place)
    through_link(word, scope, found)
    note_below("writes_below", word, scope, found)
    if word.span not in found.spared.values():
        found.add(Category.DESTRUCTIVE, f"`{shown(word)}` is deleted", word.span)


def _host(word: Argument, scope: Scope, found: Findings) -> None:
    del scope
    if host := host_of(word.text):
        found.note("hosts", host)
    what = "a service on this machine" if is_here(host) else "another machine"
    found.add(Category.NETWORK, f"`{shown(word)}` is {what}", word.span)


def _code(word: Argument, scope: Scope, found: Findings) -> None:
    found.flags.add("runs_code")
    found.add(Category.WRITE, "the code it runs can write files", word.span)
    note_below("reads_below", word, scope, found)
    if word.known and re.fullmatch(r"[\w./~@+-]{1,400}", word.text) and word.text != "-":
        found.path("reads", word.text, scope.folders, scope.place)


_NOTES: dict[str, Callable[[Argument, Scope, Findings], None]] = {
    "reads": _reads,
    "archive": _reads,
    "chart": _chart,
    "restores": _restores,
    "opens": _opens,
    "deletes": _deletes,
    "host": _host,
    "code": _code,
}
