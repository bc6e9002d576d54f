"""What git brings from a commit or a stash, where a file that it does not have lies in the way.

A file that git is told to ignore is written over without a word.
"""

import posixpath
from collections.abc import Iterator

from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER, Place
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.spared import NOTHING_LOST
from loopdeck.session.values import Category

COMMITS = "brings_commits"
_MAX_TOLD = 4


def note_arriving(usage: Usage, name: Argument, scope: Scope, found: Findings) -> None:
    """Note the files that are nowhere else and would be written over."""
    words = [word for kind, word in usage.operands if kind in ("value", "restores")]
    if "restores" in usage.due and len(words) != 1:
        return  # files are named, and are judged by themselves
    _, *_, verb = usage.table.name.split()
    verb = "bisect" if " bisect " in usage.table.name else verb
    if not words and verb in ("checkout", "switch", "reset"):
        return
    texts = tuple(word.text if word.known else None for word in words)
    for folder in scope.folders:
        if folder == UNKNOWN_FOLDER or _is_path(words, folder, usage, scope.place):
            continue
        _note(scope.place.arriving(folder, verb, texts), folder, name, scope, found)


def _is_path(words: list[Argument], folder: str, usage: Usage, place: Place) -> bool:
    """Whether the one word of a checkout is a file that is there, and no branch."""
    if "restores" not in usage.due or place.branch(folder, words[0].text):
        return False
    return place.there(posixpath.join(folder, words[0].text)) is True


def _note(
    paths: tuple[str, ...] | None, folder: str, name: Argument, scope: Scope, found: Findings
) -> None:
    place = scope.place
    if paths is None:
        _say("which files it writes over is known only when it runs", name, found)
        return
    found.over.update(dict.fromkeys(paths, name.span))
    lost = list(dict.fromkeys(at for path in paths for at in _in_the_way(path, folder, place)))
    for path in lost:
        found.path("overwrites", path, scope.folders, place)
    for path in lost[:_MAX_TOLD]:
        text = f"`{posixpath.basename(path)}` is written over, and neither git nor the log has it"
        _say(text, name, found)


def _say(text: str, name: Argument, found: Findings) -> None:
    """What was said of the branch alone is no longer true."""
    found.flags.discard("undoable")
    for said in [key for key in found.reasons if key[0] == NOTHING_LOST]:
        del found.reasons[said]
    found.add(Category.DESTRUCTIVE, text, name.span)


def _in_the_way(path: str, folder: str, place: Place) -> Iterator[str]:
    """The file in a place, all that a folder in its place holds, or a file where a folder comes."""
    if place.there(path):
        if place.folder(path):
            if place.unsaved_below(path, ""):
                yield path
        elif place.unsaved(path):
            yield path
        return
    above = posixpath.dirname(path)
    while len(above) > 1 and not place.there(above):
        above = posixpath.dirname(above)
    if above not in ("/", folder) and not place.folder(above) and place.unsaved(above):
        yield above
