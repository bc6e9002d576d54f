"""Where a command would run, and what it means there for a path to be inside or a secret."""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell.looking import Range, Struck
from loopdeck.permissions.shell.marks import LISTED, UNSEEN

_SILENT = re.compile(r"/dev/(?:null|stdout|stderr)")
_STREAMS = re.compile(r"/dev/(?:null|std(?:in|out|err)|tty|fd/\d+)")
_SOURCES = re.compile(r"/dev/(?:u?random|zero|full)")
_NETWORK = re.compile(r"/dev/(?:tcp|udp)(?:/.*)?")
_GLOB = re.compile(r"[*?\[\1]")
# Names that a pattern is tried on, to see whether it asks for secrets.
_SECRETS = (
    *(".env", ".env.local", ".envrc", "id_rsa", "id_ed25519", "server.pem", "server.key", ".ssh"),
    *(".netrc", ".npmrc", ".pypirc", ".pgpass", ".git-credentials", ".bash_history"),
)
# The beginning of a name of secrets, and then a pattern.
_SECRET_STEM = re.compile(r"(?:secrets?|credentials?|id_rsa|id_ed25519)\.?[*?\[\1]")
# What each machine tells everybody about itself.
_PUBLIC = re.compile(
    r"/etc/(?:\w+-release|debian_version|issue(?:\.net)?|timezone|shells)"
    r"|/usr/lib/os-release|/proc/(?:cpuinfo|loadavg|meminfo|uptime|version|filesystems)"
)
UNKNOWN_FOLDER = ""

How = Literal["words", "lines"]
Parted = Literal["whole", "near", "astray"]


def _never(_path: str) -> bool:
    return False


def _unseen(_path: str) -> None:
    return None


def _always(_name: str) -> bool:
    return True


def _apart(_source: str, _target: str) -> tuple[str, ...]:
    return ()


def _nothing_below(_folder: str, _ending: str) -> bool:
    return False


def _nothing_listed(_folder: str, _ending: str, _range: Range) -> Struck:
    return Struck()


def _may_be_dashed(_folder: str, _range: Range) -> bool:
    return True


def _nowhere(_path: str) -> None:
    return None


def _nothing_comes(
    _folder: str, _verb: str, _words: tuple[str | None, ...]
) -> tuple[str, ...] | None:
    return ()


def _whole(_how: How) -> Parted:
    return "whole"


