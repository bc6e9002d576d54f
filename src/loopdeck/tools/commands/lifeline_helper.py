"""Starts commands, each under a keeper that ends all of it when Loopdeck is gone; its own program.

Run as `python -I -S lifeline_helper.py` with a socket as its standard input. Each message on it is
one command: an order, where its output goes, a socket to speak with Loopdeck, and what else stays
open for it. It becomes two: one turns into the command, the other keeps it. What leaves the group
of the command comes to the keeper when its parent ends. The keeper ends everything below itself
once the command has ended, or once the other end of its socket is closed, for whatever reason.
It knows nothing of Loopdeck and loads next to nothing: the first command waits for it.
"""

import _socket
import ctypes
import fcntl
import os
import select

TYPE_CHECKING = False  # as in `typing`, which would be loaded for it
if TYPE_CHECKING:
    from collections.abc import Callable
    from signal import SIG_BLOCK, pthread_sigmask, sigtimedwait
else:
    from _signal import SIG_BLOCK, pthread_sigmask, sigtimedwait

_NAME, _SUBREAPER = 15, 36
_KILL, _TERM, _CHILD = 9, 15, 17
_IGNORED = (13, 25)  # a broken pipe, too large a file: Python ignores them, a command must not
_MOST_HANDLES = 200
_TAKEN, _FREE, _NEWS = b"t", b"f", 5  # what a keeper says of itself, with its number
_HALT, _GO = b"h", b"g"  # what it is told beside a wish that the command ends, with a signal
_PEEK, _AT_ONCE, _CLOSED_ON_EXEC = 0x2, 0x40, 0x40000000
_MOVE, _HIGH = fcntl.F_DUPFD_CLOEXEC, 1_000  # above all numbers that a command asks for
_LOOK_S, _SHORT_LOOK_S, _PAUSE_S = 1.0, 0.02, 0.002
_ROUNDS = 2_500  # what cannot be killed in five seconds is left


def main() -> None:
    """Have a keeper ready for the next command, until Loopdeck is gone."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whoever started Loopdeck may have left some open
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    os.setsid()
    os.chdir("/")
    orders, (bell, rings) = _socket.socket(fileno=0), os.pipe()
    idle = dict[int, bool]()  # of each keeper
    while not is_over(orders):
        if not any(idle.values()) and (keeper := _forked(orders, rings)):
            idle[keeper] = True
        if select.select([bell], [], [], _LOOK_S)[0]:
            for at in range(0, len(news := os.read(bell, 1_000 * _NEWS)), _NEWS):
                idle[int.from_bytes(news[at + 1 : at + _NEWS])] = news[at : at + 1] == _FREE
        _end_strays(idle)


def _forked(orders: _socket.socket, rings: int) -> int:
    """A new keeper; 0 where there is no room for one more process."""
    try:
        keeper = os.fork()
    except OSError:
        return 0
    if not keeper:
        try:
            _serve(orders, rings)
        finally:
            os._exit(0)
    return keeper


def _serve(orders: _socket.socket, rings: int) -> None:
    """Keep one command after the other, as long as nothing is left of the last one."""
    libc = ctypes.CDLL(None)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    pthread_sigmask(SIG_BLOCK, (_CHILD,))  # as it is waited for
    own, is_clean = os.getpid().to_bytes(_NEWS - 1), True
    made: list[bytes] = []
    while is_clean and (handles := _received(orders)) is not None:
        if handles:
            os.write(rings, _TAKEN + own)
            is_clean = _keep(libc, made, *handles)
            for handle in handles:
                os.close(handle)
        os.write(rings, (_FREE if is_clean else _TAKEN) + own)
    if is_clean:
        _clear(made)
    os.write(rings, _TAKEN + own)


def is_over(orders: _socket.socket, is_ready: "Callable[[int], bool] | None" = None) -> bool:
    """Whether Loopdeck is gone. An order that waits is not taken from the keepers.

    A keeper may take it in this moment. Whoever waited here for the next one would be woken
    instead of a keeper, and the order would lie there.
    """
    try:
        return (is_ready or _is_ready)(orders.fileno()) and not orders.recv(1, _PEEK | _AT_ONCE)
    except BlockingIOError:
        return False


def _end_strays(idle: dict[int, bool]) -> None:
    """End what lost its keeper, and forget keepers that somebody ended."""
    ended: dict[int, int] = {}
    _reap(ended)
    for pid in ended:
        idle.pop(pid, None)
    _signal_all([pid for pid in _children(os.getpid()) if pid not in idle], _KILL)


def _received(orders: _socket.socket) -> list[int] | None:
    """The handles of the next order: none for a mere ring of the bell, `None` at the end."""
    room = _socket.CMSG_SPACE(4 * _MOST_HANDLES)
    message, extra, _, _ = orders.recvmsg(1, room, _CLOSED_ON_EXEC)
    handles: list[int] = []
    for _, _, data in extra:
        handles += memoryview(data[: len(data) // 4 * 4]).cast("i")
    return handles if message else None


def _keep(
    libc: ctypes.CDLL, made: list[bytes], order: int, output: int, control: int, *passed: int
) -> bool:
    """Start one command and stay with it to its end; whether nothing is left of it."""
    (above, name, folder, *numbers), words, variables, made[:] = _read(order)
    env = {key: value for key, _, value in (line.partition(b"=") for line in variables)}
    libc.prctl(_NAME, name, 0, 0, 0)
    if not _is_wanted(control):
        return True
    try:
        os.chdir(folder)
        command = _spawn(words, env, output, dict(zip(map(int, numbers), passed, strict=True)))
    except OSError as error:
        _say(control, b"e%d" % (error.errno or 0))
        return True
    finally:
        os.chdir("/")  # who is at work in that folder is the command, and not its keeper
    _say(control, b"s")
    ended = _wait(control, command, int(above))
    is_clean = _sweep(ended)
    _say(control, b"x%d" % os.waitstatus_to_exitcode(ended.get(command, _KILL)))
    return is_clean


def _is_wanted(control: int) -> bool:
    """Whether a command is to begin, once Loopdeck is not stopped; nothing else is said before."""
    word = _GO
    while word == _HALT or (word == _GO and _is_ready(control)):
        word = _heard(control)[:1]
    return word == _GO


def _spawn(words: list[bytes], env: dict[bytes, bytes], output: int, passed: dict[int, int]) -> int:
    """Start the command, with these handles and no others."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    wanted = {0: nothing, 1: output, 2: output, **passed}
    # First out of the way of all numbers that the command asks for.
    moved = {number: fcntl.fcntl(it, _MOVE, _HIGH) for number, it in wanted.items()}
    actions = [(os.POSIX_SPAWN_DUP2, it, number) for number, it in moved.items()]
    pid = os.posix_spawn(
        words[0], words, env, file_actions=actions, setsid=True, setsigdef=_IGNORED, setsigmask=()
    )
    for handle in (nothing, *moved.values()):
        os.close(handle)
    return pid


