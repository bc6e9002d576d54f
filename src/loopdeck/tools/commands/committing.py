"""Whether git would take up files that hold secrets, which nobody has given it before."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.shell import Part, without_globals
from loopdeck.session.values import Assessment, Category, Reason
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import Workspace, printable
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.git.index import tracked
from loopdeck.tools.git.lists import Asking, TooLate

_ADDS = frozenset({"add", "stage"})
_NOTHING_NEW = frozenset({"-u", "--update", "-n", "--dry-run", "--refresh"})
_FORCED = re.compile(r"-[A-Za-z]*f[A-Za-z]*|--force")
_OPEN = re.compile(r"[*?\[:\0\1]")  # what may stand for other names, here or for git
_MOST_NAMED = 4


def taken_up_by_git(judged: Assessment, parts: Sequence[Part], workspace: Workspace) -> Assessment:
    """The verdict on a command, with the new files of secrets that `git add` would find."""
    if judged.category is Category.READ or judged.facts.get("sensitive"):
        return judged
    found = dict.fromkeys(name for part in parts for name in _new_in(part, workspace))
    if not found:
        return judged
    names = ", ".join(f"`{printable(name)}`" for name in list(found)[:_MOST_NAMED])
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    reason = Reason(text=f"git takes up {names}{more} for the first time: may hold secrets")
    return judged.model_copy(
        update={
            "reasons": (reason, *judged.reasons),
            "facts": {**judged.facts, "sensitive": True},
        }
    )


def _new_in(part: Part, workspace: Workspace) -> Iterator[str]:
    words = part.words
    if not words or posixpath.basename(words[0]) != "git":
        return
    words = without_globals(words) or words
    if len(words) < 2 or words[1] not in _ADDS or not _NOTHING_NEW.isdisjoint(words[2:]):
        return
    lookout = workspace.lookout or Lookout(str(workspace.root), workspace.hidden)
    lookout.look()
    secrets = lookout.covered(secrets=True)
    for folder in part.folders or (str(workspace.root),):
        below = [path for path in secrets if _is_meant(path, words[2:], folder)]
        yield from _untracked(below, folder, words, workspace) if below else ()


def _is_meant(path: str, words: Sequence[str], folder: str) -> bool:
    """Whether these words of `git add` speak of a file, or may."""
    named = [word for word in words if word[:1] != "-"]
    if not named or any(_OPEN.search(word) for word in named):
        return True
    places = [posixpath.normpath(posixpath.join(folder, word)) for word in named]
    return any(is_below(path, place) for place in places)


def _untracked(
    paths: Sequence[str], folder: str, words: Sequence[str], workspace: Workspace
) -> list[str]:
    """Those that git does not have and is not told to ignore, as the workspace calls them."""
    git = tracked(Path(folder))
    new = [path for path in paths if git is None or not git.has(path)]
    if not new:
        return []
    ignoring = () if any(map(_FORCED.fullmatch, words[2:])) else ("--exclude-standard",)
    asking = Asking.begin(folder, scrubbed(workspace.environ, workspace.root, strict=True))
    places = [f":(literal){path}" for path in new]
    try:
        found = asking.ask("ls-files", "--others", "--full-name", "-z", *ignoring, "--", *places)
    except TooLate:
        found = None
    if found is None:
        return [path.removeprefix(f"{workspace.root}/") for path in new]
    return found
