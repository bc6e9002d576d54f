"""What the classifier may ask of this disk: where links lead, what is there, what the log has."""

import os
import stat
from collections.abc import Callable
from functools import cache, partial

from loopdeck.permissions.shell import Place
from loopdeck.tools.disk.archives import content, members
from loopdeck.tools.disk.expanding import standing_for
from loopdeck.tools.disk.leaving import escapes, escapes_below
from loopdeck.tools.disk.listing import Listing
from loopdeck.tools.disk.parting import dashed, parted
from loopdeck.tools.disk.paths import Workspace, nothing_made
from loopdeck.tools.disk.sparing import Sparing
from loopdeck.tools.disk.unsaved import Unsaved
from loopdeck.tools.environ import is_given, scrubbed
from loopdeck.tools.git.arrivals import arriving
from loopdeck.tools.git.branches import has_branch
from loopdeck.tools.sandbox.names import SHARED

_DEEP = 40  # folders


class _Followed(dict[str, str]):
    """Where paths lead, each followed on first use, and so is each folder on its way."""

    def __missing__(self, path: str) -> str:
        """What no path can be is left as it is: nothing has that name."""
        try:
            real = self._by_folder(path) if _is_plain(path) else os.path.realpath(path)
        except ValueError:
            real = path
        self[path] = real
        return real

    def _by_folder(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        real = f"{self[folder or '/'].rstrip('/')}/{name}"
        return os.path.realpath(real) if os.path.islink(real) else real  # noqa: PTH114


def _is_plain(path: str) -> bool:
    """Whether a path is normal and absolute, and not too deep to be followed one by one."""
    normal = os.path.normpath(path) == path and path[0] == "/" and path != "/"
    return normal and "\0" not in path and path.count("/") <= _DEEP


def place_of(workspace: Workspace, *, held: bool = True) -> Place:
    """Where a command of this workspace runs, `held` by its sandbox if there is one.

    Each path is followed once for each judgement.
    """
    root = str(workspace.root)
    private = _private(workspace) if held and workspace.sandbox else nothing_made
    unsaved = workspace.unsaved or Unsaved(workspace.root, workspace.made, workspace.undone)
    listing = Listing(workspace.root, unsaved.holds)
    return Place(
        workspace=root,
        home=workspace.environ.get("HOME", ""),
        # The root has no links in it, and each path of a command is held against it.
        real=_Followed({root: root}).__getitem__,
        there=_there,
        made=_inside(workspace, workspace.made),
        undone=_inside(workspace, workspace.undone),
        spares=_spares(workspace, private),
        spares_named=_spares_named(workspace),
        private=private,
        unsaved=_inside(workspace, unsaved.any_of),
        unsaved_below=unsaved.below,
        struck=listing.struck,
        collides=unsaved.collides,
        standing_for=standing_for,
        members=members,
        content=content,
        shared=_shared,
        folder=os.path.isdir,
        secret=workspace.doubles_secret,
        escapes=lambda pattern: escapes(root, pattern),
        escapes_below=lambda folder: escapes_below(root, folder),
        parted=cache(partial(parted, root)),
        dashed=dashed,
        dashed_below=listing.dashed,
        branch=has_branch,
        arriving=_arriving(workspace),
        exported=lambda name: name in workspace.environ or is_given(name),
    )


def _private(workspace: Workspace) -> Callable[[str], bool]:
    """In a sandbox, what everybody shares is the command's own; the workspace may lie there."""
    root = f"{workspace.root}/"
    shared = tuple(f"{os.path.realpath(place)}/" for place in SHARED)
    return lambda path: f"{path}/".startswith(shared) and not f"{path}/".startswith(root)


def _spares(workspace: Workspace, private: Callable[[str], bool]) -> Callable[[str], bool]:
    def spares(path: str) -> bool:
        there = os.path.lexists(workspace.root / path)
        return (there or not workspace.ahead) and _sparing(workspace).spares(path)

    inside = _inside(workspace, spares)
    return lambda path: private(path) or inside(path)


def _spares_named(workspace: Workspace) -> Callable[[str, str], bool]:
    root = f"{workspace.root}/"
    return lambda folder, pattern: (
        f"{folder}/".startswith(root)
        and _sparing(workspace).spares_named(folder, pattern, ahead=workspace.ahead)
    )


def _sparing(workspace: Workspace) -> Sparing:
    """Made when it is asked, as hardly any command deletes."""
    environ = scrubbed(workspace.environ, workspace.root, strict=True)
    return Sparing(workspace.root, workspace.made, environ)


def _arriving(
    workspace: Workspace,
) -> Callable[[str, str, tuple[str | None, ...]], tuple[str, ...] | None]:
    """What git brings, asked once for each judgement."""
    known: dict[tuple[object, ...], tuple[str, ...] | None] = {}

    def asked(folder: str, verb: str, words: tuple[str | None, ...]) -> tuple[str, ...] | None:
        key = (folder, verb, words)
        if key not in known:
            environment = scrubbed(workspace.environ, workspace.root, strict=True)
            known[key] = arriving(folder, verb, words, environment)
        return known[key]

    return asked


def _there(path: str) -> bool:
    """Also a link that leads nowhere is something; what cannot be a path is nothing."""
    return "\0" not in path and os.path.lexists(path)


def _shared(path: str) -> bool:
    """Whether a file has other names, which may be anywhere on the disk."""
    try:
        status = os.stat(path)  # noqa: PTH116 - the path may hold anything
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink > 1


def _inside(workspace: Workspace, asked: Callable[[str], bool]) -> Callable[[str], bool]:
    """A question about paths in the workspace, asked with absolute ones."""
    root = f"{workspace.root}/"
    return lambda path: path.startswith(root) and asked(path.removeprefix(root))
