"""What a program puts in the place of files that its words do not name: archives, patches, copies.

Their names are looked up in the archive or the patch, and only where something could be lost; what
cannot be looked up may be any name.
"""

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from loopdeck.permissions.obeyed import obeyed_by
from loopdeck.permissions.shell.arriving import COMMITS, note_arriving
from loopdeck.permissions.shell.feed import Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.marks import UNSEEN
from loopdeck.permissions.shell.options import Argument, Usage
from loopdeck.permissions.shell.patches import patched, stripped
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER, is_stream
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.script import Command, Text
from loopdeck.permissions.shell.writing import note_over, note_write
from loopdeck.session.values import Category

BRINGS = frozenset(
    {
        "unpacks",
        "packs",
        "prefixed",
        "lists_archive",
        "patches",
        "keeps_files",
        "mirrors",
        "elsewhere",
        "beside",
        "packs_project",
        "takes_place",
        "remote_name",
        "remote_top",
        "remote_tree",
        COMMITS,
    }
)
_VERBS = frozenset({"unpacks", "packs", "lists_archive"})
_MAX_TOLD = 4
_BEHIND_NAME = re.compile(r"[?#]")
_SCHEME = re.compile(r"^[a-z]+://", re.IGNORECASE)
_INDEX = "index.html"
_ENDINGS = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "lzma": ".lzma"}
_PACKED = (".gz", ".bz2", ".xz", ".lzma", ".zst")

Names = Sequence[str] | None
_Seen = TypeVar("_Seen", str, tuple[str, ...])


def bring(usage: Usage, name: Argument, feed: Feed, scope: Scope, found: Findings) -> None:
    """Note what a program brings to places that only its input knows."""
    facts = usage.facts & BRINGS
    if usage.table.dashless and not facts & _VERBS:
        found.add(Category.UNKNOWN, f"`{usage.table.name}` is not told what to do", name.span)
    for fact in sorted(facts & _NOTES.keys()):
        _NOTES[fact](usage, scope, found)
    if COMMITS in facts:
        note_arriving(usage, name, scope, found)
    if "keeps_files" in facts or not facts & {"unpacks", "patches"}:
        return
    _Arrival(usage, name, feed, scope, found).note()


def _pack(usage: Usage, scope: Scope, found: Findings) -> None:
    """The archive itself is written."""
    for word in _words(usage, "archive"):
        if word.text and word.text != "-" and not is_stream(word.text):
            found.path("writes", word.text, scope.folders, scope.place, word.span)
            found.stirred.update(_absolute(word.text, scope))
            note_write("writes", word, scope, found)


def _by_address(usage: Usage, scope: Scope, found: Findings) -> None:
    """A download that is called as its address ends, in the folder or in one that is named."""
    folders = [word.text for word in _words(usage, "writes") if word.known] or ["."]
    for word in _words(usage, "host"):
        name = posixpath.basename(_BEHIND_NAME.split(word.text, maxsplit=1)[0])
        name = name or (_INDEX if usage.table.name == "wget" else "")
        for folder in (*folders, ".") if name else ():
            note_over(Argument(posixpath.join(folder, name), word.span), scope, found, ())


def _tree(usage: Usage, scope: Scope, found: Findings) -> None:
    """Downloads in folders as they lie on the other machine, in one that is called as it is."""
    folders = [word.text for word in _words(usage, "writes") if word.known] or ["."]
    for word in _words(usage, "host"):
        site = _SCHEME.sub("", word.text).partition("/")[0]
        below = "" if "remote_top" in usage.facts or UNSEEN in site else site
        for folder in folders:
            for place in _absolute(posixpath.join(folder, below), scope):
                found.over[f"{place}/*"] = word.span
                if scope.place.unsaved_below(place, ""):
                    text = "it writes over what is there as the other machine has it"
                    found.add(Category.DESTRUCTIVE, text, word.span)


