"""What bash itself does: folders, variables, loops; and what is too much to follow."""

import posixpath
import re
from collections.abc import Sequence

from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.shell.committed import of_commits
from loopdeck.permissions.shell.feed import Feed
from loopdeck.permissions.shell.findings import Findings
from loopdeck.permissions.shell.folders import change_folder
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument
from loopdeck.permissions.shell.scope import Scope
from loopdeck.permissions.shell.splitting import split_up
from loopdeck.permissions.shell.variables import is_plain_name
from loopdeck.session.values import Category

_QUIET = frozenset({":", "break", "continue", "exit", "return", "wait", "times", "shift"})
_ELSEWHERE = {
    ".": "runs a file as part of this shell",
    "alias": "lets a name mean something else",
    "bind": "changes the shell",
    "builtin": "goes around what a name means",
    "caller": "is not followed",
    "compgen": "can run commands",
    "complete": "changes the shell",
    "coproc": "leaves a command running",
    "declare": "changes what names mean",
    "disown": "leaves a command running",
    "enable": "loads code into the shell",
    "eval": "runs what its words make",
    "exec": "puts something else in the place of the shell",
    "export": "changes what names mean for later commands",
    "fg": "changes jobs",
    "bg": "changes jobs",
    "hash": "changes what names mean",
    "history": "reads what was typed",
    "let": "does arithmetic, which can run commands",
    "local": "changes what names mean",
    "mapfile": "can run commands",
    "readarray": "can run commands",
    "readonly": "changes what names mean",
    "shopt": "changes how the shell reads",
    "source": "runs a file as part of this shell",
    "trap": "runs a command later",
    "typeset": "changes what names mean",
    "unalias": "changes what names mean",
    "unset": "changes what names mean",
    "function": "defines a function",
    "select": "asks on the terminal",
}
_FOLLOWED = frozenset({"cd", "popd", "pushd", "read", "set", "ulimit", "umask"})
_SHOWS = frozenset({"-p", "-x", "-px", "-xp", "-f", "-F"})  # what is set, as `set` does
_SET = re.compile(r"[-+](?:[eux]+o?|o)")
_LIMIT = re.compile(r"-[HSa-zR]{1,3}|\d{1,12}|unlimited")
_SET_NAMES = frozenset({"errexit", "nounset", "pipefail", "xtrace"})
_READ_FLAGS = re.compile(r"-[rs]+")
# `-p` sets the variable that it names, and runs what the brackets behind a name hold.
_AWAITED = re.compile(r"-[nf]+|(?:\s*(?:%[\w%+!-]*|\d+))*")
_NAME = re.compile(r"[A-Za-z_]\w*")
_ACTIVATE = re.compile(r"(?:.*/)?bin/activate")


def is_builtin(name: str) -> bool:
    """Whether bash does this itself and no table speaks of it."""
    return name in _QUIET or name in _ELSEWHERE or name in _FOLLOWED


def judge_builtin(words: Sequence[Argument], scope: Scope, feed: Feed) -> Findings:
    """What a builtin does, to the scope as well."""
    found, name = Findings(), words[0]
    match name.text:
        case "cd" | "popd" | "pushd":
            change_folder(words, scope, found)
        case "read":
            _read_names(words, scope, feed, found)
        case "set":
            _options(words, found)
        case "umask" | "ulimit":
            _limits(words, found)
        case _:
            _other(words, scope, found)
    return found


def _other(words: Sequence[Argument], scope: Scope, found: Findings) -> None:
    name = words[0]
    match name.text:
        case "." | "source" if len(words) == 2 and _is_activation(words[1], scope):
            found.flags.add("runs_code")
            found.path("reads", words[1].text, scope.folders, scope.place)
            text = f"`{name.text}` runs the start file of an environment in the workspace"
            found.add(Category.WRITE, text, name.span)
        case "export" | "declare" | "typeset" | "readonly" if _only_shows(words):
            found.add(Category.READ, f"`{name.text}` prints what is set", name.span)
        case "wait" if unclear := [word for word in words[1:] if not _is_awaited(word)]:
            text = f"`wait` takes `{_shown(unclear[0])}`, which may change variables"
            found.add(Category.UNKNOWN, text, unclear[0].span)
        case text if text in _ELSEWHERE:
            found.flags.add("runs_code")
            if text in (".", "source") and len(words) > 1:
                found.path("reads", words[1].text, scope.folders, scope.place)
            found.add(Category.UNKNOWN, f"`{text}` {_ELSEWHERE[text]}", name.span)
        case text:
            found.add(Category.READ, f"`{text}` only steers the shell", name.span)


def _is_awaited(word: Argument) -> bool:
    return word.known and _AWAITED.fullmatch(word.text) is not None


def _only_shows(words: Sequence[Argument]) -> bool:
    return all(word.text in _SHOWS for word in words[1:])


def _read_names(words: Sequence[Argument], scope: Scope, feed: Feed, found: Findings) -> None:
    """`read -r name …`: a line of the input becomes the value of variables."""
    flags = [word.text for word in words[1:] if _READ_FLAGS.fullmatch(word.text)]
    rest = [word for word in words[1:] if not _READ_FLAGS.fullmatch(word.text)]
    ending = "\n"
    if len(rest) > 1 and rest[0].text == "-d":
        ending = rest[1].text
        rest = rest[2:]
    for word in rest:
        if not (_NAME.fullmatch(word.text) and is_plain_name(word.text, scope.place)):
            found.add(Category.UNKNOWN, f"`read` changes `{_shown(word)}`", word.span)
            return
    names = feed.names if rest else ""
    if LISTED in names and (len(rest) > 1 or ending not in ("", "\n")):
        names = UNSEEN  # a part of one, which may begin anywhere
    elif ending:
        raw = any("r" in flag for flag in flags)
        names = of_commits(names, feed.parts, scope.folders, scope.place)
        names = split_up(names, scope.place, "lines" if raw else "words")
    for word in rest:
        scope.assign(word.text, (names,))
    found.add(Category.READ, "`read` takes a line", words[0].span)


def _options(words: Sequence[Argument], found: Findings) -> None:
    for word in words[1:]:
        if not (_SET.fullmatch(word.text) or word.text in _SET_NAMES):
            found.add(Category.UNKNOWN, f"`set {_shown(word)}` changes the shell", word.span)
    found.add(Category.READ, "`set` steers the shell", words[0].span)


def _limits(words: Sequence[Argument], found: Findings) -> None:
    """What the shell lets later commands do: shown, or set to a plain number."""
    for word in words[1:]:
        if not (word.known and _LIMIT.fullmatch(word.text)):
            found.add(Category.UNKNOWN, f"`{_shown(word)}` is no plain limit", word.span)
    category = Category.WRITE if words[0].text == "umask" and len(words) > 1 else Category.READ
    found.add(category, f"`{words[0].text}` steers the shell", words[0].span)


def _is_activation(word: Argument, scope: Scope) -> bool:
    if not (word.known and _ACTIVATE.fullmatch(word.text)):
        return False
    paths = [posixpath.join(folder, word.text) for folder in scope.folders if folder]
    root = scope.place.real(scope.place.workspace)
    return bool(paths) and all(is_below(scope.place.real(path), root) for path in paths)


def _shown(word: Argument) -> str:
    return word.text.replace(UNSEEN, "…").replace(LISTED, "…")
