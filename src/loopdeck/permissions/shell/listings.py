"""Pipelines whose output is names of files that were found where it is allowed to look."""

import itertools
import re
from collections.abc import Sequence

from loopdeck.permissions.shell.languages.find import NAME_ENDS, told
from loopdeck.permissions.shell.looking import look_of
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.place import asks_for_secrets
from loopdeck.permissions.shell.script import Command, Node, plain_text

_LISTERS = frozenset({"find", "fd", "fdfind"})
_PLAIN_LS = re.compile(r"-[1AdtrSRU]+")  # `-l` also says where links lead, `-a` names `..`
# Options by which programs print more than names, or names of their own making.
_OWN_WORDS = (
    *("-printf", "-fprint", "-fls", "-exec", "-ok", "-ls", "-x", "-X", "-C", "--exec", "--format"),
    *("--list-details", "--label", "--line-prefix", "--path-separator", "--base-directory"),
    *("--hyperlink", "--type-list", "--type-add", "--with-tree"),
)
_MATCHERS = frozenset({"grep", "egrep", "fgrep", "rg", "ag", "ack"})
_SECRETS = ("env", "id_rsa", "id_ed25519", "id_ecdsa", "pem", "netrc", "pgpass", "credentials")
_PASSES = re.compile(r"-[viwxEFGP]+|--(?:invert-match|ignore-case|line-regexp|word-regexp)")
# Flags that take no value, for all of the matchers: behind one that does, `-l` would be a pattern.
_FLAG = re.compile(
    r"-[aiwsvxFHIRSU]+|-[rn]+|--(?:include|exclude|exclude-dir|color|type|glob)=.*|--null"
)
_NAMES_ONLY = re.compile(r"-[aiwsvxFHISU]*l[aiwsvxFHISU0]*")
_NAMES_ONLY_GREP = re.compile(r"-[aiwsvxFHIRSUnrEGPZ]*[lL][aiwsvxFHIRSUnrEGPZ]*")
_RECURSES = re.compile(r"-[a-zA-Z]*r[a-zA-Z]*")
_DEREFERENCES = re.compile(r"-[a-zA-Z]*R|--d")
_FOLLOWS = re.compile(r"-[LH]|-follow")
_PLAIN_FOLDER = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")
_PLAIN_WORD = re.compile(r"[\w./@%+,:][\w./@%+,:-]*", re.ASCII)
_NUMBERED = r"-n ?[+-]?\d+|--lines=[+-]?\d+|-\d+"
# Filters that pass whole lines on, with the options that change no line. There are no others.
_FILTERS = {
    "head": re.compile(rf"(?:{_NUMBERED})?"),
    "tail": re.compile(rf"(?:{_NUMBERED})?"),
    "sort": re.compile(r"(?:(?:-[bfhnruzRV]+|-k ?\d[\d.,bfhnrV]*)(?: |$))*"),
    "uniq": re.compile(r"(?:-[diuz]+(?: |$))*"),
    "shuf": re.compile(r"(?:-n ?\d+)?"),
    "tac": re.compile(r""),
}
_PATTERN = re.compile(r"(?:\w[\w.-]*/)*(\*[\w.-]{2,20})")


def listed(parts: Sequence[Node]) -> str:
    """What stands for one line that these parts of a pipeline print.

    File names that came from the disk alone are `LISTED`, behind the folder they must begin with;
    the one word that `echo` was given is itself, and all else is `UNSEEN`.
    """
    if not parts or not all(isinstance(part, Command) for part in parts):
        return UNSEEN
    commands = [_texts(part) for part in parts if isinstance(part, Command)]
    if commands[0][:1] == ["echo"] and len(commands) == 1 and len(commands[0]) == 2:
        word = commands[0][1]
        return word if _PLAIN_WORD.fullmatch(word) else UNSEEN
    if any(_seeks_secrets(word) for words in commands for word in words[1:]):
        return UNSEEN
    if not (_lists(commands[0]) and all(_filters(words) for words in commands[1:])):
        return UNSEEN
    return _root(commands[0]) + LISTED + _ending(commands[0])