def _prefixed(usage: Usage, scope: Scope, found: Findings) -> None:
    """Files whose names begin alike, as many as it takes."""
    words = _words(usage, "writes") or [Argument("x", usage.raised[-1].span)]
    for word in words:
        note_over(Argument(f"{word.text}*", word.span, many=True), scope, found, ())


def _beside(usage: Usage, scope: Scope, found: Findings) -> None:
    """A program that packs one file forces its way over another beside it."""
    for word in _words(usage, "adds"):
        stem, ending = posixpath.splitext(word.text)
        names = [f"{word.text}{one}" for one in _PACKED] + ([stem] if ending in _PACKED else [])
        for name in names:
            note_over(Argument(name, word.span), scope, found, ())


def _takes_place(usage: Usage, scope: Scope, found: Findings) -> None:
    """What is in a file comes into one beside it, and the file goes."""
    for word in _words(usage, "adds"):
        stem, ending = posixpath.splitext(word.text)
        name = usage.table.name.removeprefix("un")
        target = stem if ending in _PACKED else f"{word.text}{_ENDINGS.get(name, '')}"
        if not word.known or target == word.text:
            continue
        found.path("writes", target, scope.folders, scope.place, word.span)
        found.add(Category.WRITE, f"what is in it comes into `{target[:80]}`", word.span)
        found.stirred.update(_absolute(target, scope))
        if any(map(scope.place.unsaved, _absolute(word.text, scope))):
            found.carried.update(_absolute(target, scope))


def _packs_project(usage: Usage, scope: Scope, found: Findings) -> None:
    """An archive that is called as the project and its version."""
    folders = [word.text for word in _words(usage, "writes") if word.known] or [""]
    for folder in () if "keeps_files" in usage.facts else folders:
        text = posixpath.join(folder, "*.tgz")
        note_over(Argument(text, usage.raised[-1].span, many=True), scope, found, ())


def _mirror(usage: Usage, scope: Scope, found: Findings) -> None:
    """A copy from or to another machine, or only from one folder to the next."""
    words = _words(usage, "host")
    if not words or ":" in words[-1].text:
        return
    *sources, target = words
    if any(":" in word.text or not word.known for word in sources):
        note_over(target, scope, found, None)
        return
    # Without a slash at its end a folder comes into the other one by its name.
    names = [f"{word.text}." if word.text.endswith("/") else word.text for word in sources]
    note_over(target, scope, found, names)


