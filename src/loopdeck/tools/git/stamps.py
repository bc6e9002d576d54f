"""Whether what git obeys in a folder can have changed: the files behind it, by their identity."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import Final

# The kernel's time stamps lag behind its clock; what changed this shortly before may do so again.
_SETTLED_NS: Final = 100_000_000

_Look = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How files looked at one moment; a file that is not there has a look of its own."""

    looks: Mapping[str, _Look]

    def holds(self) -> bool:
        """Whether all of them look the same now."""
        return all(_look(path) == look for path, look in self.looks.items())

    def is_older_than(self, moment_ns: int) -> bool:
        """Whether none changed after this moment, or so shortly before that it may not show."""
        return all(look[-1] < moment_ns - _SETTLED_NS for look in self.looks.values())


def stamp(
    folder: str, repository: Sequence[str], named: Iterable[str], env: Mapping[str, str]
) -> Stamp:
    """What decides what git obeys in `folder`: on the way up, its own, its human's, and `named`."""
    paths = [*_above(folder), *_own(folder, repository), *_personal(env), *_named(named)]
    return Stamp({path: _look(path) for path in dict.fromkeys(paths)})


def _above(folder: str) -> Iterator[str]:
    for place in (Path(folder), *Path(folder).parents):
        yield str(place / ".git")


def _own(folder: str, repository: Sequence[str]) -> Iterator[str]:
    """`repository` is its folder, and the one that it shares with other work trees."""
    own = os.path.join(folder, repository[0])  # noqa: PTH118 - text all the way
    for name in ("HEAD", "commondir", "config", "config.worktree", "index", "objects", "refs"):
        yield f"{own}/{name}"
    yield os.path.join(folder, repository[1], "config")  # noqa: PTH118


def _personal(env: Mapping[str, str]) -> Iterator[str]:
    home = env.get("HOME", "")
    yield f"{home}/.gitconfig"
    yield f"{env.get('XDG_CONFIG_HOME') or f'{home}/.config'}/git/config"
    yield "/etc/gitconfig"


def _named(named: Iterable[str]) -> Iterator[str]:
    """Files as git names them; those of the repository it names from where it stands."""
    for name in dict.fromkeys(named):
        path = name.removeprefix("file:")
        if path.startswith("/"):
            yield path


def _look(path: str) -> _Look:
    """A folder is the same as long as it is the same folder: its files have looks of their own."""
    try:
        found = os.stat(path)  # noqa: PTH116 - each read looks at a dozen of them
    except OSError:
        return (0, 0)
    if S_ISDIR(found.st_mode):
        return (found.st_dev, found.st_ino, 0)
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