def _no_branch(_folder: str, _name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Place:
    """Folders, and questions about what is there; the classifier itself never looks at a disk.

    Of an absolute path, `real` follows the links, `there` says whether anything has that name (None
    if nobody can look), `made` whether the session's log has all that is in that file, and `undone`
    whether it has all that git would take away by putting the file back. `spares` says whether
    nothing would be lost with all that lies there, `spares_named` the same of the files in a folder
    whose names are like a pattern, `private` whether the place is the command's
    own, empty before it and gone after it. `unsaved` says whether a
    file, or one that a pattern stands for, holds what neither the log nor git has, `unsaved_below`
    whether one with such an ending in a folder does, `struck` what is among all that a
    command may list there, and `collides` which of them lie where the
    files of a folder come when that is copied over another. `standing_for` has the paths that a
    pattern stands for, `members` the names in an archive and `content` the text of a file, each
    None where they are too many or cannot be known. `shared` tells whether a file has
    other names, `secret` whether one of them says that a secret is inside, and `folder` whether
    something is a folder. `escapes` says whether one of the names
    that a pattern stands for is a link out of the workspace, `escapes_below` whether a folder has
    one in it, `parted` how far a name here may lead once it is read as words, or as lines,
    `dashed` whether one in a folder begins like an option, `dashed_below` whether one there may
    come to hold a word that does.
    `branch` says whether the repository around a folder has a branch of a name,
    `arriving` which files git brings there with a verb and what is named behind it (None where they
    may be any), `exported` whether programs get a variable of a name already.
    """

    workspace: str = "/workspace"
    home: str = ""
    cwd: str | None = None
    real: Callable[[str], str] = posixpath.normpath
    there: Callable[[str], bool | None] = _unseen
    made: Callable[[str], bool] = _never
    undone: Callable[[str], bool] = _never
    spares: Callable[[str], bool] = _never
    spares_named: Callable[[str, str], bool] = _nothing_below
    private: Callable[[str], bool] = _never
    unsaved: Callable[[str], bool] = _never
    unsaved_below: Callable[[str, str], bool] = _nothing_below
    struck: Callable[[str, str, Range], Struck] = _nothing_listed
    collides: Callable[[str, str], tuple[str, ...]] = _apart
    standing_for: Callable[[str], tuple[str, ...] | None] = _nowhere
    members: Callable[[str], tuple[str, ...] | None] = _nowhere
    content: Callable[[str], str | None] = _nowhere
    shared: Callable[[str], bool] = _never
    folder: Callable[[str], bool] = _never
    secret: Callable[[str], bool] = _never
    escapes: Callable[[str], bool] = _never
    escapes_below: Callable[[str], bool] = _never
    parted: Callable[[How], Parted] = _whole
    dashed: Callable[[str], bool] = _always
    dashed_below: Callable[[str, Range], bool] = _may_be_dashed
    branch: Callable[[str, str], bool] = _no_branch
    arriving: Callable[[str, str, tuple[str | None, ...]], tuple[str, ...] | None] = _nothing_comes
    exported: Callable[[str], bool] = _always

    @property
    def start(self) -> str:
        """The folder a command begins in."""
        return self.cwd or self.workspace


@dataclass(frozen=True, slots=True)
class Where:
    """A path seen from the workspace: relative where it is inside, else absolute."""

    shown: tuple[str, ...] = ()
    absolute: str = ""
    outside: bool = False
    sensitive: bool = False
    stream: bool = False


def locate(text: str, cwd: str, place: Place) -> Where:
    """What is known of a path that a program is given while it runs in `cwd`."""
    if text in ("", "-") or _STREAMS.fullmatch(text) or _SOURCES.fullmatch(text):
        return Where(stream=True)
    if text[0] == LISTED and "/.." not in text:
        # A name found below a folder that was looked at already, but it may be that of a link.
        return Where(outside=cwd != UNKNOWN_FOLDER and place.escapes(posixpath.join(cwd, text)))
    if UNSEEN in text or (cwd == UNKNOWN_FOLDER and text[0] not in "/~"):
        return Where(outside=True, sensitive=is_sensitive(text))
    if text[0] == "~":
        if not place.home or text[1:2] not in ("", "/"):
            return Where((text,), outside=True, sensitive=asks_for_secrets(text))
        text = place.home + text[1:]
    return _resolved(posixpath.join(cwd, text), place)


def is_stream(text: str) -> bool:
    """True for devices that only pass text on."""
    return _STREAMS.fullmatch(text) is not None


def is_endless(text: str) -> bool:
    """True for devices that give bytes for as long as they are read."""
    return _SOURCES.fullmatch(posixpath.normpath(text)) is not None


def is_public(path: str) -> bool:
    """True for files that say something about the machine, and nothing of who uses it."""
    return _PUBLIC.fullmatch(path) is not None


def is_silent(text: str) -> bool:
    """True for what may be written to without a trace."""
    return _SILENT.fullmatch(text) is not None


def is_socket(text: str) -> bool:
    """True for the names under which bash opens connections."""
    return _NETWORK.fullmatch(posixpath.normpath(text)) is not None


def is_device(text: str) -> bool:
    """True for what is no ordinary file."""
    return posixpath.normpath(text).startswith("/dev/")


def _resolved(absolute: str, place: Place) -> Where:
    """Links are followed as far as the path is known: up to the folder of the first pattern."""
    root = place.real(place.workspace)
    plain = posixpath.normpath(absolute)
    if found := _GLOB.search(absolute):
        folder = absolute[: absolute.rfind("/", 0, found.start()) + 1] or "/"
        real = posixpath.join(place.real(folder), absolute[len(folder) :])
        leaves = "/.." in absolute[found.start() :] or "/.*" in absolute
        leaves = leaves or place.escapes(plain)
    else:
        real, leaves = place.real(absolute), False
    names = {_from(plain, posixpath.normpath(place.workspace)), _from(real, root)}
    normal = posixpath.normpath(real)
    own = not leaves and place.private(normal)
    outside = leaves or not (own or is_below(normal, root))
    shown = tuple(sorted(name.replace(LISTED, "*") for name in names))
    sensitive = any(asks_for_secrets(name) for name in names) or place.secret(real)
    return Where(shown, absolute, outside, sensitive)


def _from(path: str, root: str) -> str:
    if path == root:
        return "."
    return path[len(root.rstrip("/")) + 1 :] if is_below(path, root) else path


def asks_for_secrets(path: str) -> bool:
    """Whether a path or a pattern of names speaks of secrets."""
    if is_sensitive(path):
        return True
    name = posixpath.basename(path)
    if ":" in name and is_sensitive(name.rpartition(":")[2]):
        return True  # `HEAD:.env` is a file of a commit
    if _SECRET_STEM.match(name.casefold()):
        return True
    if not _GLOB.search(name):
        return False
    literal = re.sub(r"[*?\1]|\[[^\]]*\]", "", name)
    if literal == name or not (len(literal) > 1 or name.startswith(".")):
        return False
    pattern = name.casefold().replace(LISTED, "*")
    return any(fnmatchcase(secret, pattern) for secret in _SECRETS)
