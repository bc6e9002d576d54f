"""Which files git would bring into a work tree that its index does not have: asked of git itself.

Git writes over a file that it is told to ignore without a word, wherever a commit has one of that
name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loopdeck.tools.git.index import git_folder
from loopdeck.tools.git.lists import Asking, TooLate

_MAX_NAMES = 200_000
_TIPS = ("for-each-ref", "--count=48", "--sort=-creatordate", "--format=%(objectname)")
_NEWER = ("diff-index", "--cached", "--no-renames", "--no-relative", "--diff-filter=D")
_TOUCHED = ("log", "--format=", "--no-renames", "--no-relative", "-m", "--max-count=2000")
_NAMES = ("--name-only", "-z")
# With no word behind it, each of these means something all the same.
_MEANT = {
    "merge": "@{upstream}",
    "pull": "@{upstream}",
    "rebase": "@{upstream}",
    "branch": "refs/stash",
    "pop": "refs/stash",
    "apply": "refs/stash",
}
# Commits are taken one by one, and what one of them adds the next may delete again.
_IN_TURN = frozenset({"bisect", "cherry-pick", "rebase", "revert"})
_ALONE = frozenset({"cherry-pick", "revert"})  # each commit that is named, not all before it


def arriving(
    folder: str, verb: str, words: Sequence[str | None], environ: Mapping[str, str]
) -> tuple[str, ...] | None:
    """Absolute paths that `git verb words` may bring; None where they may be any.

    A word that is not known yet, or names no commit yet, may become any commit that a name has.
    """
    found = git_folder(Path(folder))
    if found is None:
        return ()
    try:
        names = set(_Arrivals(Asking.begin(folder, environ)).names(verb, words))
    except TooLate:
        return None
    if len(names) > _MAX_NAMES:
        return None
    return tuple(f"{found[0]}/{name}" for name in sorted(names))


@dataclass(frozen=True, slots=True)
class _Arrivals:
    """What may come, by one round of questions."""

    asking: Asking

    def names(self, verb: str, words: Sequence[str | None]) -> Iterator[str]:
        """Names from the top of the repository."""
        named = [_commit(verb, word) for word in words]
        if verb in _MEANT and (not named or verb == "pull"):
            named = [_MEANT[verb]]
        if verb == "branch":
            named += [f"{word}^" for word in named if word]  # where the stash was made
        vague = any(word is None for word in named)
        known = [word for word in named if word is not None]
        found = [self._newer(word) for word in known if verb not in _ALONE]
        if verb in _IN_TURN:
            found += self._in_turn(verb, known)
        for names in found:
            vague = vague or names is None
            yield from names or ()
        if vague and verb != "pull":
            for tip in self.asking.ask(*_TIPS) or ():
                yield from self._newer(tip) or ()

    def _in_turn(self, verb: str, words: Sequence[str]) -> list[list[str] | None]:
        """What the commits on the way touch."""
        touched = (*_TOUCHED, *_NAMES)
        if verb in _ALONE:
            return [self.asking.ask(*touched, "--no-walk", *words, "--")] if words else []
        if verb == "bisect":
            return [self.asking.ask(*touched, "HEAD", "--glob=refs/bisect/*", *words, "--")]
        return [self.asking.ask(*touched, f"{word}...HEAD", "--") for word in words]

    def _newer(self, commit: str) -> list[str] | None:
        """What a commit has and the index does not; None for no commit."""
        return self.asking.ask(*_NEWER, *_NAMES, commit, "--")


def _commit(verb: str, word: str | None) -> str | None:
    """The commit that a word names to this verb; None for what may be any."""
    if word is None or not word or (word[0] == "-" and word != "-"):
        return None
    if word == "-":
        return "@{-1}"
    if verb in ("pop", "apply", "branch") and word.isdecimal():
        return f"stash@{{{word}}}"
    return word
