"""What may be taken away as a write: what can be brought back, or was not there before."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.looking import Range
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.place import Place
from loopdeck.permissions.shell.scope import Scope

# Git takes these for patterns even where the shell does not, and a pattern is not one file.
_PATTERN = re.compile(r"[*?\[\\]|^:")
_NO_NAME = frozenset({"", ".", ".."})
EVERYWHERE = "/"
NOTHING_LOST = "nothing is lost that was there before and is in neither git nor the log"
_PLAIN = frozenset({"rm", "rmdir", "unlink"})  # they delete what they are given, and no more
_DELETES = _PLAIN | {"git rm"}  # which takes a pattern for all folders, also where it is in quotes
_OF_GIT = Range("tracked")
_OWN = "own:"  # whatever else comes there is gone with the command in any case
_MAGIC = re.compile(r"[*?\[]")


def spares(words: Sequence[Argument], usage: Usage, scope: Scope, found: Findings) -> bool:
    """Whether nothing is lost with any of these words, which are noted then."""
    if not words or not _as_written(usage):
        return False
    places: dict[str, Argument] = {}
    alone = len(words) == 1
    for word in words:
        if usage.table.name in _PLAIN and _MAGIC.search(word.text):
            free = _searched(word, scope)
        else:
            free = _named(word, usage, scope, alone=alone)
        if not free:
            return False
        places.update(dict.fromkeys(free, word))
    found.spared.update({path: word.span for path, word in places.items()})
    return True


def stir(word: Argument, scope: Scope, found: Findings) -> None:
    """A program writes here, and may move there what was elsewhere."""
    found.stirred.update(path or EVERYWHERE for path in _places(word, scope))


def _named(word: Argument, usage: Usage, scope: Scope, *, alone: bool) -> list[str]:
    """Where a word leads, if nothing is lost in any of these places."""
    here = word.text in (".", "./") and any(kind == "restores" for kind, _ in usage.operands)
    paths = [scope.place.real(at) for at in scope.folders if at] if here else []
    paths = paths or list(_places(word, scope))
    free = all(path and _is_free(path, word, usage, scope, alone=alone) for path in paths)
    own = scope.place.private
    return [f"{_OWN}{path}" if own(path) else path for path in paths] if free else []


def _searched(word: Argument, scope: Scope) -> list[str]:
    """The folders in which a pattern finds what nothing is lost with; none where something is."""
    place, text = scope.place, word.text
    if UNSEEN in text or LISTED in text or word.stands_in or text[0] == "~":
        return []
    folders: list[str] = []
    for start in scope.folders:
        path = posixpath.join(start, text)
        found = place.standing_for(path) if path.startswith("/") else None
        if found is None:
            return []
        # In quotes it is a name like any other.
        names = [*found, *([path] if place.there(path) else [])]
        if not names or not all(place.spares(_real(name, place)) for name in names):
            return []
        plain = _MAGIC.split(path, maxsplit=1)[0]
        folders.append(place.real(posixpath.dirname(plain)))
    return folders


def _real(path: str, place: Place) -> str:
    folder, name = posixpath.split(path.rstrip("/"))
    return "" if name in _NO_NAME else posixpath.join(place.real(folder), name)


def _is_free(path: str, word: Argument, usage: Usage, scope: Scope, *, alone: bool) -> bool:
    place = scope.place
    if place.made(path) or path in scope.born:
        return True
    if usage.table.name in _DELETES:
        return place.spares(path)
    if not any(kind == "restores" for kind, _ in usage.operands):
        return False
    if place.undone(path):
        return True
    as_staged = all(kind == "restores" for kind, _ in usage.operands)  # and from no other commit
    if as_staged and place.folder(path):
        return not (scope.listed or place.struck(path, "", _OF_GIT).lost)
    # Git goes to a branch without losing a change. With more words behind it, the branch says
    # from where these are taken.
    folders = scope.folders
    is_branch = alone and all(place.branch(folder, word.text) for folder in folders)
    return is_branch and place.there(path) is False


def _places(word: Argument, scope: Scope) -> Iterator[str]:
    """Where a word leads from every folder, links in between followed; empty if nobody knows."""
    folder, name = posixpath.split(word.text.rstrip("/"))
    if not word.known or name in _NO_NAME or _PATTERN.search(word.text) or word.text[0] == "~":
        yield ""
        return
    for start in scope.folders:
        path = posixpath.join(start, folder)
        yield posixpath.join(scope.place.real(path), name) if path.startswith("/") else ""


def _as_written(usage: Usage) -> bool:
    """Git may be sent to another folder before its verb, and told more paths by a file."""
    if not usage.table.name.startswith("git "):
        return True
    return usage.direct and not any(kind == "reads" for kind, _ in usage.operands)
