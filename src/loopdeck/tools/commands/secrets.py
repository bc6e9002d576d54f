"""Whether git would show what is in files that hold secrets: those that it has itself.

No cover lies over what git keeps, and a read that shows it names no file.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell import Part, without_globals
from loopdeck.session.values import Assessment, Category, Reason
from loopdeck.tools.disk.paths import Workspace, printable
from loopdeck.tools.environ import scrubbed
from loopdeck.tools.git.index import Tracked, is_unreadable, tracked
from loopdeck.tools.git.lists import Asking, TooLate

_MAX_SECRETS = 200
_ANY = "what this repository has"  # where its list of files is of a form that is not read
# What shows content at once, and what does so with one of these words behind it.
_SHOWS = frozenset(
    {"archive", "cat-file", "diff", "fast-export", "format-patch", "grep", "merge-tree"}
    | {"range-diff", "show"}
)
_WITH_PATCH = frozenset(
    {"diff-files", "diff-index", "diff-tree", "log", "reflog", "stash", "whatchanged"}
)
_PATCH = re.compile(
    r"-[a-z]*[puWcL]\w*|-U\d*|--(?:patch|unified|function-context|cc|word-diff|color-words"
    r"|patch-with-\w+|combined-all-paths|remerge-diff|diff-merges|full-diff|binary|check)(?:=.*)?"
    r"|-L.*"
)
_NAMES_ONLY = re.compile(
    r"-s|--(?:stat|numstat|shortstat|summary|name-only|name-status|quiet|no-patch|raw"
    r"|dirstat|compact-summary)(?:=.*)?"
)
_TELLS = frozenset({"-e", "-s", "-t"})  # what an object is, and not what is in it
_KINDS = frozenset({"blob", "commit", "tag", "tree"})
_OF_COMMITS = frozenset({"diff", "diff-index", "diff-tree", "log", "show", "whatchanged"})
_TOUCHED = ("log", "--format=", "--no-renames", "--no-relative", "-m", "--name-only", "-z")
_STAGED = ("diff-index", "--cached", "--no-renames", "--no-relative", "--name-only", "-z")
# Options that name commits themselves, and those with a value in the next word.
_MANY = re.compile(
    r"-g|--(?:all|branches|tags|remotes|glob|reflog|walk-reflogs|bisect|stdin|merge)(?:=.*)?"
)
_VALUED = frozenset(
    {"-A", "-B", "-C", "-G", "-L", "-O", "-S", "-e", "-f", "-l", "-m", "-n", "-U", "--after"}
    | {"--author", "--before", "--committer", "--date", "--grep", "--max-count", "--max-depth"}
    | {"--since", "--skip", "--until"}
)
_COUNT = re.compile(r"-\d+|-n\d+|--max-count=\d+")
_GIVEN = re.compile(r"-[A-Za-z]*?[ef](.*)")  # what `grep` looks for, perhaps in the same word
_BRACKETS = re.compile(r"[\[\\]")
# Options that change nothing about which commits are shown.
_LOOKS = re.compile(r"-p|-u|--patch|--oneline|--no-color|--color=\w+|--graph|--stat|--decorate")


def shown_by_git(judged: Assessment, parts: Sequence[Part], workspace: Workspace) -> Assessment:
    """The verdict on a command, with the secrets that git would print.

    Where a sandbox holds the command, what git searches in the work tree is covered there.
    """
    if judged.category is not Category.READ or judged.facts.get("sensitive"):
        return judged
    for part in parts:
        found = next(_shown(part, workspace), "")
        if not found:
            continue
        what = found if found == _ANY else f"`{printable(found)}`"
        reason = Reason(text=f"git may show {what}, which may hold secrets")
        return judged.model_copy(
            update={
                "reasons": (*judged.reasons, reason),
                "facts": {**judged.facts, "sensitive": True},
            }
        )
    return judged


def _shown(part: Part, workspace: Workspace) -> Iterator[str]:
    words = part.words
    if not words or posixpath.basename(words[0]) != "git":
        return
    words = without_globals(words) or words
    if len(words) < 2 or not _prints(words[1], words[2:]):
        return
    for folder in part.folders:
        git = tracked(Path(folder))
        if git is None and is_unreadable(Path(folder)):
            yield _ANY
        secrets = _secrets(git) if git else ()
        if git and secrets:
            environ = scrubbed(workspace.environ, workspace.root, strict=True)
            repository = _Repository(folder, git, secrets, environ)
            yield from _among(words, repository, held=workspace.sandbox is not None)


def _prints(verb: str, words: Sequence[str]) -> bool:
    """Whether this prints what is in files."""
    patch = any(_PATCH.fullmatch(word) for word in words)
    if verb in _WITH_PATCH:
        return patch
    if verb == "cat-file":
        return not any(word in _TELLS or word.startswith("--batch-check") for word in words)
    if verb in ("diff", "show") and not patch:
        return not any(_NAMES_ONLY.fullmatch(word) for word in words)
    if verb == "format-patch":
        return "--stdout" in words
    return verb in _SHOWS


@lru_cache(maxsize=4)
def _sensitive(root: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    del root
    return tuple(name for name in names if is_sensitive(name))[:_MAX_SECRETS]


def _secrets(git: Tracked) -> tuple[str, ...]:
    return _sensitive(git.root, tuple(git.files))


class _Repository:
    """What has to be known of one repository."""

    def __init__(
        self, folder: str, git: Tracked, secrets: tuple[str, ...], environ: Mapping[str, str]
    ) -> None:
        self.folder, self.git, self.secrets = folder, git, secrets
        self._asking = Asking.begin(folder, environ)

    def below(self, paths: Sequence[str]) -> "tuple[str, ...]":
        """The secrets at or below these paths; all of them for none."""
        tops = [self._name(path) for path in paths]
        if (
            not tops
            or any(path.startswith(":") for path in paths)
            or _BRACKETS.search("".join(tops))
        ):
            return self.secrets  # git has words and signs of its own for more than one path
        return tuple(
            name
            for name in self.secrets
            if any(
                top == "." or name.startswith(f"{top}/") or fnmatchcase(name, top) for top in tops
            )
        )

    def changed(self, secrets: Sequence[str]) -> Iterator[str]:
        """Those of them whose file is not as git saw it last."""
        for name in secrets:
            path = Path(self.git.root, name)
            if not path.exists() or not self.git.is_clean(str(path)):
                yield name

    def touched(self, words: Sequence[str], secrets: Sequence[str]) -> list[str]:
        """Those that commits touch; what cannot be said counts as touched."""
        return self._asked((*_TOUCHED, *words), secrets)

    def staged(self, secrets: Sequence[str]) -> list[str]:
        """Those of which the index has another version than the last commit."""
        return self._asked((*_STAGED, "HEAD"), secrets)

    def is_commit(self, word: str) -> bool:
        """Whether a word names a commit, and not the content of some file."""
        try:
            kind = self._asking.ask("cat-file", "-t", word)
        except TooLate:
            return False
        return not word.startswith("-") and kind in (["commit"], ["tag"])

    def is_told(self, word: str) -> bool:
        """Whether a word names a commit, or a path in one, which was looked at by its name."""
        before = word.partition(":")[0] if _names_path(word) else word
        return not before or self.is_commit(before)

    def _asked(self, words: Sequence[str], secrets: Sequence[str]) -> list[str]:
        places = [f":(top,literal){name}" for name in secrets]
        if any(_COUNT.fullmatch(word) for word in words):
            places = []  # commits are counted, also those that touch no secret
        try:
            found = self._asking.ask(*words, "--", *places)
        except TooLate:
            found = None
        return list(secrets) if found is None else [name for name in found if name in secrets]

    def _name(self, path: str) -> str:
        place = posixpath.normpath(posixpath.join(self.folder, path))
        root = f"{self.git.root}/"
        return place[len(root) :] if place.startswith(root) else "."


def _among(words: Sequence[str], repository: _Repository, *, held: bool) -> Iterator[str]:
    """The secrets that one call of git may print."""
    verb, rest = words[1], list(words[2:])
    bare, paths = _split(verb, rest, repository.folder)
    if verb == "grep":
        if not held or bare or "--cached" in rest:
            yield from repository.below(paths)
    elif verb == "cat-file":
        named = [word for word in bare if word not in _KINDS]
        if not (named and all(repository.is_told(word) for word in named)):
            yield from repository.secrets
    elif verb not in _OF_COMMITS:
        yield from repository.below(paths)
    elif verb == "show" and not all(repository.is_told(word) for word in bare):
        yield from repository.secrets
    else:
        yield from _of_commits(verb, rest, bare, repository, repository.below(paths))


def _of_commits(
    verb: str, rest: list[str], bare: list[str], repository: _Repository, secrets: Sequence[str]
) -> Iterator[str]:
    if not secrets:
        return
    if verb == "diff":
        if "--cached" in rest or "--staged" in rest or bare:
            yield from repository.staged(secrets)
        if len(bare) < 2 and not any(".." in word for word in bare):
            yield from repository.changed(secrets)
        ranges = [f"{bare[0]}...{bare[1]}"] if len(bare) == 2 else bare
        for word in ranges:
            yield from repository.touched([word if ".." in word else f"{word}...HEAD"], secrets)
        return
    if verb in ("diff-tree", "diff-index"):
        yield from secrets
        return
    commits = [word for word in bare if not _names_path(word)] or ([] if bare else ["HEAD"])
    if commits:
        alone = ["--no-walk"] if verb == "show" else _counted(rest)
        many = any(_MANY.fullmatch(word) for word in rest)
        found = ["--all", "--reflog"] if many else [*alone, *commits]
        yield from repository.touched(found, secrets)


def _counted(words: Sequence[str]) -> list[str]:
    """How many commits are shown at most, where no option picks among them."""
    joined = re.sub(r"(^| )-n (?=\d)", r"\1-n", " ".join(words)).split()
    options = [word for word in joined if word[:1] == "-" and word != "--"]
    counts = [word for word in options if _COUNT.fullmatch(word)]
    plain = all(_COUNT.fullmatch(word) or _LOOKS.fullmatch(word) for word in options)
    return counts if plain else []


def _split(verb: str, words: Sequence[str], folder: str) -> tuple[list[str], list[str]]:
    """The words that name commits, or anything, and those that name files."""
    at = words.index("--") if "--" in words else len(words)
    bare = [
        word
        for before, word in zip(("", *words), words[:at], strict=False)
        if not word.startswith("-") and before not in _VALUED and not _takes_next(verb, before)
    ]
    if verb == "grep" and not any(_GIVEN.fullmatch(word) for word in words[:at]):
        bare = bare[1:]  # what is looked for
    if at < len(words):
        return bare, list(words[at + 1 :])
    files = [word for word in bare if Path(folder, word).exists()]
    return [word for word in bare if word not in files], files


def _takes_next(verb: str, word: str) -> bool:
    """Whether `grep` is given what it looks for in the word behind this one."""
    given = _GIVEN.fullmatch(word) if verb == "grep" else None
    return given is not None and not given[1]


def _names_path(word: str) -> bool:
    """Whether this is a path in a commit or in the index; `:/x` and `a^{/x:}` are commits."""
    before, colon, behind = word.partition(":")
    return bool(colon) and "{" not in before and bool(before or not behind.startswith("/"))