def unlinked(parts: Sequence[Node]) -> bool:
    """Whether no name that these parts print is that of a link."""
    words = _texts(parts[0]) if parts and isinstance(parts[0], Command) else []
    if words[:1] == ["find"]:
        return told(words, "-type") == "f" and not any(map(_FOLLOWS.match, words))
    recurses = any(map(_RECURSES.fullmatch, words[1:])) and not any(map(_DEREFERENCES.match, words))
    return recurses and words[0] in ("grep", "egrep", "fgrep") and _names_only(words)


def _ending(words: list[str]) -> str:
    """How each name ends that is printed, as far as the one that lists them was told."""
    if words[0] in ("grep", "egrep", "fgrep", "rg"):
        look = look_of(words)
        return look.ending if look else ""
    name = told(words, "-name") if words[0] == "find" else ""
    if words[:2] == ["git", "ls-files"] and len(words) == 3:
        found = _PATTERN.fullmatch(words[2])
        name = found[1] if found else ""
    return name[1:] if NAME_ENDS.fullmatch(name) else ""


def _root(words: list[str]) -> str:
    """The one folder that every name begins with which a command prints."""
    if words[:2] == ["git", "ls-files"] and len(words) == 3:
        folder = words[2].rpartition("/")[0]
        return f"{folder}/" if _PLAIN_FOLDER.fullmatch(folder) else ""
    if words[0] != "find":
        look = look_of(words)
        return look.roots[0] if look and len(look.roots) == 1 else ""
    roots = list(itertools.takewhile(lambda word: not word.startswith(("-", "(", "!")), words[1:]))
    if not roots:
        return "./"
    return f"{roots[0].rstrip('/')}/" if len(roots) == 1 and roots[0] else ""


def _seeks_secrets(word: str) -> bool:
    """Whether a pattern, or a part of a name, picks files that may hold secrets."""
    bare = re.sub(r"\W", "", word)
    return asks_for_secrets(word) or (len(bare) > 2 and any(bare in name for name in _SECRETS))


def _lists(words: list[str]) -> bool:
    name = words[0] if words else ""
    if any(word.startswith(_OWN_WORDS) for word in words):
        return False
    if name == "ls":
        return all(_PLAIN_LS.fullmatch(word) for word in words[1:] if word.startswith("-"))
    if name in _LISTERS:
        return True
    if name in _MATCHERS:
        return _names_only(words)
    if words[:2] == ["git", "grep"]:
        return _names_only(words[1:])
    return words[:2] == ["git", "ls-files"] or (
        words[:2] == ["git", "diff"] and "--name-only" in words
    )


def _filters(words: list[str]) -> bool:
    """Filters pass lines on; with files of their own they would print those."""
    name = words[0] if words else ""
    if "" in words:
        return False
    if name in ("grep", "egrep", "fgrep"):
        bare = [word for word in words[1:] if not word.startswith("-")]
        flags = [word for word in words[1:] if word.startswith("-")]
        return len(bare) == 1 and all(_PASSES.fullmatch(word) for word in flags)
    return name in _FILTERS and _FILTERS[name].fullmatch(" ".join(words[1:])) is not None


def _names_only(words: list[str]) -> bool:
    """Whether an option, seen before anything that could swallow it, leaves only names."""
    grep = words[0].endswith("grep")
    for word in words[1:]:
        if word in ("--files-with-matches", "--files-without-match", "--files"):
            return True
        if (_NAMES_ONLY_GREP if grep else _NAMES_ONLY).fullmatch(word):
            return True
        flag = _FLAG.fullmatch(word) or (word and word[0] not in "-+")
        if not flag or (not grep and word.startswith("-r")):
            return False
    return False


def _texts(command: Command) -> list[str]:
    return [plain_text(word) for word in command.words]
