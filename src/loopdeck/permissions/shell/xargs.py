"""`xargs`: its input becomes words of the command behind it."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from loopdeck.permissions.shell.committed import of_commits
from loopdeck.permissions.shell.feed import NOTHING, Feed
from loopdeck.permissions.shell.looking import EVERYTHING, Range
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.place import UNKNOWN_FOLDER
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.splitting import split_up

_FROM_FILE = re.compile(r"-[0rtx]*a|--arg-file")
_REPLACES = frozenset({"-I", "-i", "--replace"})
_COUNTS = frozenset({"-n", "-L", "-l", "--max-args", "--max-lines"})
_RG_CONFIG = "RIPGREP_CONFIG_PATH"
_NULS = re.compile(r"-[rtx]*0|--null$")
_DELIMITERS: dict[str, Literal["nul", "lines"]] = {"\\0": "nul", "\\n": "lines", "\n": "lines"}
_VALUED = frozenset(
    {"-I", "-n", "-L", "-P", "-s", "-d", "-E", "-a", "--max-args", "--max-procs", "--max-chars"}
    | {"--delimiter", "--arg-file"}
)


@dataclass(slots=True)
class _Told:
    """What the options say: what stands for a line, if anything, and whether words also go last.

    `ends` is what the input is taken apart at. Of `-I` and the options that count words, xargs
    obeys the later one, and versions differ.
    """

    mark: str = ""
    last: bool = True
    ends: Literal["nul", "lines", "words", "other"] = "words"


def appended(
    options: Sequence[Argument], command: list[Argument], feed: Feed, scope: Scope
) -> list[Argument]:
    """The command as it will be: words of the input at its end, or where `-I` puts them."""
    words = options[: len(options) - len(command)]
    told = _told(words)
    if any(_FROM_FILE.match(word.text) for word in words):
        feed = NOTHING  # a file says the names, whatever comes in
    names = _taken_apart(feed, told, scope)
    end = command[-1].span[1] if command else 0
    listed = _listed(feed, names, scope, (end, end))
    if told.mark:
        text = listed[0].text if len(listed) == 1 else names
        command = [_replaced(word, told.mark, text, listed) for word in command]
    # A name with a blank in it becomes two words, and the second may be an option.
    unsure = UNSEEN in names or LISTED in names
    loose = unsure and (told.ends != "nul" or names[:1] in (UNSEEN, LISTED))
    unlinked = feed.unlinked(scope.folders) and names == feed.names
    more = listed or [Argument(names, (end, end), loose, many=unsure)]
    return [*command, *(replace(word, unlinked=unlinked) for word in more if told.last)]


def _listed(feed: Feed, names: str, scope: Scope, span: tuple[int, int]) -> list[Argument]:
    """A word for each place where it is looked, if the names that come in stay whole."""
    look = feed.look
    if look is None or LISTED not in names or names != feed.names:
        return []
    if UNKNOWN_FOLDER in scope.folders or feed.folders != scope.folders:
        return []
    within = EVERYTHING if _shows_more(look.range, scope) else look.range
    roots = look.roots or ("./",)
    paths = [posixpath.join(folder, root) for folder in scope.folders for root in roots]
    unsure = any(scope.place.dashed_below(path, within) for path in paths)
    if unsure or (not look.roots and any(map(scope.place.dashed, scope.folders))):
        return []
    texts = (f"{root}{LISTED}{look.ending}" for root in roots)
    return [Argument(text, span, many=True, within=within) for text in texts]


def _shows_more(within: Range, scope: Scope) -> bool:
    """Whether a file may tell `rg` to show more than it would, or the command may have told git."""
    if within.kind == "tracked":
        return bool(scope.listed)
    return within.is_rg and (scope.place.exported(_RG_CONFIG) or _RG_CONFIG in scope.steering)


def _taken_apart(feed: Feed, told: _Told, scope: Scope) -> str:
    match told.ends:
        case "nul":
            return feed.names
        case "lines" | "words":
            names = of_commits(feed.names, feed.parts, scope.folders, scope.place)
            return split_up(names, scope.place, told.ends)
        case "other":
            return UNSEEN
        case _:
            assert_never(told.ends)


def _replaced(word: Argument, mark: str, names: str, listed: Sequence[Argument]) -> Argument:
    if mark not in word.text:
        return word
    if word.text == mark and len(listed) == 1:
        return replace(listed[0], span=word.span, many=word.many)
    text = word.text.replace(mark, names)
    return Argument(text, word.span, loose=text[:1] in (UNSEEN, LISTED), many=word.many)


def _told(options: Sequence[Argument]) -> _Told:
    told, counts, at = _Told(), False, 0
    while at < len(options):
        name, value = _split(options[at].text)
        if _NULS.match(options[at].text):
            told.ends = "nul"
        at += 1
        if name in _VALUED and not value:
            value = options[at].text if at < len(options) else ""
            at += 1
        if name in _REPLACES:
            told.mark = value or "{}"
        if name in ("-d", "--delimiter"):
            told.ends = _DELIMITERS.get(value, "other")
        counts = counts or name in _COUNTS
    told.last = counts or not told.mark
    return told


def _split(text: str) -> tuple[str, str]:
    """An option and the value that is attached to it; flags that are bundled before it are gone."""
    if text.startswith("--"):
        name, _, value = text.partition("=")
        return name, value
    letters = text[1:].lstrip("0rtx")
    return f"-{letters[:1]}", letters[1:]
