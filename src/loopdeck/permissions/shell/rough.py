"""A rough reading of any shell text: every place where a program may start.

It over-reports on purpose (it looks inside quotes too), so it serves only to tighten: to name what
destroys, to let a deny rule fire, to keep the hard floor. It never makes a command milder.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from loopdeck.permissions.shell.known import DELETERS

MAX_PARTS = 256
MAX_TEXT = 131_072  # more than any tool takes
_SPLIT = re.compile(r"[;&|\n(){}`<>]+|\$\(")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_BLANKED = str.maketrans(dict.fromkeys(";&|\n(){}`<>", " "))
_KEYWORDS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "!", "function"})
WRAPPERS = frozenset(
    {"builtin", "command", "doas", "env", "eval", "exec", "find", "fd", "ionice", "nice", "nohup"}
    | {"parallel", "setsid", "ssh", "stdbuf", "sudo", "time", "timeout", "watch", "xargs"}
    | {"sh", "bash", "dash", "zsh", "ksh", "fish", "busybox", "su"}
)
_DESTROYERS = DELETERS | frozenset(
    {"dd", "fdisk", "halt", "kill", "killall", "mkswap", "parted", "pkill", "poweroff", "reboot"}
    | {"shutdown", "truncate", "wipefs"}
)
# What is kept on other machines is taken away by a verb among the words.
_RENTED = frozenset(
    {"aws", "az", "doctl", "flyctl", "gcloud", "gh", "gsutil", "helm", "heroku", "kubectl", "mc"}
    | {"rclone", "s3cmd", "terraform", "tofu", "vercel"}
)
_TAKES_AWAY = re.compile(
    r"rm|rb|del|uninstall|drain|(?:-destroy|--delete(?:-removed)?)"
    r"|(?:batch-)?(?:delete|deregister|destroy|purge|remove|terminate)(?:-[a-z0-9-]+)?"
)

Words = tuple[str, ...]


@lru_cache(maxsize=64)
def rough_parts(command: str) -> tuple[Words, ...]:
    """Word lists of everything that may be a command of its own, each once."""
    pieces = _SPLIT.split(command[:MAX_TEXT].replace("\\\n", ""), MAX_PARTS)
    parts: dict[Words, None] = {}
    for piece in pieces[:MAX_PARTS]:
        if words := _leading(unquoted(piece).split()):
            parts.update(dict.fromkeys(_unwrapped(words)))
    # Too many to name one by one: what is left is looked at word by word instead.
    for piece in pieces[MAX_PARTS:]:
        rest = dict.fromkeys(unquoted(piece).translate(_BLANKED).split())
        parts.update(dict.fromkeys((program(word),) for word in rest))
    return tuple(parts)


def program(word: str) -> str:
    """The program a first word names, without its folder."""
    return word.rstrip("/").rpartition("/")[2]


def unquoted(text: str) -> str:
    """A text without any quotes."""
    return text.replace("'", "").replace('"', "").replace("\\", "")


def is_destructive(words: Words) -> bool:
    """True where the well-known meaning of the words is to destroy."""
    name, rest = words[0], words[1:]
    if name in _DESTROYERS or name.startswith("mkfs"):
        return True
    if name == "git":
        return _git_destroys(rest)
    if name in {"chmod", "chown", "chgrp"}:
        return any(_short(word, "R") or word == "--recursive" for word in rest)
    if name in _RENTED:
        return any(_TAKES_AWAY.fullmatch(word) for word in rest)
    return name in {"find", "fd"} and "-delete" in rest


def _leading(words: list[str]) -> list[str]:
    """Drop keywords and `NAME=value` before the program."""
    at = 0
    while at < len(words) and (words[at] in _KEYWORDS or _ASSIGNMENT.match(words[at])):
        at += 1
    return words[at:]


def _unwrapped(words: list[str]) -> Iterator[Words]:
    """The part, and behind a program that starts others every way its arguments could start one."""
    yield (program(words[0]), *words[1:])
    if program(words[0]) not in WRAPPERS:
        return
    for at in range(1, min(len(words), 24)):
        if not words[at].startswith("-"):
            yield (program(words[at]), *words[at + 1 :])


def _git_destroys(rest: Words) -> bool:
    verbs = [word for word in rest if not word.startswith("-")]
    if "push" in verbs:
        return any(
            word.startswith(("--force", "--delete", "--mirror", "--prune", "+", ":"))
            or _short(word, "f")
            or _short(word, "d")
            for word in rest
        )
    if "reset" in verbs:
        return "--hard" in rest
    if "branch" in verbs or "tag" in verbs:
        return any(_short(word, "D") or _short(word, "d") or word == "--delete" for word in rest)
    if "stash" in verbs:
        return "drop" in verbs or "clear" in verbs
    if "checkout" in verbs:
        return "--" in rest or "." in rest or any(_short(word, "f") for word in rest)
    return any(verb in {"clean", "restore", "filter-branch", "rm", "gc"} for verb in verbs[:2])


def _short(word: str, letter: str) -> bool:
    return word.startswith("-") and not word.startswith("--") and letter in word
