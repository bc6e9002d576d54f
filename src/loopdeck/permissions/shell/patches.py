"""The files that a patch changes, makes or deletes, by what its headers say."""

import re

from loopdeck.permissions.pathnames import names_in

_NAMES = re.compile(
    r"^(?:(?:---|\+\+\+|\*\*\*|Index:|rename (?:from|to)|copy to)[ ](?P<one>[^\n]+)"
    r"|diff --git (?P<both>[^\n]+))$",
    re.MULTILINE,
)
_RANGE = re.compile(r"\d+(?:,\d+)? (?:\*\*\*\*|----)")  # of a context diff, where no name is
_NONE = "/dev/null"
MOST = 400


def patched(text: str) -> tuple[str, ...] | None:
    """The names as they stand in the patch; None where they cannot be told, or are too many."""
    found: dict[str, None] = {}
    for match in _NAMES.finditer(text):
        if match["both"] is not None:
            names = _both(match["both"])
        else:
            name = match["one"].partition("\t")[0].rstrip("\r ")
            names = () if _RANGE.fullmatch(name) else (name,)
        for name in names:
            if name[:1] == '"':
                return None
            if name and name != _NONE:
                found[name] = None
    return tuple(found) if 0 < len(found) <= MOST else None


def stripped(name: str, count: int | None) -> tuple[str, ...]:
    """Where a patch looks for a file; without a number, the last part may be all that counts."""
    parts = names_in(name)
    if ".." in parts:  # programs leave out what leads out, or the whole file
        parts = parts[len(parts) - parts[::-1].index("..") :]
    if count is None:
        return ("/".join(parts), parts[-1]) if parts else ()
    return ("/".join(parts[count:]),) if len(parts) > count else ()


def _both(text: str) -> tuple[str, ...]:
    """The two names of a git header; with blanks in them they are the same but for `a/`, `b/`."""
    first, blank, second = text.partition(" b/")
    return (first, f"b/{second}") if blank else tuple(text.split())
