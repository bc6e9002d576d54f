"""Names that `git diff` lists: those of a commit need not be on the disk."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.place import Place
from loopdeck.permissions.shell.script import Command, Node, plain_text
from loopdeck.permissions.shell.splitting import farthest, stands_for

_BETWEEN = re.compile(r"\.{2,3}")


def of_commits(text: str, parts: Sequence[Node], folders: Iterable[str], place: Place) -> str:
    """What stands for a listed name that is taken apart, where commits are asked for names."""
    first = parts[0] if parts else None
    words = [plain_text(word) for word in first.words] if isinstance(first, Command) else []
    if LISTED not in text or words[:2] != ["git", "diff"]:
        return text
    given = [word for word in takewhile("--".__ne__, words[2:]) if word[:1] != "-"]
    commits = tuple(piece for word in given for piece in _BETWEEN.split(word) if piece)
    names: list[str] = []
    for folder in folders if commits else ():
        paths = place.arriving(folder, "checkout", commits)
        if paths is None:
            return UNSEEN
        names += [path.removeprefix(f"{place.workspace}/") for path in paths]
    return stands_for(text, farthest(names, "words"))
