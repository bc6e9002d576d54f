"""The plug is pulled while a writer commits: nothing that it was told is kept may be gone.

`ext4`: a file system of its own in a file, which the kernel shuts down without writing its log, as
a power cut would (needs root on Linux). `torn sectors`: the files are copied in the middle of a
commit, and of what changed since the last acknowledgement any sector may be missing (anywhere).
A writer that syncs less is cut beside ours, to show that the cut can take something away.
"""

import asyncio
import fcntl
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from loopdeck.errors import LoopdeckError
from loopdeck.journal.checking import unsound
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.session.invariants import problems
from tests.chaos.launching import ROOT, SOURCES
from tests.journal.kennel import WIDTH

Sync = Literal["full", "normal"]
ROUNDS = 12
LONGEST_S = 0.5
LONGEST_HALT_S = 0.002
SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH = struct.pack("I", 2)
DISK_BYTES = 64 * 1024 * 1024
SECTOR = 512
FILES = ("loopdeck.db", "loopdeck.db-wal")


@dataclass
class Found:
    """What cuts have taken away."""

    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list[str])

    def add(self, said: int, kept: int, wrong: list[str]) -> None:
        """Count one cut."""
        self.rounds += 1
        self.acknowledged += said
        self.lost += max(0, said - kept)
        self.wrong += wrong

    def __str__(self) -> str:
        said = f"{self.rounds} cuts, {self.acknowledged} events acknowledged, {self.lost} lost"
        return "\n  ".join((said, *self.wrong))


def report() -> bool:
    """What was done, by its name, and what was found."""
    torn = torn_sectors(seed=1, rounds=4 * ROUNDS)
    _say(f"power cut, torn sectors: {torn}")
    ok = not (torn.lost or torn.wrong)
    if missing := no_ext4():
        _say(f"power cut, ext4: not done, {missing}")
        return ok
    # Where others see the mount, one of them may keep the file system that was cut alive.
    alone = ("unshare", "--mount", sys.executable, "-m", "tests.chaos.powercut")
    return subprocess.run(alone, cwd=ROOT, env=_env(), check=False).returncode == 0 and ok


def main() -> int:
    """The cuts of a real file system, for a process that has its mounts for itself."""
    try:
        ours, control = cut_ext4("full", seed=1), cut_ext4("normal", seed=1)
    except subprocess.CalledProcessError as error:
        _say(f"power cut, ext4: not done, {error.stderr.decode().strip()}")
        return 0
    _say(f"power cut, ext4: {ours}")
    _say(f"power cut, ext4, a writer that syncs less: {control}")
    return 1 if ours.lost or ours.wrong else 0


def no_ext4() -> str:
    """Why no file system of our own can be cut here; empty where it can."""
    if sys.platform != "linux" or os.geteuid():
        return "it needs root on Linux"
    tools = ("mkfs.ext4", "mount", "umount", "unshare")
    missing = [name for name in tools if not shutil.which(name)]
    return f"there is no {missing[0]}" if missing else ""


def cut_ext4(sync: Sync, *, seed: int, rounds: int = ROUNDS) -> Found:
    """Writers on a disk whose plug is pulled."""
    random, found = Random(seed), Found()
    for _ in range(rounds):
        with _disk() as disk:
            with _writing(disk.place / FILES[0], sync, random.getrandbits(32)) as writer:
                time.sleep(random.random() * LONGEST_S)
                said = _said_by_now(writer)
                disk.cut()
            disk.come_back()
            found.add(said, *asyncio.run(_kept(disk.place / FILES[0])))
    return found


def torn_sectors(*, seed: int, rounds: int) -> Found:
    """One writer that is halted again and again; each time the disk is what a cut might leave."""
    random, found = Random(seed), Found()
    with tempfile.TemporaryDirectory(prefix="loopdeck-cut-") as name:
        live, image = Path(name, "live"), Path(name, "image")
        live.mkdir()
        with _writing(live / FILES[0], "full", seed) as writer:
            halts = _Halts(writer, live)
            while found.rounds < rounds:
                before = halts.halted()
                synced = halts.said
                time.sleep(random.random() * LONGEST_HALT_S)
                after = halts.halted()
                if not synced or halts.said > synced:
                    continue  # more was promised meanwhile: these are not two views of one commit
                shutil.rmtree(image, ignore_errors=True)
                image.mkdir()
                for part, content in _torn(before, after, random).items():
                    (image / part).write_bytes(content)
                found.add(synced, *asyncio.run(_kept(image / FILES[0])))
    return found


