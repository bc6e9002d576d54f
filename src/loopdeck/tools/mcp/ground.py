"""Where a server's program comes from, and the folder it is started in.

Nothing holds a server, so what it runs must not be what an agent could write, or a cloned
repository brings along: it starts at home, where neither can have put anything.
"""

import os
import posixpath
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loopdeck.errors import HeldBackError
from loopdeck.tools.mcp.servers import Server

# Files of these kinds among the arguments are what a server works on.
_DATA = (
    *(".csv", ".db", ".jsonl", ".log", ".md", ".parquet", ".pdf", ".sqlite", ".sqlite3", ".tsv"),
    ".txt",
)
# They run what a folder holds that is named anywhere among their arguments.
_RUNNERS = frozenset(
    {"bun", "bundle", "cargo", "deno", "dotnet", "go", "hatch", "just", "make", "npm", "nx"}
    | {"pdm", "pixi", "pnpm", "poetry", "rye", "task", "turbo", "uv", "yarn"}
)
# They run one folder, file or package, and what follows is for that.
_LAUNCHERS = frozenset({"bunx", "node", "nodejs", "npx", "pipx", "pnpx", "tsx", "uvx"})
_OF_LAUNCHERS = frozenset(
    {"--directory", "--from", "--package", "--prefix", "--project", "--spec", "--with"}
    | {"--with-editable", "-C", "-p"}
)
_INTERPRETERS = ("perl", "php", "pypy", "python", "ruby")
_STEERING = frozenset(
    {"BASH_ENV", "CLASSPATH", "GEM_HOME", "GEM_PATH", "NODE_OPTIONS", "NODE_PATH", "PERL5LIB"}
    | {"PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "RUBYLIB", "RUBYOPT", "VIRTUAL_ENV"}
)
_LINKERS = ("DYLD_", "LD_")
_RELATIVE = (".", "..", "./", "../")


@dataclass(frozen=True, slots=True)
class Start:
    """How a server is started: its words, where, and what it finds."""

    words: tuple[str, ...]
    folder: Path
    env: Mapping[str, str]


def start_of(server: Server, workspace: Path, inherited: Mapping[str, str]) -> Start:
    """The start of a server. Raises `HeldBackError` for one that takes its program from there.

    One that may is started in the workspace, and finds all that its human would.
    """
    env = {**inherited, **dict(server.env)}
    words = (server.command, *server.args)
    if server.from_workspace:
        return Start(words, workspace, env)
    root = Path(os.path.realpath(workspace))
    if taken := _taken(server, root, env):
        raise HeldBackError(
            f"It would run {taken}, which an agent may have changed: `r` in the panel (M) "
            "starts it once, `from_workspace = true` in its table always."
        )
    env = {**env, "PATH": _elsewhere(env.get("PATH", os.defpath), root)}
    absolute = (_absolute(word, root) for word in server.args)
    return Start((server.command, *absolute), _home(env, root), env)


def _taken(server: Server, root: Path, env: Mapping[str, str]) -> str:
    """What of the workspace decides what would run, as it is shown; empty for nothing."""
    if program := _program(server.command, root, env):
        return program
    found = (path for word in server.args for path in _files(word, root))
    folders = _folders((server.command, *server.args), root)
    steered = (name for name in dict(server.env) if _steers(name, env[name], root))
    return next(found, "") or next(folders, "") or next(steered, "")


def _program(name: str, root: Path, env: Mapping[str, str]) -> str:
    """The program itself, where it lies in the workspace or a link leads there."""
    path = env.get("PATH", os.defpath)
    if os.sep in name:
        return _inside(name, root)
    found = shutil.which(name, path=_elsewhere(path, root)) or shutil.which(name, path=path)
    return _inside(found, root) if found else ""


def _files(word: str, root: Path) -> Iterator[str]:
    """The files that a word names, but for those that a server works on."""
    for text in _readings(word):
        shown = _inside(text, root)
        if shown and not shown.endswith(_DATA) and os.path.isfile(root / text):  # noqa: PTH113
            yield shown
    if any(sign in word for sign in " \t\n") and str(root) in _at_home(word):
        yield "a script that names the workspace"


def _at_home(script: str) -> str:
    """A script with the home as a path, as a shell would read it."""
    home = str(Path.home())
    for name in ("~", "$HOME", "${HOME}"):
        script = script.replace(name, home)
    return script


def _folders(words: tuple[str, ...], root: Path) -> Iterator[str]:
    """The folders whose content is run, not worked on."""
    names = [posixpath.basename(word) for word in words]
    all_of_them = not _RUNNERS.isdisjoint(names)
    first = next((at for at, name in enumerate(names) if _launches(name)), None)
    ahead = first is not None
    for at, word in enumerate(words[1:], start=1):
        after = words[at - 1] in _OF_LAUNCHERS or word.partition("=")[0] in _OF_LAUNCHERS
        own = first is not None and at > first and (ahead or after)
        if all_of_them or own:
            # A plain word may be the name of a package, and means nothing at home.
            known = (text for text in _readings(word) if all_of_them or after or _is_path(text))
            yield from filter(None, (_folder(text, root) for text in known))
        if first is not None and at > first and not word.startswith("-"):
            ahead = False


def _launches(name: str) -> bool:
    return name in _LAUNCHERS or name.startswith(_INTERPRETERS)


def _is_path(text: str) -> bool:
    return text in _RELATIVE or text.startswith(("/", *_RELATIVE[2:]))


def _folder(text: str, root: Path) -> str:
    return _inside(text, root) if os.path.isdir(root / text) else ""  # noqa: PTH112


def _steers(name: str, value: str, root: Path) -> bool:
    return (name in _STEERING or name.startswith(_LINKERS)) and str(root) in value


def _readings(word: str) -> tuple[str, ...]:
    """A word as a path, and what follows its `=`."""
    texts = (word.removeprefix("file:"), word.partition("=")[2].removeprefix("file:"))
    return tuple(text for text in texts if text and "\0" not in text and len(text) < 4_096)


def _inside(text: str, root: Path) -> str:
    """A path that lies in the workspace or leads through it, as it is shown; else nothing.

    The Python of an environment is a link to another, and finds its packages beside itself.
    """
    path = Path(os.path.normpath(root / text))
    ways = (root / text, path, *path.parents)
    if not any(Path(os.path.realpath(way)).is_relative_to(root) for way in ways):
        return ""
    return os.path.relpath(path, root) if path.is_relative_to(root) else str(path)


def _elsewhere(path: str, root: Path) -> str:
    """A search path without what is in the workspace or depends on where one is."""
    folders = [one for one in path.split(os.pathsep) if one.startswith("/")]
    return os.pathsep.join(one for one in folders if not _inside(one, root)) or os.defpath


def _absolute(word: str, root: Path) -> str:
    """A word that says `here` or a path from here, which is the workspace for who wrote it."""
    option, sign, text = word.partition("=") if word.startswith("-") else ("", "", word)
    if text in _RELATIVE or text.startswith(_RELATIVE[2:]):
        return f"{option}{sign}{os.path.normpath(root / text)}"
    return word


def _home(env: Mapping[str, str], root: Path) -> Path:
    """The home of the human; the root of all where that is the workspace, or is not there."""
    home = Path(os.path.realpath(env.get("HOME") or "/"))
    return home if home.is_dir() and not home.is_relative_to(root) else Path("/")
