"""The processes below another: found, signalled, halted, ended and taken in.

Part of the helper, so it loads next to nothing.
"""

import os

TYPE_CHECKING = False  # as in `typing`, which would be loaded for it
if TYPE_CHECKING:
    from signal import sigtimedwait
else:
    from _signal import sigtimedwait

CHILD = 17  # the signal for one that ended
_KILL = 9
_PAUSE_S, _ROUNDS = 0.002, 2_500  # what cannot be killed in five seconds is left


def sweep(ended: dict[int, int]) -> bool:
    """End everything that is left; False for what cannot be ended. `CHILD` must be blocked."""
    for _ in range(_ROUNDS):
        if not reap(ended):
            return True
        kill_all(children(os.getpid()))
        sigtimedwait((CHILD,), _PAUSE_S)  # until one ends, which is mostly less
    return False


def reap(ended: dict[int, int]) -> bool:
    """Take in who has ended; False once there is nobody left."""
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return True
            ended[pid] = status
    except ChildProcessError:
        return False


def signal_all(found: list[int], number: int) -> None:
    """Send a signal to these processes and all below them."""
    for pid in found:  # which grows meanwhile
        found += children(pid)
        signal(pid, number)


def kill_all(found: list[int]) -> None:
    """End these processes and all below them."""
    signal_all(found, _KILL)


def signal(pid: int, number: int) -> None:
    """Send one, if it is there to be sent to."""
    try:
        os.kill(pid, number)
    except OSError:
        return  # it has ended meanwhile, or has more rights than Loopdeck


def children(pid: int) -> list[int]:
    """The children of all threads of a process."""
    found: list[int] = []
    try:
        for thread in os.scandir(f"/proc/{pid}/task"):
            handle = os.open(f"{thread.path}/children", os.O_RDONLY)
            found += map(int, os.read(handle, 1 << 20).split())
            os.close(handle)
    except OSError:
        pass  # it has ended meanwhile
    return found


def halt(number: int, halted: list[int]) -> bool:
    """Stop each before what it started, as who is stopped starts nothing; whether one was new."""
    found, before = children(os.getpid()), len(halted)
    for pid in found:  # which grows meanwhile
        if pid not in halted:
            halted.append(pid)
            signal(pid, number)
        found += children(pid)
    return len(halted) > before
