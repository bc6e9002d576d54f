"""Programs that a file of the folder chooses: what starts there may be the workspace's own."""

import os
import posixpath
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, Category, Reason
from loopdeck.tools.environ import scrubbed

_RUST = frozenset(
    {"cargo", "cargo-clippy", "cargo-fmt", "clippy-driver", "rustc", "rustdoc", "rustfmt", "rustup"}
)
_NODE = frozenset({"corepack", "npm", "npx", "pnpm", "pnpx", "yarn", "yarnpkg"})
_RUBY = frozenset({"bundle", "bundler"})
_RUST_FILES = ("rust-toolchain", "rust-toolchain.toml")
_PACKAGE = "package.json"
_SHIMS = (  # a part of the path to the program that stands in, and what it obeys
    ("/.volta/", (_PACKAGE, ".volta/hooks.json")),
    ("/.tfenv/", (".terraform-version",)),
    # These choose among what is installed, by its name.
    *((f"/{name}/shims/", ()) for name in (".pyenv", ".rbenv", ".nodenv", ".goenv", ".jenv")),
    (
        "/shims/",
        (
            *(".tool-versions", ".prototools", "mise.toml", ".mise.toml", "mise.local.toml"),
            *(".mise.local.toml", "mise/config.toml", ".mise/config.toml", ".config/mise.toml"),
        ),
    ),
)
_HINTS = ("/shims/", "/.volta/", "/.tfenv/")
_ALWAYS = _RUST | _NODE | _RUBY
_CHOOSES = (b'"packageManager"', b'"devEngines"', b'"volta"')
_MAX_PACKAGE = 1 << 20


def steered(
    assessment: Assessment, parts: Sequence[Part], environ: Mapping[str, str], root: Path
) -> Assessment:
    """The verdict on a command; to run what a file of the workspace names is no read."""
    if assessment.category is not Category.READ:
        return assessment
    shims = _shim_folders(environ.get("PATH", ""))
    for part in parts:
        name = posixpath.basename(part.words[0])
        if name not in _ALWAYS and not _may_stand_in(name, shims):
            continue
        files = _obeyed(name, scrubbed(environ, root, strict=True)["PATH"])
        if files and (found := _chosen(files, part.folders, _apart(environ, root))):
            reason = Reason(text=f"`{name}` is the program that {found} chooses", span=part.span)
            return assessment.model_copy(
                update={
                    "category": Category.WRITE,
                    "reasons": (reason, *assessment.reasons),
                    "facts": {**assessment.facts, "runs_code": True},
                }
            )
    return assessment


def _apart(environ: Mapping[str, str], root: Path) -> str:
    """The human's home, unless the work is done right in it."""
    home = os.path.realpath(environ.get("HOME", "/"))
    return "" if home == str(root) else home


def _shim_folders(path: str) -> list[str]:
    folders = path.split(os.pathsep)
    return [folder for folder in folders if any(hint in f"{folder}/" for hint in _HINTS)]


def _may_stand_in(name: str, shims: Sequence[str]) -> bool:
    """Whether one of these folders has such a program: to look for it everywhere takes longer."""
    return any(os.path.lexists(f"{folder}/{name}") for folder in shims)


def _obeyed(name: str, search: str) -> tuple[str, ...]:
    """The files that choose what runs under this name."""
    if name in _RUBY:
        return (".bundle/config",)  # may say where another version of it lies
    found = shutil.which(name, path=search) or ""
    if name in _RUST and found:
        beside = posixpath.join(posixpath.dirname(found), "rustup")
        return _RUST_FILES if os.path.lexists(beside) else ()
    if name in _NODE and "/corepack/" in os.path.realpath(found):
        return (_PACKAGE, ".corepack.env")
    return next((files for mark, files in _SHIMS if mark in found), ())


def _chosen(files: Sequence[str], folders: Sequence[str], home: str) -> str:
    """The first such file on the way up from any of the folders; empty for none.

    What lies in a home itself is its owner's own choice.
    """
    if not folders:
        return "a folder that only the shell knows"
    paths = (path for folder in folders for path in _above(folder, files, home))
    return next((os.path.basename(path) for path in paths if _chooses(path)), "")  # noqa: PTH119


def _above(folder: str, files: Sequence[str], home: str) -> Iterator[str]:
    real = PurePosixPath(os.path.realpath(folder))
    for place in (real, *real.parents):
        if str(place) != home:
            yield from (str(place / file) for file in files)


def _chooses(path: str) -> bool:
    """Nearly every package has its file; only some name a program in it."""
    if not os.path.lexists(path):
        return False
    if not path.endswith(f"/{_PACKAGE}"):
        return True
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the name may hold anything
            text = file.read(_MAX_PACKAGE)
    except OSError:
        return True
    return len(text) == _MAX_PACKAGE or any(word in text for word in _CHOOSES)
