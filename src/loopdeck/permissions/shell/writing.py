"""What a write takes away: content that is nowhere else, and files that have names elsewhere."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from loopdeck.permissions.caches import KEPT_BY_PROGRAMS
from loopdeck.permissions.obeyed import obeyed_by
from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.looking import EVERYTHING
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.shown import shown
from loopdeck.session.values import Category

WRITES: Final = frozenset({"writes", "replaces", "adds", "fills", "moves"})
Sources = Sequence[str] | None
_OVER = frozenset({"writes", "replaces"})
_IN_PLACE = frozenset({"writes", "adds", "changes", "fills"})
# Folders by the names that builds give to theirs, and fill again and again.
_PRODUCTS = re.compile(
    r"(?:[\w.]+-)?_?build(?:[-_].*)?|dist|htmlcov|coverage|node_modules|out|site|target|\.?venv"
)


def note_write(
    kind: str, word: Argument, scope: Scope, found: Findings, sources: Sources = ()
) -> None:
    """Note what a write of this kind does to what is there.

    `sources` are what is copied, moved or linked, and keeps its name when it comes into a folder;
    None where that may be anything.
    """
    through_link(word, scope, found)
    note_below("writes_below", word, scope, found)
    if any(scope.place.folder(path) for path in _reals(word, scope)):
        found.path("writes_below", word.text, scope.folders, scope.place)
    if kind == "fills":
        _note_filled(word, scope, found)
    elif kind in _OVER:
        note_over(word, scope, found, sources)
    if kind in _IN_PLACE and any(scope.place.shared(path) for path in _reals(word, scope)):
        found.flags.add("outside_workspace")
        text = f"`{shown(word)}` has other names, and changes under each of them"
        found.add(Category.WRITE, text, word.span)


def _note_filled(word: Argument, scope: Scope, found: Findings) -> None:
    """Names that nobody told come into a folder, or into the place of a file."""
    lost = any(scope.place.unsaved_below(path, "") for path in _reals(word, scope))
    if lost and not _PRODUCTS.fullmatch(base_name(word.text)):
        text = f"`{shown(word)}` holds what neither git nor the log has, and is filled"
        found.add(Category.DESTRUCTIVE, text, word.span)
    note_over(word, scope, found, ())


def note_over(word: Argument, scope: Scope, found: Findings, sources: Sources) -> None:
    """Note what is written over there, where it is nowhere else."""
    if _takes_away(word, scope, found, sources):
        text = f"`{shown(word)}` is written over, and neither git nor the log has what is in it"
        found.add(Category.DESTRUCTIVE, text, word.span)


def note_backups(operands: Sequence[tuple[str, Argument]], scope: Scope, found: Findings) -> None:
    """Note what the old content of each file comes over, where it is kept under a longer name."""
    for suffix in [word.text for kind, word in operands if kind == "suffix" and word.text]:
        for word in [word for kind, word in operands if kind == "replaces"]:
            kept = replace(word, text=f"{word.text}{suffix}", within=EVERYTHING)
            found.path("writes", kept.text, scope.folders, scope.place, word.span)
            note_over(kept, scope, found, ())


def note_carried(
    words: Sequence[Argument], targets: Sequence[Argument], scope: Scope, found: Findings
) -> None:
    """Note where a program moves what is nowhere else: a later one may write over it there."""
    place = scope.place
    _note_meeting(words, scope, found)
    for source in sources_of(words, scope) or ():
        reals = [place.real(posixpath.join(start, source)) for start in scope.folders]
        if not any(place.unsaved(path) or place.unsaved_below(path, "") for path in reals):
            continue
        for word in targets:
            if not KEPT_BY_PROGRAMS.isdisjoint(word.text.split("/")):
                text = f"programs clear `{shown(word)}`, and what is moved there is nowhere else"
                found.add(Category.DESTRUCTIVE, text, word.span)
            into = word.text.endswith("/") or any(map(place.folder, _reals(word, scope)))
            for path in _reals(word, scope):
                found.carried.update([] if into else [path])
                found.carried.add(posixpath.join(path, base_name(source)))
            if not into and any(LISTED in one.text for one in words):
                _note_one_over_another(word, found)


def _note_meeting(words: Sequence[Argument], scope: Scope, found: Findings) -> None:
    """Files that are found in several folders may have one name, and come to one place."""
    place = scope.place
    for word in words:
        if word.stands_in:
            below = [
                place.real(posixpath.join(start, folder))
                for folder in _folders(word, scope)
                for start in scope.folders
            ]
            if any(place.unsaved_below(path, _ending(word)) for path in below):
                _note_one_over_another(word, found)
        elif LISTED in word.text:
            paths = sources_of([word], scope) or ()
            names = [base_name(path) for path in paths]
            twice = [path for path in paths if names.count(base_name(path)) > 1]
            if any(place.unsaved(path) for path in twice):
                _note_one_over_another(word, found)


def _note_one_over_another(word: Argument, found: Findings) -> None:
    text = f"`{shown(word)}` may be several files, and one comes over the other"
    found.add(Category.DESTRUCTIVE, text, word.span)


def sources_of(words: Sequence[Argument], scope: Scope) -> Sources:
    """The paths that these words stand for; what nobody can see yet is asked about in any case."""
    found: list[str] = []
    for word in words:
        if word.stands_in:
            return None
        if word.known and word.text:
            found.append(word.text)
        elif word.text and UNSEEN not in word.text:
            for path in _patterns(word, scope):
                expanded = scope.place.standing_for(path)
                if expanded is None:
                    return None
                found += expanded
    return tuple(dict.fromkeys(found))


def _patterns(word: Argument, scope: Scope) -> list[str]:
    paths = [posixpath.join(folder, word.text) for folder in scope.folders]
    return [path for path in paths if path.startswith("/")]


def note_below(fact: str, word: Argument, scope: Scope, found: Findings) -> None:
    """Note the folders of a word that stands for files which are found there."""
    for folder in _folders(word, scope):
        found.path(fact, folder, scope.folders, scope.place)


def follow(paths: Sequence[str], scope: Scope, found: Findings) -> None:
    """A program goes wherever the links in these folders lead."""
    place = scope.place
    reals = [place.real(posixpath.join(start, path)) for path in paths for start in scope.folders]
    if any(place.escapes_below(path) for path in reals if path.startswith("/")):
        found.flags.add("outside_workspace")
        found.add(Category.READ, "it follows a link that leads out of the workspace")


def through_link(word: Argument, scope: Scope, found: Findings) -> None:
    """Behind a link that the command itself makes, a path leads where nobody can see yet."""
    if not scope.linked:
        return
    for folder in scope.folders:
        path = posixpath.normpath(posixpath.join(folder, word.text))
        if any(is_below(path, link) for link in scope.linked):
            text = f"`{shown(word)}` leads through a link that this command makes"
            found.add(Category.UNKNOWN, text, word.span)
            return


def _takes_away(word: Argument, scope: Scope, found: Findings, sources: Sources) -> bool:
    place, lost = scope.place, False
    reals = _reals(word, scope)
    for path in reals:
        arriving = (posixpath.join(path, base_name(text)) for text in sources or ())
        for landing in (path, *arriving):
            found.over[landing] = word.span
            if place.unsaved(landing):
                lost = True
                found.path("overwrites", landing, scope.folders, place)
            if landing != path and obeyed_by(landing.removeprefix(f"{place.workspace}/")):
                found.path("writes", landing, scope.folders, place, word.span)
        for landing in _collisions(path, sources or (), scope):
            lost = True
            found.path("overwrites", landing, scope.folders, place)
    if sources is None:
        lost = lost or any(place.unsaved_below(path, "") for path in reals)
    return _strikes(word, scope, found) or lost


def _strikes(word: Argument, scope: Scope, found: Findings) -> bool:
    """Whether something is lost of what a word stands for, all of which may be written over."""
    lost, place = False, scope.place
    for folder in _folders(word, scope):
        for path in (place.real(posixpath.join(start, folder)) for start in scope.folders if start):
            found.over[f"{path.rstrip('/')}/*"] = word.span
            struck = place.struck(path, _ending(word), word.within)
            lost = lost or struck.lost
            if struck.obeyed:
                found.path("writes", struck.obeyed, scope.folders, place, word.span)
    return lost


def _collisions(path: str, sources: Sequence[str], scope: Scope) -> Iterator[str]:
    """What a folder that is copied brings into the place of others."""
    for source in sources:
        for start in scope.folders:
            absolute = posixpath.join(start, source)
            if not absolute.startswith("/"):
                continue
            for landing in dict.fromkeys((path, posixpath.join(path, base_name(source)))):
                yield from scope.place.collides(scope.place.real(absolute), landing)


def base_name(text: str) -> str:
    """The last part of a path; empty for a folder's own content, as in `a/.`."""
    name = posixpath.basename(text.rstrip("/"))
    return "" if name in (".", "..") else name


def _reals(word: Argument, scope: Scope) -> list[str]:
    """Where a word leads, links followed; patterns as they are, nothing where nobody knows."""
    if not word.text or UNSEEN in word.text or LISTED in word.text or word.stands_in:
        return []
    return [
        scope.place.real(posixpath.join(folder, word.text))
        for folder in scope.folders
        if folder != UNKNOWN_FOLDER or word.text[0] == "/"
    ]


def _folders(word: Argument, scope: Scope) -> list[str]:
    """The folder below which the files lie that a word stands for; none for a plain word."""
    text = word.text
    if UNSEEN in text:
        return []
    if LISTED in text:
        return [posixpath.dirname(text[: text.index(LISTED)]) or "."]
    return [posixpath.dirname(text) or "."] if word.stands_in else []


def _ending(word: Argument) -> str:
    """How the names end that a word stands for, as far as it says."""
    name = posixpath.basename(word.text)
    if word.stands_in:
        return posixpath.splitext(f"_{name}")[1]
    return name.rpartition(LISTED)[2]
