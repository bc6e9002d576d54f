"""The command line that runs a command inside landlock: paths that may be read, and written.

Landlock knows no mounts, only what is allowed. So what is hidden is carved out of the tree, and
what other programs obey inside the workspace cannot be kept from a command that may make files
there: it is watched and put back afterwards.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.tools.sandbox import landlock_helper, seccomp
from loopdeck.tools.sandbox.profile import Access, Profile

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

_COVERED = (Access.COVERED, Access.BARRED)
_HIDDEN = (Access.PRIVATE, Access.SEALED, Access.BLANK)


def wrap(
    profile: Profile, argv: Sequence[str], *, python: str, scratch: str, machine: str | None = None
) -> tuple[str, ...]:
    """`argv`, whose first word is a path, inside; `scratch` is the command's own folder."""
    shown = dict(_shown(profile))
    if lost := next(_unhideable(profile), ""):
        raise ToolError(f"Landlock cannot hide {lost}, which lies inside what a command may use.")
    covered = frozenset(mount.path for mount in profile.mounts if mount.access in _COVERED)
    reads = [
        part
        for path, access in shown.items()
        if access is Access.READ
        for part in _carved(path, covered)
    ]
    writes = [path for path, access in shown.items() if access is Access.WRITE]
    hidden = frozenset(mount.path for mount in profile.mounts if mount.access in _HIDDEN)
    # The names of covered files may be known, and a folder has to be listed to be gone through.
    listed = [
        f"list:{path}"
        for path, access in shown.items()
        if access is Access.READ and any(file.startswith(f"{path}/") for file in covered)
    ]
    readable = [*_carved("/", hidden), *reads, *listed]
    writable = [*writes, scratch, *_DEVICES]
    code = seccomp.assemble(sockets=profile.network, machine=machine)
    if not code:  # it alone shuts out other sockets than TCP's
        raise ToolError(
            "Landlock is not enough on this kind of machine: no filter is known for it."
        )
    order = (
        "network" if profile.network else "none",
        code.hex(),
        str(profile.limits.file_bytes),
        str(profile.limits.processes),
        str(len(readable)),
        str(len(writable)),
    )
    helper = str(Path(landlock_helper.__file__))
    return (python, "-I", "-S", helper, *order, *readable, *writable, *argv)


def guarded(profile: Profile) -> tuple[str, ...]:
    """What has to be watched, as it lies inside what may be written."""
    inside = [
        mount.path
        for mount in profile.mounts
        if (mount.access is Access.READ or mount.path in (*profile.made, *profile.empty))
        and _parent_access(mount.path, profile) is Access.WRITE
    ]
    return (*inside, *profile.watched)


def _shown(profile: Profile) -> Iterator[tuple[str, Access]]:
    """The mounts that allow something which lies in what is otherwise hidden or only read."""
    for mount in profile.mounts:
        if mount.access in (Access.READ, Access.WRITE):
            yield mount.path, mount.access


def _unhideable(profile: Profile) -> Iterator[str]:
    """What is to be hidden inside something that is allowed as a whole."""
    for mount in profile.mounts:
        if mount.access not in _HIDDEN or mount.path in (*profile.made, *profile.empty):
            continue
        above = [other for other in profile.mounts if mount.path.startswith(f"{other.path}/")]
        if above and above[-1].access not in _HIDDEN:
            yield mount.path


def _parent_access(path: str, profile: Profile) -> Access:
    return profile.access(path.rpartition("/")[0] or "/")


def _carved(folder: str, hidden: frozenset[str]) -> Iterator[str]:
    """The largest parts of the tree that hold nothing hidden."""
    if folder in hidden:
        return
    inside = f"{folder.rstrip('/')}/"
    if not any(path.startswith(inside) for path in hidden):
        yield folder
        return
    try:
        children = list(os.scandir(folder))
    except OSError:
        return
    for child in children:
        if not child.is_symlink():  # a link allows nothing by itself
            yield from _carved(child.path, hidden)
