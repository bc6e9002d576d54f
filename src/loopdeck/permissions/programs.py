"""What programs are known to do: the plain reads with their safe options, and the well-known bad.

Tables only. A program or an option that is missing here is not safe, it is unknown.
"""

import re
from dataclasses import dataclass
from typing import Literal

NUMBER = re.compile(r"[+-]?\d{1,15}[bkKMG]?")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The options under which a program only reads.

    `flags` are single letters that may be bundled, `numbers` letters that take a number,
    `texts` letters that take any text; `words` says what the other arguments are.
    """

    flags: frozenset[str] = frozenset()
    long: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    words: Literal["paths", "text", "pattern", "none"] = "paths"
    bare_number: bool = False


def _set(letters: str) -> frozenset[str]:
    return frozenset(letters)


READS: dict[str, Grammar] = {
    "ls": Grammar(
        flags=_set("aAlhd1rtSFpinRsoGgXU"),
        long=frozenset({"--all", "--almost-all", "--human-readable", "--recursive", "--reverse"}),
    ),
    "cat": Grammar(flags=_set("nbsAETvet"), long=frozenset({"--number", "--show-all"})),
    "head": Grammar(flags=_set("qv"), numbers=_set("nc"), bare_number=True),
    "tail": Grammar(flags=_set("qv"), numbers=_set("nc"), bare_number=True),
    "wc": Grammar(
        flags=_set("lwcmL"), long=frozenset({"--lines", "--words", "--bytes", "--chars"})
    ),
    "pwd": Grammar(flags=_set("LP"), words="none"),
    "echo": Grammar(words="text"),
    "true": Grammar(words="none"),
    "basename": Grammar(words="text"),
    "dirname": Grammar(words="text"),
    "grep": Grammar(
        flags=_set("invclLwxoEFsqhH"),
        long=frozenset({"--ignore-case", "--line-number", "--count", "--fixed-strings"}),
        numbers=_set("mABC"),
        texts=_set("e"),
        words="pattern",
    ),
}

DELETERS = frozenset({"rm", "rmdir", "shred", "unlink", "srm", "trash"})
DESTRUCTIVE = DELETERS | frozenset(
    {
        "dd",
        "fdisk",
        "halt",
        "kill",
        "killall",
        "mkswap",
        "parted",
        "pkill",
        "poweroff",
        "reboot",
        "shutdown",
        "truncate",
        "wipefs",
    }
)
NETWORK = frozenset(
    {
        "curl",
        "dig",
        "fetch",
        "ftp",
        "http",
        "https",
        "nc",
        "ncat",
        "netcat",
        "nslookup",
        "ping",
        "rsync",
        "scp",
        "sftp",
        "socat",
        "ssh",
        "telnet",
        "wget",
    }
)
NETWORK_VERBS: dict[str, frozenset[str]] = {
    "git": frozenset({"push", "pull", "fetch", "clone", "ls-remote"}),
    "pip": frozenset({"install", "download"}),
    "pip3": frozenset({"install", "download"}),
    "uv": frozenset({"add", "sync", "pip"}),
    "npm": frozenset({"install", "i", "ci", "publish", "add", "update"}),
    "pnpm": frozenset({"install", "i", "add", "update"}),
    "yarn": frozenset({"install", "add", "upgrade"}),
    "cargo": frozenset({"install", "publish", "add", "fetch"}),
    "go": frozenset({"get", "install"}),
    "gem": frozenset({"install", "push"}),
    "apt": frozenset({"install", "update", "upgrade"}),
    "apt-get": frozenset({"install", "update", "upgrade"}),
    "brew": frozenset({"install", "update", "upgrade"}),
    "docker": frozenset({"pull", "push", "login"}),
    "gh": frozenset({"api", "pr", "issue", "release", "repo", "run", "workflow"}),
}
ELEVATORS = frozenset({"sudo", "su", "doas", "pkexec"})
DOWNLOADERS = frozenset({"curl", "wget", "fetch"})
_INTERPRETER = re.compile(
    r"(?:ba|da|k|z|fi|c|tc)?sh|python[\d.]*|pypy[\d.]*|node|deno|bun|perl|ruby|php|lua|osascript"
)
_RUNNERS = frozenset({"make", "npm", "pnpm", "yarn", "npx", "uvx", "cargo", "go", "tox", "nox"})


def is_interpreter(program: str) -> bool:
    """True for programs that run what they are given."""
    return _INTERPRETER.fullmatch(program) is not None


def runs_code(program: str) -> bool:
    """True for programs that run code of the workspace or of their arguments."""
    return is_interpreter(program) or program in _RUNNERS or program in {"pytest", "git"}


def is_destructive(words: tuple[str, ...]) -> bool:
    """True where the well-known meaning of the words is to destroy."""
    name, rest = words[0], words[1:]
    if name in DESTRUCTIVE or name.startswith("mkfs"):
        return True
    if name == "git":
        return _git_destroys(rest)
    if name in {"chmod", "chown", "chgrp"}:
        return any(_short(word, "R") or word == "--recursive" for word in rest)
    return name in {"find", "fd"} and "-delete" in rest


def is_network(words: tuple[str, ...]) -> bool:
    """True where the well-known meaning of the words is to talk to other machines."""
    verbs = NETWORK_VERBS.get(words[0])
    if verbs is None:
        return words[0] in NETWORK
    return any(word in verbs for word in words[1:4])


def _git_destroys(rest: tuple[str, ...]) -> bool:
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
