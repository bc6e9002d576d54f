"""A sandbox that passed its test: it surrounds one command, and tidies up after it."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from loopdeck.errors import ToolError
from loopdeck.tools.sandbox import bubblewrap, landlock, seccomp
from loopdeck.tools.sandbox.profile import Profile
from loopdeck.tools.sandbox.sockets import without_sockets
from loopdeck.tools.sandbox.survey import Request, survey
from loopdeck.tools.sandbox.watching import Watch

COVER = b"[kept from this command: a secret by its name, or forbidden by a rule of your human]\n"
"""What a covered file holds."""

# Sockets of the desktop and of agents: unreachable inside, so their addresses would only confuse.
_UNREACHABLE = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "DOCKER_HOST",
    "GPG_AGENT_INFO",
    "SSH_AGENT_PID",
    "SSH_AUTH_SOCK",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
)


class Backend(StrEnum):
    """The means there are, best first."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"


@dataclass(slots=True)
class Launch:
    """A command line that runs inside, what it needs, and what was put back after it.

    `made` are folders that are empty and go away again, whatever becomes of us.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    fds: tuple[int, ...] = ()
    above: int = 0
    made: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One backend for one person: `home` is what is hidden, `own` are Loopdeck's own folders.

    `room` is what a private folder may hold in bytes, where the backend can bound that.
    """

    backend: Backend
    home: Path
    own: tuple[Path, ...] = ()
    program: str = ""
    room: int = 0
    _made: dict[str, int] = field(default_factory=dict[str, int], compare=False)

    @contextlib.contextmanager
    def around(
        self, request: Request, argv: Sequence[str], env: Mapping[str, str]
    ) -> Generator[Launch]:
        """Everything that has to be there while `argv`, which begins with a bash, runs.

        `restored` of the launch is filled in when it is over. Raises `ToolError` where this
        workspace cannot be guarded.
        """
        profile = survey(request, home=self.home, own=self.own, ours=self._made)
        kept = {name: value for name, value in env.items() if name not in _UNREACHABLE}
        match self.backend:
            case Backend.BUBBLEWRAP:
                means = self._bubblewrap(profile, argv, kept)
            case Backend.LANDLOCK:
                means = self._landlock(profile, argv, kept)
            case _:
                assert_never(self.backend)
        with means as launch:
            yield launch

    @contextlib.contextmanager
    def _bubblewrap(
        self, profile: Profile, argv: Sequence[str], env: dict[str, str]
    ) -> Generator[Launch]:
        watch = _watch(profile.watched)
        profile = without_sockets(profile)
        with contextlib.ExitStack() as handles:
            limits = _in_memory(handles)
            os.write(limits, bubblewrap.limiting(profile.limits, limits).encode())
            code = seccomp.assemble()
            filters = [_in_memory(handles, code)] if code else []
            hidden = [mount for mount in profile.mounts if mount.access in bubblewrap.LAID_OVER]
            covers = [_in_memory(handles, COVER) for _ in hidden]
            words = bubblewrap.wrap(
                profile,
                argv,
                program=self.program,
                filter_fd=filters[0] if filters else None,
                covers=covers,
                room=self.room,
            )
            inside = {**env, "BASH_ENV": f"/proc/self/fd/{limits}"}
            launch = Launch(words, inside, (limits, *filters, *covers), above=2, made=profile.made)
            self._count(profile.made, 1)
            try:
                yield launch
            finally:
                self._count(profile.made, -1)
                launch.restored = watch.restore()

    @contextlib.contextmanager
    def _landlock(
        self, profile: Profile, argv: Sequence[str], env: dict[str, str]
    ) -> Generator[Launch]:
        watch = _watch(landlock.guarded(profile))
        scratch = tempfile.mkdtemp(prefix="loopdeck-")
        # A hidden file is forbidden here and not absent, which programs take worse.
        own = {"TMPDIR": scratch, "XDG_CACHE_HOME": scratch, "GIT_CONFIG_GLOBAL": os.devnull}
        launch = Launch((), {**env, **own})
        try:
            python = self.program or sys.executable
            launch.argv = landlock.wrap(profile, argv, python=python, scratch=scratch)
            yield launch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            launch.restored = watch.restore()

    def _count(self, made: tuple[str, ...], by: int) -> None:
        """Keep account of who needs the empty folders under the seals; the last one clears up."""
        for path in made:
            left = self._made.get(path, 0) + by
            self._made[path] = left
            if left <= 0:
                del self._made[path]
                with contextlib.suppress(OSError):  # not ours to remove once something is in it
                    Path(path).rmdir()


def _watch(paths: Sequence[str]) -> Watch:
    try:
        return Watch.over(paths)
    except OSError as error:
        raise ToolError(f"The sandbox cannot guard this workspace: {error}.") from error


def _in_memory(handles: contextlib.ExitStack, content: bytes = b"") -> int:
    """An open file that exists nowhere, at its beginning."""
    handle = os.memfd_create("loopdeck")
    handles.callback(os.close, handle)
    os.write(handle, content)
    os.lseek(handle, 0, os.SEEK_SET)
    return handle
