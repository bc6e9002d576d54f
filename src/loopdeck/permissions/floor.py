"""The hard floor: what no level, rule or option lets happen without a human's own answer."""

import posixpath
import re
from collections.abc import Iterable

from loopdeck.permissions.commands import plain_parts
from loopdeck.permissions.obeyed import obeyed_by, starting_later
from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.powers import POWERFUL, power
from loopdeck.permissions.rules.language import Call
from loopdeck.permissions.secrets.places import sensitive_among
from loopdeck.permissions.shell import (
    DELETERS,
    DOWNLOADERS,
    Words,
    is_interpreter,
    rough_parts,
)
from loopdeck.permissions.shell.rough import unquoted
from loopdeck.session.values import Category, Decision

_FORK_BOMB = re.compile(r"(\S{1,32})\s{0,8}\(\)\s{0,8}\{[^}]{0,200}\1\s{0,8}\|\s{0,8}\1")
_DEVICE = re.compile(r"(?:of=|>\s*|\s)/dev/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|mapper/|dm-)")
_FED = re.compile(r"[|`]|\$\(|<\(")
_OWN = "Loopdeck's own files are not the agent's to change"
_MOST = 131_072  # nothing longer is ever understood, so it asks in any case
_MOVERS = frozenset({"mv", "rename"})
_CHANGERS = frozenset({"chmod", "chown", "chgrp", "chattr", "setfacl"})
_NAMES = "|".join(sorted(_MOVERS | _CHANGERS | DELETERS | DOWNLOADERS))
_SPOKEN_OF = re.compile(rf"(?<![\w-])(?:{POWERFUL}|find|{_NAMES})(?![\w-])")
_TAKES_DATA = frozenset({"gzip", "http.server", "json.tool", "zipfile"})  # and runs none of it
_NAME = re.compile(r"[\w.-]{2}")  # more of it than a pattern that fits any
_PROJECT = ".loopdeck"  # the folder of a project's own rules
_WHOLE = frozenset({"/", "/*", ".", "./", "./*", "*", "..", "../", "~", "~/", "~/*", ".*"})


def floor(call: Call, own: Iterable[str] = ()) -> tuple[Decision, str] | None:
    """What the floor says of a call, with its sentence; None where it has nothing against it."""
    if call.assessment.category is Category.READ:
        return None
    # A workspace inside such a folder was chosen by a human, so that folder does not count.
    own = tuple(path.rstrip("/") for path in own if path and not _is_own(call.workspace, (path,)))
    own = (*own, posixpath.join(call.workspace, _PROJECT))
    if call.tool == "shell":
        return _shell(call, own)
    return _changes(call, call.listed("paths"), own) or _leaves(call)


def _shell(call: Call, own: tuple[str, ...]) -> tuple[Decision, str] | None:
    command = call.command
    bare = unquoted(command)
    if any(path in bare for path in own):
        return Decision.DENY, _OWN
    # What the classifier understood needs no guessing; all else is read too generously.
    clear = call.assessment.category in (Category.WRITE, Category.NETWORK)
    parts = _understood(command, bare) if clear else _guessed(command)
    written = [*call.listed("writes"), *call.listed("deletes")]
    found = _changes(call, written, own)
    if found and found[0] is Decision.DENY:
        return found
    sentence = _whole_text(command, bare)
    sentence = sentence or _downloads_into(parts, command, keeps=not clear or bool(written))
    if not clear or _is_loose(call):
        sentence = sentence or _mentions(bare)
    sentence = sentence or next(filter(None, (_one(part, call) for part in parts)), "")
    return (Decision.ASK, sentence) if sentence else found or _leaves(call)


def _understood(command: str, bare: str) -> tuple[Words, ...]:
    """The parts, where one of them may be of a program that this floor speaks of."""
    pieced = any(sign in command for sign in "${`~")
    return plain_parts(command) if pieced or _SPOKEN_OF.search(bare) else ()


def _guessed(command: str) -> tuple[Words, ...]:
    """The parts read too generously; a `find` as it is too, whose brackets would part it."""
    found = rough_parts(command)
    if "find" not in command or "(" not in command:
        return found
    return (*found, *(part for part in plain_parts(command) if part[0] == "find"))


