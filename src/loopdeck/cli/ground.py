"""Which folders may not be a workspace: those of the system, and those that hold them or a home."""

from pathlib import Path

from loopdeck.errors import WorkspaceError

# Nothing at or below them is anybody's project.
_SYSTEM = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/proc",
    "/sbin",
    "/sys",
    "/usr/bin",
    "/usr/include",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/share",
    "/usr/sbin",
    "/Library",
    "/System",
)
# They hold what many programs live on; a folder below them may be a project.
_SHARED = ("/Applications", "/Users", "/home", "/opt", "/run", "/srv", "/var/lib", "/var/log")
_MEMORY = Path("/dev/shm")  # where people work in memory
HOME = (
    "The workspace is your whole home folder: levels 4 and 5 ask there before anything is changed, "
    "as level 3 does. Better name a project's folder: --workspace DIR."
)


def refuse_system(folder: Path, home: Path) -> None:
    """Raise `WorkspaceError` for a resolved folder that is, or holds, more than a project."""
    if any(Path(place).is_relative_to(folder) for place in (*_SYSTEM, *_SHARED)):
        _refuse(folder, "belongs to the system")
    if folder != home and home.is_relative_to(folder):
        _refuse(folder, "holds your home folder")
    if folder.is_relative_to(_MEMORY) and folder != _MEMORY:
        return
    if any(folder.is_relative_to(place) for place in _SYSTEM):
        _refuse(folder, "belongs to the system")


def _refuse(folder: Path, why: str) -> None:
    raise WorkspaceError(
        f"{folder} cannot be a workspace: it {why}, and all of it would be the agent's to change.",
        "Name a project's folder: --workspace DIR.",
    )
