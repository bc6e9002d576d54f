"""Decoys that listen on this machine, out of reach of any sandbox, and whether somebody came."""

import contextlib
import os
import socket
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 100  # a socket's path has room for little more


@dataclass(frozen=True, slots=True)
class Decoys:
    """One for each way to talk to another process: `port` is TCP's, `datagrams` that of UDP.

    `names` are those of local sockets; one that begins with `@` is no file.
    """

    port: int
    datagrams: int
    names: tuple[str, ...]
    _sockets: tuple[tuple[str, socket.socket], ...]

    def reached(self) -> str:
        """What somebody has reached, in words; nothing if nobody came."""
        return next((what for what, service in self._sockets if _has_guest(service)), "")


@contextlib.contextmanager
def decoys(folder: Path) -> Generator[Decoys]:
    """They listen as long as this lasts; one of them is a file in `folder`."""
    names = [f"@loopdeck-trial-{os.getpid()}-{folder.name[:40]}"]
    if len(path := str(folder / "socket")) <= _LONGEST:
        names.append(path)
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        local = [stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in names]
        for service, name in zip(local, names, strict=True):
            service.bind(name.replace("@", "\0", 1) if name[0] == "@" else name)
            service.listen()
        found = [("the network", tcp), ("the network by UDP", udp)]
        found += [("a service on this machine", service) for service in local]
        for _, service in found:
            service.setblocking(False)
        port, datagrams = tcp.getsockname()[1], udp.getsockname()[1]
        yield Decoys(port, datagrams, tuple(names), tuple(found))


def _has_guest(service: socket.socket) -> bool:
    try:
        if service.type is socket.SOCK_DGRAM:
            service.recv(1)
        else:
            service.accept()[0].close()
    except BlockingIOError:
        return False
    return True
