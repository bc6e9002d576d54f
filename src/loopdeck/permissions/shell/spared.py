"""What may be taken away as a write: what can be brought back, or was not there before."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.scope import Scope

# Git takes these for patterns even where the shell does not, and a pattern is not one file.
_PATTERN = re.compile(r"[*?\[\\]|^:")
_NO_NAME = frozenset({"", ".", ".."})
EVERYWHERE = "/"
NOTHING_LOST = "nothing is lost that was there before and is not in the log"


def spares(words: Sequence[Argument], usage: Usage, scope: Scope, found: Findings) -> bool:
    """Whether nothing is lost with any of these words, which are noted then."""
    if not words or not _as_written(usage):
        return False
    places: dict[str, Argument] = {}
    alone = len(words) == 1
    for word in words:
        for path in _places(word, scope):
            if not (path and _is_free(path, word, usage, scope, alone=alone)):
                return False
            places[path] = word
    found.spared.update({path: word.span for path, word in places.items()})
    return True


def stir(word: Argument, scope: Scope, found: Findings) -> None:
    """A program writes here, and may move there what was elsewhere."""
    found.stirred.update(path or EVERYWHERE for path in _places(word, scope))


def _is_free(path: str, word: Argument, usage: Usage, scope: Scope, *, alone: bool) -> bool:
    place = scope.place
    if place.made(path) or path in scope.born:
        return True
    if not any(kind == "restores" for kind, _ in usage.operands):
        return False
    if place.undone(path):
        return True
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
