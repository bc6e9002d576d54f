"""A program with its three pipes, all of which ends when it is to, and when Loopdeck is gone."""

import asyncio
import errno
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import Self

from loopdeck.tools.commands.groups import Group
from loopdeck.tools.commands.lifeline import Ward

GRACE = 0.5  # seconds to end by itself, and again after it was asked to
CHUNK = 65_536


class Piped:
    """What it is told goes into `stdin`; what it says comes out of `stdout` and `stderr`."""

    stdin: asyncio.StreamWriter

    def __init__(self, held: Ward | Group) -> None:
        self.stdout = asyncio.StreamReader(CHUNK)
        self.stderr = asyncio.StreamReader(CHUNK)
        self._held = held
        self._ends: list[asyncio.BaseTransport] = []

    @classmethod
    async def start(cls, command: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Self:
        """Start it, and see that it runs. Raises `OSError`."""
        words = (_program(command[0], cwd, env), *command[1:])
        (into, told), (says, out), (errs, err) = os.pipe(), os.pipe(), os.pipe()
        try:
            held = await _held(words, cwd, env, (into, out, err))
        except BaseException:
            for handle in (told, says, errs):
                os.close(handle)
            raise
        finally:
            for handle in (into, out, err):
                os.close(handle)
        self = cls(held)
        pipes = (os.fdopen(told, "wb", 0), os.fdopen(says, "rb", 0), os.fdopen(errs, "rb", 0))
        try:
            await self._begin(*pipes)
        except BaseException:  # whoever is cancelled on the way leaves nothing running either
            await self.end()
            for pipe in pipes:
                pipe.close()
            raise
        return self

    async def end(self) -> None:
        """Ask it to end, tell it to, make it: all that it started, and no wait is long."""
        for end in self._ends[:1]:  # its input, which ends most of them
            end.close()
        try:
            if not await self._over():
                self._held.ask()
                await self._over()
        finally:  # whoever is cancelled meanwhile leaves nothing running either
            try:
                await self._held.end()
            finally:
                for end in self._ends:
                    end.close()

    async def _begin(self, told: FileIO, says: FileIO, errs: FileIO) -> None:
        self.stdin = await _writer(told)
        self._ends.append(self.stdin.transport)
        await self._hear(self.stdout, says)
        await self._hear(self.stderr, errs)
        await self._held.begun
        if self._held.ended.done():
            self._held.ended.result()

    async def _hear(self, reader: asyncio.StreamReader, pipe: FileIO) -> None:
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        self._ends.append(transport)

    async def _over(self) -> bool:
        done, _ = await asyncio.wait({self._held.ended}, timeout=GRACE)
        return bool(done)


async def _held(
    words: Sequence[str], cwd: Path, env: Mapping[str, str], handles: tuple[int, int, int]
) -> Ward | Group:
    into, out, err = handles
    if sys.platform == "linux":
        return Ward.start(words, cwd=cwd, env=env, stdin=into, output=out, stderr=err)
    return await Group.start(words, cwd=cwd, env=env, stdin=into, output=out, stderr=err)


async def _writer(pipe: FileIO) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()),  # which nothing comes from
        pipe,
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)


def _program(name: str, cwd: Path, env: Mapping[str, str]) -> str:
    """The full path of a program, as the system would find it. Raises `OSError`."""
    path = str(cwd / name) if os.sep in name else shutil.which(name, path=env.get("PATH"))
    if path is None or not Path(path).exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return path
