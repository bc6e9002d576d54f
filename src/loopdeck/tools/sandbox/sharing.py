"""Folders of everybody's, as `/tmp`: whether a command that speaks of one means only its own."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, Category, listed
from loopdeck.tools.sandbox import names
from loopdeck.tools.sandbox.backend import Backend

_SHARED = re.compile(rf"(?:{'|'.join(map(re.escape, names.SHARED))})(?:/|$)")
_DEEP = re.compile(rf"{_SHARED.pattern}[^/]+/.")
_PLAIN_COPY = re.compile(r"-[fnuvp]+")
_WHOLE_COPY = re.compile(r"-[fnuvprRaT]+|--(?:archive|recursive|verbose)")
_PACKS = re.compile(r"-?[ct][zjJafv]*|-[zjJv]+[ct][afv]*|--create|--list")
_LINKERS = frozenset({"7z", "bsdtar", "cp", "cpio", "ln", "mv", "rsync", "tar", "unzip"})
_MAX_LOOKED = 4_000


def leads_out(assessment: Assessment, parts: Sequence[Part], backend: Backend) -> str:
    """Why a command that speaks of a folder of everybody's may mean more than its own of that.

    Its own is empty when it begins, so that a read finds nothing there; landlock has none, and
    shows what others have left. Links in what it brings there itself cannot be looked at yet.
    """
    paths = [path for path in listed(assessment.facts, "paths") if _SHARED.match(path)]
    if assessment.category is Category.READ:
        shown = bool(paths) and backend is Backend.LANDLOCK
        return "what others have left there is outside the workspace" if shown else ""
    programs = set(listed(assessment.facts, "programs"))
    if _copies_content(parts):
        programs.discard("cp")
    if all(_packs(part) for part in parts if part.words[0].endswith("tar")):
        programs -= {"bsdtar", "tar"}
    brings = bool(paths) and not _LINKERS.isdisjoint(programs)
    brings = brings or ("git" in programs and any(map(_DEEP.match, paths)))
    return "what it brings there may be a link that leads elsewhere" if brings else ""


def _copies_content(parts: Sequence[Part]) -> bool:
    """Whether each copy is of what is in files, also behind links, and none of a link itself."""
    copies = [part for part in parts if part.words[0].endswith("cp")]
    return bool(copies) and all(map(_brings_no_link, copies))


def _brings_no_link(part: Part) -> bool:
    """A copy of a whole folder brings the links in it, where there are any."""
    options = [word for word in part.words[1:] if word.startswith("-")]
    if all(map(_PLAIN_COPY.fullmatch, options)):
        return True
    if not (part.complete and part.folders and all(map(_WHOLE_COPY.fullmatch, options))):
        return False
    named = [word for word in part.words[1:] if not word.startswith("-")]
    return not any(_holds_link(Path(at, word)) for word in named[:-1] for at in part.folders)


def _packs(part: Part) -> bool:
    """Whether a `tar` only writes or lists an archive: no link in that is one on the disk."""
    return _PACKS.fullmatch(part.words[1] if len(part.words) > 1 else "") is not None


def _holds_link(path: Path) -> bool:
    """Whether a path is that of a link, or of a folder with one in it; also where nothing is."""
    if path.is_symlink() or not path.exists():
        return True
    looked = 0
    for place, folders, files in os.walk(path):
        looked += len(folders) + len(files)
        if looked > _MAX_LOOKED:
            return True
        if any(os.path.islink(f"{place}/{name}") for name in (*folders, *files)):  # noqa: PTH114
            return True
    return False
