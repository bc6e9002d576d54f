"""What confirms a call that a single key must not approve: whether a word is typed, and which."""

from pathlib import PurePosixPath

from loopdeck.session.calls import CallView
from loopdeck.session.values import Category, listed

DELETE = "delete"
RUN = "run"
LONGEST = 60  # characters that anybody types
_GRAVE = frozenset({None, Category.DESTRUCTIVE, Category.UNKNOWN})
_PATTERN = frozenset("*?[{")
_NO_NAME = frozenset({"", ".", "..", "~", "/"})


def needs_typing(call: CallView) -> bool:
    """True for calls that a single key must not approve: what destroys, or is not understood."""
    return call.category in _GRAVE or call.floor


def word_to_type(call: CallView) -> str:
    """What confirms such a call: the name of what would go, so that the hand says it.

    It comes from what was found out about the call, never from how its author worded it; where
    nothing is known to go, it is a word that does not depend on the call.
    """
    deletes = [*listed(call.facts, "deletes"), *listed(call.facts, "overwrites")]
    lost = _lost(call)
    writes = listed(call.facts, "writes")
    only = writes if len(writes) == 1 else []  # of several, nobody knows here which is meant
    for path in (*_gravest_first(deletes, lost), *lost, *only):
        if word := _name(path):
            return word
    return DELETE if deletes or lost else RUN


def _lost(call: CallView) -> tuple[str, ...]:
    losses = call.preview.losses if call.preview is not None else None
    return losses.first if losses is not None else ()


def _gravest_first(deletes: list[str], lost: tuple[str, ...]) -> list[str]:
    """What lies outside the workspace first, then what most would be lost of."""
    return sorted(deletes, key=lambda path: (not _outside(path), -_share(path, lost)))


def _outside(path: str) -> bool:
    return path.startswith(("/", "~", "../")) or path == ".."


def _share(path: str, lost: tuple[str, ...]) -> int:
    """How many of the files that would be lost are at or below a path."""
    below = f"{path.rstrip('/')}/"
    return sum(name == path or name.startswith(below) for name in lost)


def _name(path: str) -> str:
    """The last part of a path that is a name and can be typed; empty if there is none."""
    parts = [part for part in PurePosixPath(path).parts if part not in _NO_NAME]
    named = [part for part in parts if not _PATTERN.intersection(part)]
    word = named[-1].strip() if named else ""
    return word if word.isascii() and word.isprintable() and len(word) <= LONGEST else ""
