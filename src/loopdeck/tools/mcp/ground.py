"""Where a server's program comes from, and the folder it is started in.

Nothing holds a server, so what it runs must not be what an agent could write, or a cloned
repository brings along: it starts at home, where neither can have put anything.
"""

import os
import posixpath
import re
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
    {"bun", "bundle", "cargo", "conda", "deno", "direnv", "dotnet", "go", "hatch", "just", "make"}
    | {
        "mamba",
        "micromamba",
        "mise",
        "nix",
        "nix-shell",
        "npm",
        "nx",
        "pdm",
        "pixi",
        "pnpm",
        "poetry",
        "rye",
        "task",
        "turbo",
        "uv",
        "yarn",
    }
)
# They run one folder, file or package, and what follows is for that.
_LAUNCHERS = frozenset({"bunx", "node", "nodejs", "npx", "pipx", "pnpx", "tsx", "uvx"})
# Their value is the folder in which all that follows runs, or that code is loaded from.
_GOES = frozenset(
    {"--chdir", "--class-path", "--cwd", "--working-directory", "-C", "-classpath", "-cp"}
)
_OF_LAUNCHERS = frozenset(
    {"--directory", "--from", "--package", "--prefix", "--project", "--spec", "--with"}
    | {"--with-editable", "-C", "-p"}
)
_INTERPRETERS = ("perl", "php", "pypy", "python", "ruby")
_STEERING = frozenset(
    {"BASH_ENV", "BUN_INSTALL", "CARGO_HOME", "CLASSPATH", "DENO_DIR", "ENV", "GEM_HOME"}
    | {"GEM_PATH", "GIT_EXEC_PATH", "GOFLAGS", "GOPATH", "HOME", "JAVA_TOOL_OPTIONS", "PERL5LIB"}
    | {"JDK_JAVA_OPTIONS", "NODE_OPTIONS", "NODE_PATH", "PATH", "RUBYLIB", "RUBYOPT", "SHELL"}
    | {"VIRTUAL_ENV", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "ZDOTDIR", "_JAVA_OPTIONS"}
)
_STEERING_BEGINS = ("DYLD_", "GIT_CONFIG", "LD_", "NPM_CONFIG_", "PYTHON", "UV_", "npm_config_")
_RELATIVE = (".", "..", "./", "../")
_PATHS = re.compile(r"(?:^|(?<=[\s:;,='\"]))/[^\s:;,'\"]*")
_ATTACHED = re.compile(r"-\w(?=/)")  # an option, and the path that is its value
_VOLUME = re.compile(r"^\.{1,2}(?:/[^:,]*)?(?=:)|(?<=src=|rce=)\.{1,2}(?:/[^:,]*)?(?=,|$)")


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
    set_here = ((name, value) for name, value in server.env if name != "PATH")
    assigned = (word.partition("=")[::2] for word in server.args)  # as behind `env`
    steered = (name for name, value in (*set_here, *assigned) if _steers(name, value, root))
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
    if any(sign in word for sign in " \t\n") and _names(_at_home(word), root):
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
        options = {words[at - 1], word.partition("=")[0]}
        if not _GOES.isdisjoint(options):
            yield from filter(None, (_inside(text, root) for text in _listed(word)))
        after = not _OF_LAUNCHERS.isdisjoint(options)
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
    return (name in _STEERING or name.startswith(_STEERING_BEGINS)) and _names(value, root)


def _names(text: str, root: Path) -> bool:
    """Whether one of the paths in a text leads to the workspace, by whichever way."""
    return str(root) in text or any(_inside(path, root) for path in _PATHS.findall(text))


def _readings(word: str) -> tuple[str, ...]:
    """A word as a path, what follows its `=`, and what an option has attached to it."""
    texts = (word, word.partition("=")[2], _ATTACHED.sub("", word, count=1))
    paths = (text.removeprefix("git+").removeprefix("file:") for text in dict.fromkeys(texts))
    return tuple(path for path in paths if path and "\0" not in path and len(path) < 4_096)


def _listed(word: str) -> Iterator[str]:
    """The paths of a list, as of classes; a word that is an option alone names none."""
    for text in _readings(word):
        if not text.startswith("-"):
            yield from filter(None, text.split(os.pathsep))


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
    """A word that says `here` or a path from here, which is the workspace for who wrote it.

    So does the folder that a container is given, in `.:/work` or `src=.,dst=/work`.
    """
    option, sign, text = word.partition("=") if word.startswith("-") else ("", "", word)
    if found := _VOLUME.search(text):
        here = os.path.normpath(root / found[0])
        return f"{option}{sign}{text[: found.start()]}{here}{text[found.end() :]}"
    if text in _RELATIVE or text.startswith(_RELATIVE[2:]):
        return f"{option}{sign}{os.path.normpath(root / text)}"
    return word


def _home(env: Mapping[str, str], root: Path) -> Path:
    """The home of the human; the root of all where that is the workspace, or is not there."""
    told = env.get("HOME", "")
    home = Path(os.path.realpath(told if told.startswith("/") else "/"))
    return home if home.is_dir() and not home.is_relative_to(root) else Path("/")
