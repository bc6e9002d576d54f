"""What a sandboxed command may touch, as a value that knows no backend."""

from dataclasses import dataclass
from enum import StrEnum

from loopdeck.permissions.pathnames import is_below


class Access(StrEnum):
    """How a path looks from inside."""

    READ = "read"  # as it is, but it cannot be changed
    WRITE = "write"  # as it is
    PRIVATE = "private"  # an empty folder of the command's own, gone after it
    SEALED = "sealed"  # an empty folder in which nothing can be made
    BLANK = "blank"  # an empty file that cannot be changed
    COVERED = "covered"  # a file that only says why its content is not shown
    BARRED = "barred"  # a file that cannot be opened


@dataclass(frozen=True, slots=True)
class Mount:
    """One path and how it looks; a deeper mount lies on top of those above it."""

    path: str
    access: Access


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the kernel stops a command that runs away; time has a limit of its own."""

    file_bytes: int = 16 << 30
    processes: int = 8_192


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole file system is readable except where a mount says something else.

    `made` are the sealed mounts over names that do not exist: a backend may have to make an empty
    folder there, which goes away afterwards; those in `empty` are there and hide nothing.
    `watched` are names that no mount can guard.
    """

    workspace: str
    mounts: tuple[Mount, ...]
    network: bool = False
    made: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    limits: Limits = Limits()

    def access(self, path: str) -> Access:
        """How a path looks from inside: the deepest mount on the way to it decides."""
        found = Access.READ
        for mount in self.mounts:
            if is_below(path, mount.path):
                found = mount.access
        return found


def layered(mounts: dict[str, Access]) -> tuple[Mount, ...]:
    """Mounts in the order in which they are laid: the shallow ones first."""
    ordered = sorted(mounts, key=lambda path: (path.count("/"), path))
    return tuple(Mount(path, mounts[path]) for path in ordered)