def _said_by_now(writer: subprocess.Popen[bytes], before: int = 0) -> int:
    """What was acknowledged; what is said after a cut is the word of a kernel that gives up."""
    assert writer.stdout is not None
    said = b""
    with suppress(BlockingIOError):
        while part := os.read(writer.stdout.fileno(), 65_536):
            said += part
    return int.from_bytes(said[-WIDTH:], "big") if said else before


class _Halts:
    """Stops a writer for a moment and copies what is in its files."""

    def __init__(self, writer: subprocess.Popen[bytes], folder: Path) -> None:
        self.said = 0
        self._writer = writer
        self._folder = folder

    def halted(self) -> dict[str, bytes]:
        """The files now; `said` is what was acknowledged by now."""
        self._writer.send_signal(signal.SIGSTOP)
        os.waitpid(self._writer.pid, os.WUNTRACED)
        try:
            self.said = _said_by_now(self._writer, self.said)
            return {part: _bytes(self._folder / part) for part in FILES}
        finally:
            self._writer.send_signal(signal.SIGCONT)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _torn(before: dict[str, bytes], after: dict[str, bytes], random: Random) -> dict[str, bytes]:
    """What may be on a disk of which the second view was not synced yet.

    SQLite syncs its log before it merges it, and the head of the log before what follows: where
    the database has changed the log is whole, and its head is never older than its frames.
    """
    base, log = FILES
    if before[base] != after[base]:
        return {base: _mixed(before[base], after[base], random), log: after[log]}
    mixed = after[log][:SECTOR] + _mixed(before[log], after[log], random)[SECTOR:]
    return {base: after[base], log: mixed}


def _mixed(before: bytes, after: bytes, random: Random) -> bytes:
    """Each sector that changed as it was or as it became; what was not there may be zeros."""
    sectors: list[bytes] = []
    for at in range(0, len(after), SECTOR):
        old, new = before[at : at + SECTOR], after[at : at + SECTOR]
        sectors.append(new if random.random() < 0.5 else old.ljust(len(new), b"\0")[: len(new)])
    return b"".join(sectors)


async def _kept(path: Path) -> tuple[int, list[str]]:
    """How many events a database has, and what is wrong with it."""
    try:
        async with await SqliteJournal.open(path) as journal:
            records = await journal.read("s1", limit=1_000_000)
            return len(records), [*problems(records), *await unsound(journal)]
    except LoopdeckError as error:
        return 0, [str(error)]


@contextmanager
def _writing(path: Path, sync: Sync, seed: int) -> Generator[subprocess.Popen[bytes]]:
    """A writer at work: it has kept something."""
    words = (sys.executable, "-m", "tests.chaos.writer", str(path), str(seed), sync)
    quiet = subprocess.DEVNULL  # of the ends of writers whose disk is gone
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=quiet, cwd=ROOT, env=_env()
    ) as writer:
        assert writer.stdout is not None
        select.select([writer.stdout], [], [], 20)
        os.set_blocking(writer.stdout.fileno(), False)
        try:
            yield writer
        finally:
            writer.kill()


class _Disk:
    """A file system in a file. `come_back` is what happens when the power does."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self._file = folder / "disk.img"
        self.place.mkdir()
        with self._file.open("wb") as file:
            file.truncate(DISK_BYTES)
        _do("mkfs.ext4", "-q", str(self._file))
        self.come_back()

    def cut(self) -> None:
        """Nothing reaches the disk from here on, not even what the kernel already has."""
        handle = os.open(self.place, os.O_RDONLY)
        fcntl.ioctl(handle, SHUT_DOWN, NO_LOG_FLUSH)
        os.close(handle)

    def come_back(self) -> None:
        """Mount what is on the disk."""
        self.go()
        _do("mount", "-o", "loop", str(self._file), str(self.place))

    def go(self) -> None:
        """Unmount it, if it is mounted."""
        if self.place.is_mount():
            _do("umount", str(self.place))


@contextmanager
def _disk() -> Generator[_Disk]:
    with tempfile.TemporaryDirectory(prefix="loopdeck-cut-") as name:
        disk = _Disk(Path(name))
        try:
            yield disk
        finally:
            disk.go()


def _do(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": SOURCES}


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
