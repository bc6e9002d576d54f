"""A filter of system calls that no ordinary program needs, assembled by hand for the kernel.

Each instruction is a `struct sock_filter`: code, jump if true, jump if false, operand. A program
gets an ordinary "not permitted" and not a signal, so it can say what it wanted.
"""

import errno
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NR, _ARCH, _ARGS = 0, 4, 16  # offsets in `struct seccomp_data`
_X32 = 0x40000000
_NEW_USER = 0x10000000
_TERMINAL = (0x5412, 0x541C)  # TIOCSTI types into a terminal, TIOCLINUX pastes into a console
_AS_ANOTHER = 0o6000  # a program with such a mode runs as its owner, whoever starts it
_MAKES = 0x400040  # O_CREAT, O_TMPFILE: only then does opening a file have a mode

# Numbers that are the same on every architecture: io_uring, the newer mount calls, pidfd_getfd.
_NEWER = (*range(425, 434), 438, 442)
_CLONE3 = 435
_OPENAT2 = 437
_FCHMODAT2 = 452


@dataclass(frozen=True, slots=True)
class _Machine:
    """What differs between architectures."""

    audit: int
    refused: tuple[int, ...]
    ioctl: int
    clone: int
    unshare: int
    socket: int
    modes: tuple[tuple[int, int], ...]  # calls that set a mode, and which argument it is
    opens: tuple[tuple[int, int], ...]  # calls whose flags are this argument, the mode the next


_MACHINES = {
    # ptrace, the kernel's log, mounts, swap, clocks, modules, kexec, keys, bpf, file handles,
    # namespaces of others, memory of others, userfaultfd
    "x86_64": _Machine(
        audit=0xC000003E,
        refused=(
            *(101, 103, 155, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 175, 176),
            *(179, 180, 227, 246, 248, 249, 250, 298, 303, 304, 305, 308, 310, 311, 313, 320, 321),
            323,
        ),
        ioctl=16,
        clone=56,
        unshare=272,
        socket=41,
        modes=((90, 1), (91, 1), (85, 1), (133, 1), (259, 2), (268, 2), (_FCHMODAT2, 2)),
        opens=((2, 1), (257, 2)),
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        refused=(
            *(39, 40, 41, 42, 51, 60, 89, 104, 105, 106, 112, 116, 117, 142, 161, 162, 170, 217),
            *(218, 219, 224, 225, 241, 264, 265, 266, 268, 270, 271, 273, 280, 282, 294),
        ),
        ioctl=29,
        clone=220,
        unshare=97,
        socket=198,
        modes=((52, 1), (53, 2), (33, 2), (_FCHMODAT2, 2)),
        opens=((56, 2),),
    ),
}


@lru_cache
def assemble(*, sockets: bool = True, machine: str | None = None) -> bytes:
    """The filter as the kernel reads it; empty for a machine whose numbers are not known.

    `sockets=False` refuses every new socket but pairs: for a backend that cannot take the network
    away by other means.
    """
    known = _MACHINES.get(machine or platform.machine())
    if known is None:
        return b""
    return b"".join(_program(known, sockets=sockets))


def _program(machine: _Machine, *, sockets: bool) -> Iterator[bytes]:
    yield _op(_LOAD, _ARCH)
    yield _op(_EQUAL, machine.audit, yes=1)
    yield _fail(errno.ENOSYS)  # a program of another architecture has other numbers
    yield _op(_LOAD, _NR)
    yield _op(_AT_LEAST, _X32, no=1)
    yield _fail(errno.ENOSYS)
    refused = [*machine.refused, *_NEWER]
    if not sockets:
        refused.append(machine.socket)
    for number in refused:
        yield _op(_EQUAL, number, no=1)
        yield _fail(errno.EPERM)
    for number in (_CLONE3, _OPENAT2):
        yield _op(_EQUAL, number, no=1)
        yield _fail(errno.ENOSYS)  # what it asks is in memory; programs fall back to older calls
    yield from _no_other_self(machine)
    for number in (machine.clone, machine.unshare):
        yield _op(_EQUAL, number, no=4)
        yield _op(_LOAD, _ARGS)
        yield _op(_ANY_BIT, _NEW_USER, no=1)
        yield _fail(errno.EPERM)
        yield _op(_RETURN, _ALLOW)
    yield _op(_EQUAL, machine.ioctl, no=1 + 2 * len(_TERMINAL))
    yield _op(_LOAD, _ARGS + 8)
    for request in _TERMINAL:
        yield _op(_EQUAL, request, no=1)
        yield _fail(errno.EPERM)
    yield _op(_RETURN, _ALLOW)


def _no_other_self(machine: _Machine) -> Iterator[bytes]:
    """No program may be left behind that lends its owner's rights to whoever starts it outside."""
    refused = (_op(_ANY_BIT, _AS_ANOTHER, no=1), _fail(errno.EPERM), _op(_RETURN, _ALLOW))
    for number, mode in machine.modes:
        yield _op(_EQUAL, number, no=4)
        yield _op(_LOAD, _ARGS + 8 * mode)
        yield from refused
    for number, flags in machine.opens:
        yield _op(_EQUAL, number, no=6)
        yield _op(_LOAD, _ARGS + 8 * flags)
        yield _op(_ANY_BIT, _MAKES, no=3)
        yield _op(_LOAD, _ARGS + 8 * (flags + 1))
        yield from refused


def _fail(number: int) -> bytes:
    return _op(_RETURN, _ERROR | number)


def _op(code: int, operand: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, operand)
