"""Shuts itself in with landlock and becomes a command; a program of its own.

Run as `python -I -S landlock_helper.py NETWORK FILTER FILE_BYTES PROCESSES READS WRITES PATH…
COMMAND…`, where READS and WRITES count the paths of each kind. It knows nothing of Loopdeck and
loads next to nothing, as every import is time before each command. Whatever cannot be done ends it:
the command never runs less shut in than was asked for.
"""

import ctypes
import os
import resource
import stat
import struct
import sys

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_FILE_RIGHTS = 0b1 | 0b10 | 0b100 | 1 << 14 | 1 << 15  # execute, write, read, truncate, ioctl
_READ_RIGHTS = 0b1 | 0b100 | 0b1000  # execute, read a file, read a folder
_LIST, _LIST_RIGHTS = "list:", 0b1000  # before a path of which only the names are shown
_SCOPE_ABI = 6  # the first that keeps signals in; five before it learned files and ports
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_PIPE, _FILE_SIZE = 13, 25  # `signal` alone takes 5 ms to load
_CAPABILITIES_V3 = 0x20080522
_REFUSED = 126


def main(words: list[str]) -> None:
    """Limits first, the filter last: it may refuse what the steps before it need."""
    libc = ctypes.CDLL(None, use_errno=True)
    network, program, file_bytes, processes, reads, writes = words[:6]
    paths, command = words[6:], words[6 + int(reads) + int(writes) :]
    for number in (_PIPE, _FILE_SIZE):
        libc.signal(number, None)  # Python ignores them, and whoever it becomes would too
    _limit(int(file_bytes), int(processes))
    _check(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    header, nothing = struct.pack("<Ii", _CAPABILITIES_V3, 0), bytes(24)
    _check(libc.capset(header, nothing), "dropping capabilities")
    readable, writable = paths[: int(reads)], paths[int(reads) : int(reads) + int(writes)]
    _restrict(libc, readable, writable, network=network == "network")
    _filter(libc, bytes.fromhex(program))
    os.execv(command[0], command)


def _limit(file_bytes: int, processes: int) -> None:
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NPROC, processes),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or hard > wanted:
            resource.setrlimit(kind, (wanted, wanted))
    try:
        with open("/proc/self/oom_score_adj", "w") as first:  # noqa: PTH123 - loads less
            first.write("1000")  # where memory runs short
    except OSError:
        pass


def _restrict(
    libc: ctypes.CDLL, readable: list[str], writable: list[str], *, network: bool
) -> None:
    abi = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if abi < _SCOPE_ABI:
        _fail(f"the kernel's landlock is version {abi}, {_SCOPE_ABI} is needed")
    handled = (1 << 16) - 1  # every right over files that this version knows
    ports = 0 if network else 0b11  # binding and connecting
    attributes = struct.pack("<QQQ", handled, ports, 0b11)  # abstract sockets, signals
    ruleset = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    _check(ruleset, "the ruleset")
    for paths, rights in ((readable, _READ_RIGHTS), (writable, handled)):
        for path in paths:
            _allow(libc, ruleset, path, rights)
    _check(libc.syscall(_RESTRICT, ruleset, 0), "the restriction")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    if path.startswith(_LIST):
        path, rights = path[len(_LIST) :], _LIST_RIGHTS
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be shown
    if not stat.S_ISDIR(os.fstat(handle).st_mode):
        rights &= _FILE_RIGHTS
    rule = struct.pack("<Qi", rights, handle)
    _check(libc.syscall(_ADD, ruleset, 1, rule, 0), f"the rule for {path}")
    os.close(handle)


def _filter(libc: ctypes.CDLL, program: bytes) -> None:
    if not program:
        _fail("there is no filter of system calls")
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _check(libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0), "the filter")


def _check(result: int, what: str) -> None:
    if result < 0:
        _fail(f"{what} was refused: {os.strerror(ctypes.get_errno())}")


def _fail(why: str) -> None:
    sys.stderr.write(f"loopdeck sandbox: {why}\n")
    sys.stderr.flush()
    os._exit(_REFUSED)


if __name__ == "__main__":
    main(sys.argv[1:])
