"""What git would obey in a folder: the settings of every repository that a command may look at.

Reading them runs nothing but git itself, which is kept from running anything.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loopdeck.errors import ToolError
from loopdeck.tools.git.asking import ask
from loopdeck.tools.git.stamps import Stamp, stamp

LISTING = ("config", "--list", "-z", "--show-scope", "--show-origin", "--includes")
_ROOTS = ("rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir")
_LINKS = ("ls-files", "--stage", "-z", "--full-name", "--", ":/")
_MAX_FOLDERS = 24
_MAX_REPOSITORIES = 60
_MAX_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as git reads it: `scope` is system, global, local, worktree or command."""

    scope: str
    origin: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class _Repository:
    """What git says of a folder: where its files begin, what it obeys, what lies inside it."""

    top: str
    settings: tuple[Setting, ...]
    inner: tuple[str, ...] = ()


@dataclass(slots=True)
class GitSettings:
    """Asks git, and keeps what it said for as long as no file behind the answer has changed."""

    clock: Callable[[], int]
    _known: dict[object, tuple[Stamp, _Repository]] = field(
        default_factory=dict[object, tuple[Stamp, _Repository]]
    )

    async def at(self, git: str, folder: str, env: Mapping[str, str]) -> Sequence[Setting]:
        """The settings that hold in one folder. Raises `ToolError` where git takes too long."""
        return (await self._look(git, os.path.realpath(folder), env)).settings

    async def of(self, git: str, folders: Sequence[str], env: Mapping[str, str]) -> list[Setting]:
        """The settings of every repository around these folders, and of those inside them.

        Raises `ToolError` where there are too many to look at.
        """
        if len(folders) > _MAX_FOLDERS:
            raise ToolError("It names too many folders for git to be safe. Nothing ran.")
        found: list[Setting] = []
        left, seen = list(folders), set[str]()
        while left:
            repository = await self._look(git, os.path.realpath(left.pop()), env)
            if repository.top in seen:
                continue
            seen.add(repository.top)
            if len(seen) > _MAX_REPOSITORIES:
                raise ToolError("There are too many repositories to look at. Nothing ran.")
            found += repository.settings
            left += repository.inner
        return found

    async def _look(self, git: str, folder: str, env: Mapping[str, str]) -> _Repository:
        key = (git, folder, frozenset(env.items()))
        if (known := self._known.get(key)) and known[0].holds():
            return known[1]
        self._known.pop(key, None)
        began = self.clock()
        roots, listed, links = await asyncio.gather(
            ask(git, folder, env, *_ROOTS),
            ask(git, folder, env, *LISTING),
            ask(git, folder, env, *_LINKS),
        )
        places = os.fsdecode(roots or b"").split("\n")
        top = places[0] or folder
        settings = tuple(parse(listed or b""))
        inner = list(_inner(links or b"", top))
        there = tuple(path for path in inner if os.path.lexists(f"{path}/.git"))
        repository = _Repository(top, settings, there)
        if roots and listed is not None and links is not None and _is_plain(settings):
            files = [*(one.origin for one in settings), *(f"{path}/.git" for path in inner)]
            mark = stamp(folder, places[1:3], files, env)
            if mark.is_older_than(began):
                self._remember(key, (mark, repository))
        return repository

    def _remember(self, key: object, known: tuple[Stamp, _Repository]) -> None:
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
        self._known[key] = known


def parse(listed: bytes) -> Iterator[Setting]:
    """What `git config --list -z` printed; our own overrides are left out."""
    words = listed.decode("utf-8", "surrogateescape").split("\0")
    for scope, origin, pair in zip(words[::3], words[1::3], words[2::3], strict=False):
        key, _, value = pair.partition("\n")
        if scope != "command":
            yield Setting(scope, origin, key, value)


def _is_plain(settings: tuple[Setting, ...]) -> bool:
    """Whether all that decides them is in the files that are named in them."""
    includes = any(one.key.startswith(("include.", "includeif.")) for one in settings)
    return not includes and not any(
        one.key == "core.bare" and one.value == "true" for one in settings
    )


def _inner(links: bytes, top: str) -> Iterator[str]:
    """Repositories inside a repository, which git looks into by itself."""
    for line in links.split(b"\0"):
        if line.startswith(b"160000 "):
            yield str(Path(top, os.fsdecode(line.partition(b"\t")[2])))
