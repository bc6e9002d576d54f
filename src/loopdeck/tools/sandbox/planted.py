"""What a command left for other programs to obey: told, or put aside if it would run unasked."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopdeck.permissions.obeyed import obeyed_by, runs_unasked
from loopdeck.tools.sandbox.nested import KEPT, put_aside
from loopdeck.tools.sandbox.survey import hook_folders

_MAX_NAMED = 6

Stamps = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Planted:
    """The files that others obey, as they were before a command.

    `named` are those that it says it writes: they were seen by whoever let it run.
    """

    root: Path
    before: Stamps
    named: Collection[str] = ()

    def afterwards(self, now: Stamps, spared: Callable[[str], bool] = lambda _: False) -> str:
        """What is to be said of those that are new or changed, but for those that are spared."""
        paths = {path.removeprefix(f"{self.root}/"): path for path in now}
        left = {
            name: path
            for name, path in paths.items()
            if self.before.get(path) != now[path]
            and not self._was_named(name)
            and not name.endswith(KEPT)
            and not spared(name)
        }
        if not left:
            return ""
        hooks = tuple(f"{folder}/" for folder in hook_folders(str(self.root), f"{self.root}/.git"))
        armed = (name for name in left if runs_unasked(name) or left[name].startswith(hooks))
        aside = [name for name in armed if put_aside(left[name])]
        rest = [name for name in left if name not in aside]
        told = (_told_aside(aside), _told(rest))
        return "\n".join(sentence for sentence in told if sentence)

    def _was_named(self, name: str) -> bool:
        """Whether it, or a folder of such files that it came into, stood in the command."""
        return name in self.named or any(
            name.startswith(f"{folder}/") and obeyed_by(folder) for folder in self.named
        )


def _told_aside(names: Sequence[str]) -> str:
    if not names:
        return ""
    return (
        f"[other programs would run {_listed(names)} unasked: put aside as *{KEPT}; "
        "your human can look at them and put them back]"
    )


def _told(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"[other programs obey what this command wrote: {_listed(names)}; tell your human of it]"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    return f"{', '.join(names[:_MAX_NAMED])}{more}"
