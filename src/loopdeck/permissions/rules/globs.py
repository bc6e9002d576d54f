"""Patterns in rules: `*` over text, and gitignore-like globs over paths."""

import re
from functools import lru_cache

_HOMES = r"/(?:root|(?:home|Users)/[^/]+)"
_ABSOLUTE = "//"
_NOT_UP = r"(?!\S*/\.\.(?:/|\s|$))"
_ATTACHED = re.compile(r"\S+|\s+")
_SET = re.compile(r"\[([!^]?)(\]?[^\]/]+)\]")


@lru_cache(maxsize=1024)
def text_glob(pattern: str) -> re.Pattern[str]:
    """`*` stands for anything; at the end behind a space, or as `:*`, for no more words too."""
    if pattern.endswith(":*"):
        pattern = pattern[:-2] + " *"
    tail = ""
    if pattern.endswith(" *"):
        pattern, tail = pattern[:-2], r"(?:\s.*)?"
    body = ".*".join(re.escape(piece) for piece in re.split(r"\*+", pattern))
    return re.compile(body + tail, re.DOTALL)


@lru_cache(maxsize=1024)
def allow_glob(pattern: str) -> re.Pattern[str]:
    """The same for a rule that allows: a star that ends a word stands for the rest of that word.

    What is behind it is another word, and `..` leads out of what the rule names.
    """
    if pattern.endswith(":*"):
        pattern = pattern[:-2] + " *"
    tail = ""
    if pattern.endswith(" *"):
        pattern, tail = pattern[:-2], r"(?:\s.*)?"
    body = _ATTACHED.sub(_one_word, pattern)
    return re.compile(body + tail, re.DOTALL)


def _one_word(piece: re.Match[str]) -> str:
    text = piece[0]
    if "*" not in text:
        return re.escape(text)
    if not text.strip("*"):
        return ".*"
    return _NOT_UP + r"\S*".join(re.escape(part) for part in re.split(r"\*+", text))


def path_matches(pattern: str, path: str, *, workspace: str, home: str) -> bool:
    """Whether a rule's path pattern covers a path; relative paths are below the workspace."""
    absolute = path if path.startswith("/") else f"{workspace.rstrip('/')}/{path}"
    if pattern.startswith(_ABSOLUTE):
        return _glob(pattern[1:]).fullmatch(absolute) is not None
    if pattern.startswith("~/"):
        root = re.escape(home.rstrip("/")) if home else _HOMES
        return re.fullmatch(root + _glob(pattern[1:]).pattern, absolute) is not None
    if path.startswith("/"):
        return False
    clean = "/" + path.removeprefix("./")
    return _glob(anchored(pattern)).fullmatch(clean) is not None


def leaves_workspace(pattern: str) -> bool:
    """True for patterns that speak of places outside on purpose."""
    return pattern.startswith((_ABSOLUTE, "~/"))


def is_literal(pattern: str) -> bool:
    """True where a pattern names one path and no other."""
    return not any(char in pattern for char in "*?[")


def anchored(pattern: str) -> str:
    """Like gitignore: a name without a slash is found at any depth, all else from the root."""
    if pattern in ("", ".", "./"):
        return "/**"
    if pattern.startswith("./"):
        return pattern[1:]
    if pattern.startswith("/"):
        return pattern
    if "/" in pattern.rstrip("/"):
        return f"/{pattern}"
    return f"/**/{pattern}"


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    """The glob as a regular expression; whatever is below a match matches too."""
    pattern = pattern.rstrip("/")
    out: list[str] = []
    at = 0
    while at < len(pattern):
        piece, at = _piece(pattern, at)
        out.append(piece)
    return re.compile("".join(out) + r"(?:/.*)?", re.DOTALL)


def _piece(pattern: str, at: int) -> tuple[str, int]:
    if pattern.startswith("/**/", at):
        return "/(?:.*/)?", at + 4
    if pattern.startswith("/**", at) and at + 3 == len(pattern):
        return "(?:/.*)?", at + 3
    if pattern.startswith("**", at):
        return ".*", at + 2
    char = pattern[at]
    if char == "*":
        return "[^/]*", at + 1
    if char == "?":
        return "[^/]", at + 1
    if char == "[" and (found := _SET.match(pattern, at)):
        inside = found.group(2).replace("\\", "\\\\").replace("[", "\\[")
        return f"(?!/)[{'^' if found.group(1) else ''}{inside}]", found.end()
    return re.escape(char), at + 1
