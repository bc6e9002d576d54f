"""Commands that read whatever is there: whether they may come upon files that hold secrets.

A plain read in a sandbox is shown a cover in the place of each. Where there is no sandbox, and
where a command copies or packs what it finds, somebody has to be asked.
"""

import os
import posixpath
import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from loopdeck.permissions.pathnames import names_in
from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, Category, Reason, listed
from loopdeck.tools.disk.leaving import escapes
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import Workspace, printable
from loopdeck.tools.git.index import git_folder

# Programs that show names and not what is in files; git knows its own content without looking.
_NAMES_ONLY = frozenset(
    {"[", "basename", "cd", "command", "date", "df", "dirname", "du", "echo", "false", "find"}
    | {"git", "hostname", "id", "ls", "nproc", "printf", "pwd", "readlink", "realpath", "stat"}
    | {"test", "tree", "true", "type", "uname", "which", "whoami"}
)
# Ways in which names become arguments of something that reads them.
_ROUNDABOUT = re.compile(r"xargs|\$\(|`|-exec|-ok|\b(?:while|for|read)\b")
# Words with which git reads files as they lie there, also those that it does not have.
_AS_THEY_LIE = frozenset({"grep", "--no-exclude-standard", "--no-index", "--untracked"})
_PACKERS = frozenset({"7z", "bsdtar", "cpio", "pax", "rsync", "tar", "zip"})
_COPIES = _PACKERS | {
    *("awk", "base64", "bat", "bzip2", "cat", "cp", "cut", "dd", "gawk", "grep", "gzip", "head"),
    *("hexdump", "install", "nl", "od", "paste", "rg", "sed", "sort", "strings", "tac", "tail"),
    *("tee", "uniq", "xxd", "xz", "zstd"),
}
_KEEPS_NAMES = frozenset({"cp", "rsync"})  # what is copied with its folder is still known by it
_SEES_HIDDEN = re.compile(r"(?:^|\s)(?:-\w*[u.]\w*|--hidden|--no-ignore\S*|--unrestricted)(?=\s|$)")
_GLOB = re.compile(r"[*?\[]")
_NAMED = 3


def comes_upon(judged: Assessment, command: str, parts: Sequence[Part], root: str) -> bool:
    """Whether a read that nobody was asked about may open files that it does not name."""
    if judged.category is not Category.READ or judged.facts.get("sensitive"):
        return False
    if "programs" not in judged.facts:
        return True
    programs = set(listed(judged.facts, "programs"))
    if "git" in programs and _as_they_lie(parts, root):
        return True
    return not programs <= _NAMES_ONLY or _ROUNDABOUT.search(command) is not None


def _as_they_lie(parts: Sequence[Part], root: str) -> bool:
    words = {word for part in parts for word in part.words}
    return not words.isdisjoint(_AS_THEY_LIE) or git_folder(Path(root)) is None


def swept(
    judged: Assessment, command: str, parts: Sequence[Part], workspace: Workspace
) -> Assessment:
    """The verdict, with the secrets that a command would come upon and that nothing covers."""
    if _follows(judged, parts, workspace):
        reason = Reason(text="one of the names it is given is a link out of the workspace")
        judged = _with(judged, "outside_workspace", reason)
    found = _found(judged, command, parts, workspace)
    if not found:
        return judged
    more = " and others" if len(found) > _NAMED else ""
    shown = ", ".join(f"`{printable(path)}`" for path in found[:_NAMED])
    reason = Reason(text=f"it comes upon {shown}{more}, which may hold secrets")
    return _with(judged, "sensitive", reason)


def _with(judged: Assessment, fact: str, reason: Reason) -> Assessment:
    return judged.model_copy(
        update={"reasons": (*judged.reasons, reason), "facts": {**judged.facts, fact: True}}
    )


def _follows(judged: Assessment, parts: Sequence[Part], workspace: Workspace) -> bool:
    """Whether names that `ls` prints are read, and one of them is a link that leads out."""
    if judged.category is not Category.READ or "ls" not in (programs := _programs(parts)):
        return False
    if programs <= _NAMES_ONLY:
        return False
    root = str(workspace.root)
    folders = [f"{root}/{path}" for path in listed(judged.facts, "reads_below")]
    return any(escapes(root, f"{at}/{names}") for at in folders for names in ("*", ".*"))


def _found(
    judged: Assessment, command: str, parts: Sequence[Part], workspace: Workspace
) -> list[str]:
    if not _is_open(judged, command, parts, workspace):
        return []
    programs = _programs(parts)
    below, reads = list(listed(judged.facts, "reads_below")), list(listed(judged.facts, "reads"))
    if judged.category is Category.WRITE and programs & _COPIES <= _KEEPS_NAMES:
        below = []
    if programs & (_PACKERS - _KEEPS_NAMES):
        below += [path for path in reads if _is_folder(workspace, path)]
    if not below and not any(_GLOB.search(path) for path in reads):
        return []
    hidden = "rg" not in programs or _SEES_HIDDEN.search(command) is not None
    secrets = [path for path in _secrets(workspace) if hidden or "/." not in f"/{path}"]
    return [
        path
        for path in secrets
        if _any(below, path, workspace, deep=True) or _any(reads, path, workspace, deep=False)
    ]


def _is_open(judged: Assessment, command: str, parts: Sequence[Part], workspace: Workspace) -> bool:
    """Whether nothing covers what the command finds, and nobody is asked about it yet."""
    if judged.facts.get("sensitive"):
        return False
    if judged.category is not Category.READ:
        return judged.category is Category.WRITE and not _programs(parts).isdisjoint(_COPIES)
    if workspace.sandbox is not None or not comes_upon(judged, command, parts, str(workspace.root)):
        return False
    # What git has is looked at by itself.
    return _programs(parts) != {"git"} or _beyond_git(parts)


def _programs(parts: Iterable[Part]) -> set[str]:
    return {posixpath.basename(part.words[0]) for part in parts if part.words}


def _beyond_git(parts: Iterable[Part]) -> bool:
    return any(not (_AS_THEY_LIE - {"grep"}).isdisjoint(part.words) for part in parts)


def _is_folder(workspace: Workspace, path: str) -> bool:
    return os.path.isdir(workspace.root / path)  # noqa: PTH112


def _secrets(workspace: Workspace) -> list[str]:
    """The files of the workspace that may hold secrets, by their names from its top."""
    lookout = workspace.lookout or Lookout(str(workspace.root), workspace.hidden)
    lookout.look()
    return [path.removeprefix(f"{workspace.root}/") for path in lookout.covered(secrets=True)]


def _any(paths: Iterable[str], secret: str, workspace: Workspace, *, deep: bool) -> bool:
    names = secret.split("/")
    return any(_meets(path.removeprefix(f"{workspace.root}/"), names, deep=deep) for path in paths)


def _meets(pattern: str, names: Sequence[str], *, deep: bool) -> bool:
    """Whether a path or a pattern may stand for a file; with `deep`, for a folder around it."""
    if pattern.startswith("/"):
        return False
    parts = names_in(pattern)
    if "**" in parts:
        return fnmatchcase("/".join(names), pattern.replace("**/", "*"))
    if len(parts) > len(names) or (len(parts) < len(names) and not deep):
        return False
    return all(_fits(name, part) for name, part in zip(names, parts, strict=False))


def _fits(name: str, part: str) -> bool:
    return name == part or (
        _GLOB.search(part) is not None
        and fnmatchcase(name, part)
        and (part[0] == "." or name[0] != ".")
    )
