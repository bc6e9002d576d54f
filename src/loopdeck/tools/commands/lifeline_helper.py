"""The program that starts commands, each under a keeper; it runs beside Loopdeck, by itself.

Its standard input is a socket. Each message on it is one command: an order, where its output goes,
a socket to speak with Loopdeck, and what else stays open for it. A keeper that is free takes it and
becomes two: one turns into the command, the other keeps it. All of it loads next to nothing, as the
first command waits for it.
"""

import _socket
import ctypes
import os
import select

from loopdeck.tools.commands.below import CHILD, children, kill_all, reap
from loopdeck.tools.commands.keeper import clear, is_ready, keep

TYPE_CHECKING = False  # as in `typing`, which would be loaded for it
if TYPE_CHECKING:
    from collections.abc import Callable
    from signal import SIG_BLOCK, pthread_sigmask
else:
    from _signal import SIG_BLOCK, pthread_sigmask

START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from loopdeck.tools.commands.lifeline_helper import main; main()"
)
"""What Python is told, with the folder that Loopdeck is in."""
_SUBREAPER = 36
_MOST_HANDLES = 200
_TAKEN, _FREE, _NEWS = b"t", b"f", 5  # what a keeper says of itself, with its number
_PEEK, _AT_ONCE, _CLOSED_ON_EXEC = 0x2, 0x40, 0x40000000
_LOOK_S = 1.0


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
    pthread_sigmask(SIG_BLOCK, (CHILD,))  # as it is waited for
    own, is_clean = os.getpid().to_bytes(_NEWS - 1), True
    made: list[bytes] = []
    while is_clean and (handles := _received(orders)) is not None:
        if handles:
            os.write(rings, _TAKEN + own)
            is_clean = keep(libc, made, *handles)
            for handle in handles:
                os.close(handle)
        os.write(rings, (_FREE if is_clean else _TAKEN) + own)
    if is_clean:
        clear(made)
    os.write(rings, _TAKEN + own)


def is_over(orders: _socket.socket, ready: "Callable[[int], bool] | None" = None) -> bool:
    """Whether Loopdeck is gone. An order that waits is not taken from the keepers.

    A keeper may take it in this moment. Whoever waited here for the next one would be woken
    instead of a keeper, and the order would lie there.
    """
    try:
        return (ready or is_ready)(orders.fileno()) and not orders.recv(1, _PEEK | _AT_ONCE)
    except BlockingIOError:
        return False


def _end_strays(idle: dict[int, bool]) -> None:
    """End what lost its keeper, and forget keepers that somebody ended."""
    ended: dict[int, int] = {}
    reap(ended)
    for pid in ended:
        idle.pop(pid, None)
    kill_all([pid for pid in children(os.getpid()) if pid not in idle])


def _received(orders: _socket.socket) -> list[int] | None:
    """The handles of the next order: none for a mere ring of the bell, `None` at the end."""
    room = _socket.CMSG_SPACE(4 * _MOST_HANDLES)
    message, extra, _, _ = orders.recvmsg(1, room, _CLOSED_ON_EXEC)
    handles: list[int] = []
    for _, _, data in extra:
        handles += memoryview(data[: len(data) // 4 * 4]).cast("i")
    return handles if message else None