def _changes(call: Call, paths: Iterable[str], own: tuple[str, ...]) -> tuple[Decision, str] | None:
    """What stands on the floor of the paths that a call changes."""
    for path in paths:
        if _is_own(posixpath.join(call.workspace, path), own):
            return Decision.DENY, _OWN
        if words := obeyed_by(path):
            return Decision.ASK, f"{path} {words}"
    return None


def _leaves(call: Call) -> tuple[Decision, str] | None:
    """A secret on its way to another machine."""
    if call.assessment.category is not Category.NETWORK:
        return None
    text = call.command[:_MOST]
    secret = next(sensitive_among(re.split(r"[\s'\"=@;|&<>()]+", text), text), "")
    if secret or call.assessment.facts.get("sensitive"):
        return Decision.ASK, "what may hold secrets would leave this machine"
    return None


def _whole_text(command: str, bare: str) -> str:
    if "()" in command and _FORK_BOMB.search(command[:_MOST]):
        return "it multiplies without end"
    if "/dev/" in bare and _DEVICE.search(bare[:_MOST]):
        return "it writes to a disk device"
    return ""


def _is_loose(call: Call) -> bool:
    """Code that no sandbox holds may write to any file that it names."""
    facts = call.assessment.facts
    return bool(facts.get("runs_code")) and not facts.get("sandboxed")


def _mentions(bare: str) -> str:
    text = bare[:_MOST]
    word = next(starting_later(re.split(r"[\s;&|<>()=,]+", text), text), "")
    return f"{word} is run or obeyed by other programs later" if word else ""


def _downloads_into(parts: tuple[Words, ...], command: str, *, keeps: bool) -> str:
    runs = (part for part in parts if is_interpreter(part[0]))
    feeds = any(part[0] in DOWNLOADERS for part in parts) and any(
        keeps or not (part[1:2] == ("-m",) and _TAKES_DATA.issuperset(part[2:3])) for part in runs
    )
    return "it runs what it downloads" if feeds and _FED.search(command) else ""


def _one(part: Words, call: Call) -> str:
    name, rest = part[0], part[1:]
    if sentence := power(part):
        return sentence
    if name in _MOVERS and any(_is_whole(word, call) for word in rest[:-1]):
        return "it moves all of the workspace, or what is around it"
    if name in _CHANGERS and any(_is_whole(word, call) for word in rest if word != "."):
        return "it changes who may use all of the workspace, or what is around it"
    if name == "find" and "-delete" in rest:
        return _deletes(_beyond_names(rest, call), call)
    return _deletes(rest, call) if name in DELETERS else ""


def _beyond_names(rest: Words, call: Call) -> Words:
    """The words of a `find`; without the workspace, where it takes but what has a name there."""
    # With the first deletion.
    from loopdeck.permissions.shell.languages.findwords import expression

    here = {".", "./", call.workspace, f"{call.workspace}/"}
    found = expression(rest)
    rest = rest if found.roots else (".", *rest)
    for passed in found.before("-delete"):
        name = re.sub(r"\[[^\]]*\]", "*", passed.get("-name") or passed.get("-iname") or "")
        if not _NAME.search(name):
            return rest
    return tuple(word for word in rest if word not in here)


def _deletes(targets: Iterable[str], call: Call) -> str:
    for target in dict.fromkeys(targets):
        if "$" in target or target == "":
            return "what it deletes depends on a variable that may be empty"
        if _is_whole(target, call):
            return f"it deletes {target}: all of the workspace, or what is around it"
    return "what it deletes depends on a variable that may be empty" if _open(call) else ""


def _open(call: Call) -> bool:
    """True where a deletion stands beside an expansion, in whatever form."""
    return "$" in call.command or "`" in call.command


def _is_whole(target: str, call: Call) -> bool:
    if target[:1] not in "/~.*" and ".." not in target:
        return False
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
    return any(is_below(posixpath.normpath(path), root) for root in own)
