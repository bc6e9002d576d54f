"""The hard floor: what no level, rule or option lets happen without a human's own answer."""

import posixpath
import re
from collections.abc import Iterable

from loopdeck.permissions.names import runs_later
from loopdeck.permissions.rules import Call
from loopdeck.permissions.shell import (
    DELETERS,
    DOWNLOADERS,
    ELEVATORS,
    Words,
    is_interpreter,
    rough_parts,
)
from loopdeck.session.values import Category, Decision

_FORK_BOMB = re.compile(r"(\S{1,32})\s{0,8}\(\)\s{0,8}\{[^}]{0,200}\1\s{0,8}\|\s{0,8}\1")
_DEVICE = re.compile(r"(?:of=|>\s*|\s)/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper/|dm-)")
_FED = re.compile(r"[|`]|\$\(|<\(")
_MOST = 131_072  # nothing longer is ever understood, so it asks in any case
_WHOLE = frozenset({"/", "/*", ".", "./", "./*", "*", "..", "../", "~", "~/", "~/*", ".*"})


def floor(call: Call, own: Iterable[str] = ()) -> tuple[Decision, str] | None:
    """What the floor says of a call, with its sentence; None where it has nothing against it."""
    if call.assessment.category is Category.READ:
        return None
    # A workspace inside such a folder was chosen by a human, so that folder does not count.
    own = tuple(path.rstrip("/") for path in own if path and not _is_own(call.workspace, (path,)))
    if call.tool == "shell":
        return _shell(call, own)
    for path in call.listed("paths"):
        if _is_own(posixpath.join(call.workspace, path), own):
            return Decision.DENY, "Loopdeck's own files are not the agent's to change"
        if runs_later(path):
            return Decision.ASK, f"{path} is run or obeyed by other programs later"
    return None


def _shell(call: Call, own: tuple[str, ...]) -> tuple[Decision, str] | None:
    command = call.command
    bare = re.sub(r"['\"\\]", "", command)
    if any(path in bare for path in own):
        return Decision.DENY, "Loopdeck's own files are not the agent's to change"
    parts = rough_parts(command)
    sentence = _whole_text(command, bare) or _downloads_into(parts, command)
    for part in parts:
        sentence = sentence or _one(part, call)
    return (Decision.ASK, sentence) if sentence else None


def _whole_text(command: str, bare: str) -> str:
    if "()" in command and _FORK_BOMB.search(command[:_MOST]):
        return "it multiplies without end"
    if _DEVICE.search(bare):
        return "it writes to a disk device"
    for word in re.split(r"[\s;&|<>()=]+", bare[:_MOST]):
        if word and runs_later(word):
            return f"{word} is run or obeyed by other programs later"
    return ""


def _downloads_into(parts: tuple[Words, ...], command: str) -> str:
    programs = {part[0] for part in parts}
    feeds = DOWNLOADERS & programs and any(is_interpreter(name) for name in programs)
    return "it runs what it downloads" if feeds and _FED.search(command) else ""


def _one(part: Words, call: Call) -> str:
    name, rest = part[0], part[1:]
    if name in ELEVATORS:
        return f"`{name}` acts as another user"
    if name.startswith("mkfs"):
        return "it formats a disk"
    if name in DELETERS or (name == "find" and "-delete" in rest):
        return _deletes(rest, call)
    return ""


def _deletes(targets: Iterable[str], call: Call) -> str:
    for target in targets:
        if "$" in target or target == "":
            return "what it deletes depends on a variable that may be empty"
        if _is_whole(target, call):
            return f"it deletes {target}: all of the workspace, or what is around it"
    return "what it deletes depends on a variable that may be empty" if _open(call) else ""


def _open(call: Call) -> bool:
    """True where a deletion stands beside an expansion, in whatever form."""
    return "$" in call.command or "`" in call.command


def _is_whole(target: str, call: Call) -> bool:
    if target in _WHOLE or re.fullmatch(r"~[\w.-]*(?:/\*?)?", target):
        return True
    if not target.startswith("/"):
        return posixpath.normpath(target).startswith("..") or posixpath.normpath(target) == "."
    path = posixpath.normpath(target.rstrip("*"))
    keep = {call.workspace.rstrip("/"), call.home.rstrip("/")} - {""}
    if path.count("/") <= 1 or path.lstrip("/") == "":
        return True
    return any(path == root or root.startswith(f"{path}/") for root in keep)


def _is_own(path: str, own: tuple[str, ...]) -> bool:
    path = posixpath.normpath(path)
    return any(path == root or path.startswith(f"{root}/") for root in own)
