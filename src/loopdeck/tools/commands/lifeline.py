"""Runs commands under keepers of another process, so that none of them survives Loopdeck.

A process that is killed can end nothing any more. So a command is started by a helper, under a
keeper of its own, which holds one end of a socket and ends everything once the other end is closed:
by us, or by the system because we are gone. One helper serves all commands of this process, as
starting a Python for each would cost more than most commands do.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import signal
import socket
import sys
from collections.abc import Generator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Self

from loopdeck.tools.commands import lifeline_helper
from loopdeck.tools.commands.halting import halts

STARTED, ENDED, FAILED = b"s", b"x", b"e"
_ASK, _HALT, _GO = b"t", b"h%d" % signal.SIGSTOP, b"g%d" % signal.SIGCONT
_MOST = 64  # bytes of a message
_NAMED, _NAME = "loopdeck", 15  # what the kernel keeps of a process's name


def keeper_name(session: str) -> str:
    """What the keepers of a session's commands are called, so that others find them."""
    return f"loop:{hashlib.sha256(session.encode()).hexdigest()}"[:_NAME]


def get_ready() -> None:
    """Start the helper now, so that the first command does not wait for it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the command will say what stands against it
            _nursery().begin()


class Ward:
    """One command under its keeper. `ended` becomes its exit code, negative for a signal.

    `begun` is done once it runs, or once `ended` knows why it does not.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._loop = asyncio.get_running_loop()
        self.begun: asyncio.Future[None] = self._loop.create_future()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(control, self._listen)
        halts().join(self)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        output: int,
        stdin: int | None = None,
        stderr: int | None = None,
        fds: Sequence[int] = (),
        above: int = 0,
        made: Sequence[str] = (),
        name: str = "",
    ) -> Self:
        """Start a command, given by its full path. Raises `OSError`.

        Without a `stdin` it reads nothing; without a `stderr` its errors are output too. `fds`
        stay open for it under their numbers. `above` is how many processes of a sandbox
        stand above it, `made` are folders of it that its keeper removes where we cannot any more,
        `name` is what its keeper is called.
        """
        own = ((0, stdin), (2, stderr), *((it, it) for it in fds))
        given = {number: it for number, it in own if it is not None}
        head = (str(above), (name or _NAMED)[:_NAME], str(cwd), *map(str, given))
        variables = [f"{name}={value}" for name, value in env.items()]
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs, _in_memory(_order(head, command, variables, made)) as order:
                _nursery().send([order, output, theirs.fileno(), *given.values()])
        except BaseException:
            ours.close()
            raise
        ours.setblocking(False)
        return cls(ours)

    def ask(self) -> None:
        """Ask it, and all that it started, to end."""
        self._tell(_ASK)

    def halt(self) -> None:
        """Stop it, with all that it started; while it has not begun, it does not."""
        self._tell(_HALT)

    def go_on(self) -> None:
        """Let go on what was stopped."""
        self._tell(_GO)

    async def end(self) -> None:
        """End all that is left and see the end; a cancellation meanwhile counts after that."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        cancelled = False
        while not self._gone.done():
            try:
                await asyncio.wait({self._gone})
            except asyncio.CancelledError:
                cancelled = True
        self.ended.exception()  # seen, also where nobody waits for it any more
        if cancelled:
            raise asyncio.CancelledError

    def _tell(self, message: bytes) -> None:
        with contextlib.suppress(OSError):
            self._control.send(message)

    def _listen(self) -> None:
        try:
            message = self._control.recv(_MOST)
        except (BlockingIOError, ConnectionResetError):
            return  # it ended before it had read all of ours: what it said is still to be read
        except OSError:
            message = b""
        kind, value = message[:1], message[1:]
        if kind == STARTED:
            self._begin()
        elif kind == ENDED:
            self._set(int(value))
        elif kind == FAILED:
            self._fail(int(value))
        else:
            self._leave()

    def _leave(self) -> None:
        """The keeper is gone; where it did not say how the command ended, somebody killed both."""
        self._loop.remove_reader(self._control)
        self._control.close()
        halts().leave(self)
        if self.begun.done():
            if not self.ended.done():
                _nursery().ring()
            self._set(-signal.SIGKILL)
        else:
            self._fail(errno.EAGAIN)
        self._gone.set_result(None)

    def _set(self, code: int) -> None:
        if not self.ended.done():
            self.ended.set_result(code)

    def _fail(self, number: int) -> None:
        if not self.ended.done():
            self.ended.set_exception(OSError(number, os.strerror(number)))
        self._begin()

    def _begin(self) -> None:
        if not self.begun.done():
            self.begun.set_result(None)


class Nursery:
    """The helper, which is started with the first command, and again where somebody ended it."""

    def __init__(self) -> None:
        self._orders: socket.socket | None = None
        self._pid = 0

    def begin(self) -> None:
        """Start it where it does not run. Raises `OSError`."""
        if self._orders is None:
            self._orders = self._started()

    def send(self, handles: Sequence[int]) -> None:
        """Have a command started. Raises `OSError`.

        Where the helper was ended, some of its keepers may still listen, but no new one will.
        """
        if self._orders is not None and not self._lives():
            self._orders.close()
            self._orders = None
        if self._orders is not None:
            try:
                socket.send_fds(self._orders, [_ASK], handles)
            except (BrokenPipeError, ConnectionResetError):
                self.close()
            else:
                return
        self._orders = self._started()
        socket.send_fds(self._orders, [_ASK], handles)

    def ring(self) -> None:
        """Have the helper end what has lost its keeper."""
        with contextlib.suppress(OSError):
            if self._orders is not None:
                self._orders.send(_ASK)

    def close(self) -> None:
        """End the helper; keepers and their commands stay."""
        if self._orders is not None:
            self._orders.close()
            self._orders = None
            with contextlib.suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)

    def _lives(self) -> bool:
        try:
            return os.waitpid(self._pid, os.WNOHANG)[0] == 0
        except ChildProcessError:
            return False

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        python, folder = sys.executable, str(Path(lifeline_helper.__file__).parents[3])
        quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (1, 2)]
        with theirs:
            self._pid = os.posix_spawn(
                python,
                (python, "-I", "-S", "-B", "-c", lifeline_helper.START, folder),
                {},
                file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0), *quiet],
            )
        return ours


@cache
def _nursery() -> Nursery:
    """The one of this process: it goes with the process, and no command outlives that."""
    return Nursery()


def _order(*lists: Sequence[str]) -> bytes:
    """The form that the helper reads: of each list the length, then the words."""
    words = [word for each in lists for word in (str(len(each)), *each)]
    return b"\0".join(map(os.fsencode, words))


@contextlib.contextmanager
def _in_memory(content: bytes) -> Generator[int]:
    """An open file that exists nowhere, at its beginning."""
    handle = os.memfd_create("loopdeck")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(content)
        os.lseek(handle, 0, os.SEEK_SET)
        yield handle
    finally:
        os.close(handle)
