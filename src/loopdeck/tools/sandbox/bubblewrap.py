"""The command line that runs a command inside bubblewrap."""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import assert_never

from loopdeck.tools.sandbox.names import SHARED
from loopdeck.tools.sandbox.profile import Access, Limits, Mount, Profile

PROGRAM = "bwrap"
LAID_OVER = frozenset({Access.COVERED, Access.BARRED})
"""What a file with a text of ours lies over, which comes by an open handle for each."""
_SETTINGS = "/proc/sys"
_SHARE = 8  # of the memory: what each private folder may hold, where the system would give half
_LIMITS = """\
{{ ulimit -c 0; ulimit -f {blocks}; ulimit -u {processes}; }} 2>/dev/null
{{ echo 1000 > /proc/self/oom_score_adj; }} 2>/dev/null
unset BASH_ENV
exec {handle}<&-
"""


def room(program: str) -> int:
    """The bytes that each private folder may hold, as they are memory; 0 for no bound of ours.

    Older bubblewraps cannot set one, and those that run as root may not.
    """
    try:
        if (
            Path(program).stat().st_mode & stat.S_ISUID
            or b"--size" not in Path(program).read_bytes()
        ):
            return 0
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // _SHARE
    except (OSError, ValueError):
        return 0


def wrap(
    profile: Profile,
    argv: Sequence[str],
    *,
    program: str,
    filter_fd: int | None = None,
    covers: Iterable[int] = (),
    room: int = 0,
) -> tuple[str, ...]:
    """`argv` inside; `filter_fd` is read for the system call filter, `covers` for covered files.

    A private folder holds `room` bytes, or what the system gives it.

    What lies over a name that does not exist is not made read-only as well: that costs time for
    each, and whatever a command forces into it is gone with the command.
    """
    alone = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"]
    if profile.network:
        alone.append("--share-net")
    # The filter refuses new user namespaces itself: faster, and older bubblewraps can do it too.
    alone += ["--disable-userns"] if filter_fd is None else ["--seccomp", str(filter_fd)]
    words = [program, *alone, "--cap-drop", "ALL"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    # Root may write the kernel's settings there without any capability.
    words += ["--ro-bind", _SETTINGS, _SETTINGS]
    text = iter(covers)
    for mount in profile.mounts:
        if mount.access in LAID_OVER:
            words += ["--perms", "0000"] if mount.access is Access.BARRED else []
            words += ["--ro-bind-data", str(next(text)), mount.path]
        else:
            words += _mounted(mount, room)
    for mount in profile.mounts:  # only now, as other mounts may lie inside
        if mount.access is Access.SEALED and mount.path not in profile.made:
            words += ["--remount-ro", mount.path]
    return (*words, "--chdir", profile.workspace, "--", *argv)


def limiting(limits: Limits, handle: int) -> str:
    """What a bash reads before its command (`BASH_ENV`), from the open file `handle`.

    Bubblewrap sets no limits itself, and a shell around the shell would cost its own start. Where
    memory runs short, the kernel ends it first. A limit for each process would not bound them all,
    and no program with an address sanitizer could start under one.
    """
    blocks = limits.file_bytes // 1024
    return _LIMITS.format(blocks=blocks, processes=limits.processes, handle=handle)


def _mounted(mount: Mount, room: int) -> Iterator[str]:
    path = mount.path
    match mount.access:
        case Access.READ:
            yield from ("--ro-bind", path, path)
        case Access.WRITE:
            yield from ("--bind", path, path)
        case Access.PRIVATE:
            yield from ("--perms", "1777" if path in SHARED else "0755")
            yield from ("--size", str(room)) if room else ()
            yield from ("--tmpfs", path)
        case Access.SEALED:  # without capabilities, its mode alone holds even against root
            yield from ("--perms", "0555", "--tmpfs", path)
        case Access.BLANK:
            yield from ("--ro-bind", "/dev/null", path)
        case Access.COVERED | Access.BARRED:
            raise AssertionError("covered files are laid with their text")
        case _:
            assert_never(mount.access)