class _Arrival:
    """The content of one archive or patch, on its way to the folders where it goes."""

    def __init__(
        self, usage: Usage, name: Argument, feed: Feed, scope: Scope, found: Findings
    ) -> None:
        self._usage, self._name, self._feed = usage, name, feed
        self._scope, self._found = scope, found
        self._place = scope.place
        self._unpacks = "unpacks" in usage.facts

    def note(self) -> None:
        """Say which files go, or that any may."""
        folders = self._folders()
        if not folders:
            return  # nobody knows where it goes, and that is said already
        if self._unpacks:
            for folder in folders:
                self._found.path("writes_below", folder, self._scope.folders, self._place)
        names = self._names()
        if names is None:
            self._found.over.update({f"{folder}/*": self._name.span for folder in folders})
            if any(self._place.unsaved_below(folder, "") for folder in folders):
                text = "which files it writes over is known only when it runs"
                self._found.add(Category.DESTRUCTIVE, text, self._name.span)
            return
        landings = dict.fromkeys(
            self._place.real(posixpath.join(folder, name)) for folder in folders for name in names
        )
        self._found.over.update(dict.fromkeys(landings, self._name.span))
        self._lost([path for path in landings if self._place.unsaved(path)])
        for path in landings:
            if obeyed_by(path.removeprefix(f"{self._place.workspace}/")):
                self._found.path("writes", path, self._scope.folders, self._place, self._name.span)

    def _lost(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._found.path("overwrites", path, self._scope.folders, self._place)
        for path in paths[:_MAX_TOLD]:
            name = posixpath.basename(path)
            text = f"`{name}` is written over, and neither git nor the log has what is in it"
            self._found.add(Category.DESTRUCTIVE, text, self._name.span)

    def _folders(self) -> list[str]:
        """Where it goes: the last folder that is named, else the one it is started in."""
        named = _words(self._usage, "writes") if self._unpacks else []
        if any(not word.known for word in named):
            return []
        texts = [word.text for word in named[-1:]] or ["."]
        found = [
            self._place.real(posixpath.join(start, text))
            for text in texts
            for start in self._scope.folders
        ]
        if not self._unpacks and self._place.workspace not in found:
            found.append(self._place.workspace)  # git's names begin at the top of a repository
        return [path for path in found if path.startswith("/")]

    def _names(self) -> Names:
        """The names that come; None where they may be any."""
        if UNKNOWN_FOLDER in self._scope.folders:
            return None
        if self._unpacks:
            return self._members()
        named = [word.text for word in _words(self._usage, "adds") if word.known]
        count = self._strip()
        text = self._text()
        clear = text is not None and count != -1 and "elsewhere" not in self._usage.facts
        names = patched(text) if text is not None and clear else None
        if names is None:
            return named or None
        return [*named, *(place for name in names for place in stripped(name, count))]

    def _members(self) -> Names:
        archives = _words(self._usage, "archive")
        path = archives[-1].text if archives and archives[-1].known else ""
        path = path if path not in ("", "-") else self._source()
        count = self._strip() or 0
        found = self._looked_into(path, self._place.members) if path and count >= 0 else None
        if found is None:
            return None
        return [place for name in found for place in stripped(name, count)]

    def _strip(self) -> int | None:
        """How many parts of each name are left out; less than none where that is not clear."""
        words = _words(self._usage, "number")
        if not words:
            return 1 if self._usage.table.name == "git apply" else None
        return int(words[-1].text) if words[-1].text.isdecimal() else -1

    def _text(self) -> str | None:
        if self._feed.kind == "text" and not _words(self._usage, "reads"):
            return self._feed.text
        files = [word.text for word in _words(self._usage, "reads") if word.known] or [
            self._source()
        ]
        texts = [self._looked_into(path, self._place.content) if path else None for path in files]
        return None if None in texts else "\n".join(text for text in texts if text)

    def _looked_into(self, path: str, look: Callable[[str], _Seen | None]) -> _Seen | None:
        """What is in a file, if it will be the same file by then."""
        places = _absolute(path, self._scope)
        if len(places) != 1:
            return None
        self._found.relied[places[0]] = self._name.span
        return look(places[0])

    def _source(self) -> str:
        """The file that comes in on the input; empty where it is none."""
        if self._feed.kind == "file":
            return self._feed.file
        last = self._feed.parts[-1] if self._feed.parts else None
        if len(self._feed.parts) != 1 or not isinstance(last, Command) or last.redirects:
            return ""
        texts = [
            "".join(piece.text for piece in word.pieces if isinstance(piece, Text))
            if all(isinstance(piece, Text) for piece in word.pieces)
            else ""
            for word in last.words
        ]
        return texts[1] if len(texts) == 2 and texts[0] == "cat" else ""


_NOTES: dict[str, Callable[[Usage, Scope, Findings], None]] = {
    "packs": _pack,
    "prefixed": _prefixed,
    "mirrors": _mirror,
    "remote_name": _by_address,
    "remote_tree": _tree,
    "beside": _beside,
    "packs_project": _packs_project,
    "takes_place": _takes_place,
}


def _words(usage: Usage, kind: str) -> list[Argument]:
    return [word for found, word in usage.operands if found == kind]


def _absolute(text: str, scope: Scope) -> list[str]:
    paths = [posixpath.join(folder, text) for folder in scope.folders]
    return list(dict.fromkeys(scope.place.real(path) for path in paths if path.startswith("/")))