def _read(order: int) -> list[list[bytes]]:
    """An order: four lists, each a number of words and the words."""
    with os.fdopen(os.dup(order), "rb") as file:
        words = iter(file.read().split(b"\0"))
    return [[next(words) for _ in range(int(next(words)))] for _ in range(4)]


def _wait(control: int, command: int, above: int) -> dict[int, int]:
    """Until the command has ended, or whoever waits for it wants no more of it."""
    ended, halted = dict[int, int](), list[int]()
    watched, pause = [control], _LOOK_S
    try:
        watched.append(os.pidfd_open(command))
    except OSError:
        pause = _SHORT_LOOK_S  # a kernel that does not tell
    while command not in ended:
        select.select(watched, [], [], pause)
        _reap(ended)  # whoever came to the keeper and ended, too
        if command not in ended and _is_ready(control):
            if not (word := _heard(control)):
                break
            _obey(word, above, halted)
    for handle in watched[1:]:
        os.close(handle)
    return ended


def _is_ready(control: int) -> bool:
    """Whether something was said, or the other end is closed."""
    return bool(select.select([control], [], [], 0)[0])


def _heard(control: int) -> bytes:
    """What was said; nothing once the other end is closed."""
    try:
        return os.read(control, 16)
    except OSError:
        return b""


def _obey(word: bytes, above: int, halted: list[int]) -> None:
    """Have it stop, with all that it started, and go on, the last one first.

    Or ask all to end that is below so many processes of a sandbox.
    """
    if word[:1] == _HALT:
        while _halt(int(word[1:]), halted):
            continue  # whoever was born meanwhile, too
    elif word[:1] == _GO:
        while halted:
            _signal(halted.pop(), int(word[1:]))
    else:
        found = _children(os.getpid())
        for _ in range(above):
            found = [child for pid in found for child in _children(pid)]
        _signal_all(found, _TERM)


def _halt(number: int, halted: list[int]) -> bool:
    """Stop each before what it started, as who is stopped starts nothing; whether one was new."""
    found, before = _children(os.getpid()), len(halted)
    for pid in found:  # which grows meanwhile
        if pid not in halted:
            halted.append(pid)
            _signal(pid, number)
        found += _children(pid)
    return len(halted) > before


def _sweep(ended: dict[int, int]) -> bool:
    """End everything that is left; False for what cannot be ended."""
    for _ in range(_ROUNDS):
        if not _reap(ended):
            return True
        _signal_all(_children(os.getpid()), _KILL)
        sigtimedwait((_CHILD,), _PAUSE_S)  # until one ends, which is mostly less
    return False


def _reap(ended: dict[int, int]) -> bool:
    """Take in who has ended; False once there is nobody left."""
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return True
            ended[pid] = status
    except ChildProcessError:
        return False


def _signal_all(found: list[int], number: int) -> None:
    """Send a signal to these processes and all below them."""
    for pid in found:  # which grows meanwhile
        found += _children(pid)
        _signal(pid, number)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except OSError:
        return  # it has ended meanwhile, or has more rights than Loopdeck


def _children(pid: int) -> list[int]:
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


def _clear(made: list[bytes]) -> None:
    """Remove the empty folders of the last command's sandbox, if Loopdeck did not live to do it."""
    for folder in reversed(made):
        try:
            os.rmdir(folder)  # noqa: PTH106 - a `Path` takes longer to load than all of this
        except OSError:
            continue  # something is in it, or it is gone


def _say(control: int, message: bytes) -> None:
    try:
        os.write(control, message)
    except OSError:
        return  # nobody listens any more


if __name__ == "__main__":
    main()
