"""What words look like, for commands whose program or grammar is not known: paths and hosts."""

import re
from collections.abc import Iterable

from loopdeck.permissions.secrets.places import sensitive_among
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.marks import UNSEEN
from loopdeck.permissions.shell.place import Place, is_stream

_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])")
_REMOTE = re.compile(r"(?:[\w.-]+@)([A-Za-z0-9.-]+)(?::.*)?")
_NAME = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?::\d+)?(?:/.*)?")
_HERE = re.compile(r"localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]")
_PIECES = re.compile(r"[^\w.~/-]+")


def host_of(text: str) -> str:
    """The host that a URL, `user@host:path` or a bare name speaks of; empty if none is seen."""
    if UNSEEN in text:
        return ""
    if found := _URL.match(text) or _REMOTE.fullmatch(text):
        return found.group(1).lower()
    return re.split(r"[:/]", text)[0].lower() if _NAME.fullmatch(text) else ""


def is_here(host: str) -> bool:
    """Whether a host, as `host_of` gives it, is this machine by its name alone."""
    return _HERE.fullmatch(host) is not None


def note_looks(found: Findings, words: Iterable[str], place: Place) -> None:
    """Facts that words have by their look alone; nothing is lost by noting too much."""
    for word in words:
        for text in {word, word.partition("=")[2]}:
            bare = text.lstrip("-")
            if _leaves(text, place) or (bare != text and _leaves(bare[1:], place)):
                found.flags.add("outside_workspace")
        if next(sensitive_among((word, *_PIECES.split(word)), word), ""):
            found.flags.add("sensitive")
        if url := _URL.match(word) or _REMOTE.fullmatch(word):
            found.note("hosts", url.group(1).lower())


def _leaves(text: str, place: Place) -> bool:
    if text.startswith("~"):
        return True
    if _URL.match(text) or is_stream(text):
        return False
    if text.startswith("/"):
        root = place.workspace.rstrip("/")
        return ".." in text.split("/") or not (text == root or text.startswith(f"{root}/"))
    return ".." in text.split("/")
