"""Names that were listed, once they are read as words or lines: one may become several."""

import re
from collections.abc import Iterable
from typing import assert_never

from loopdeck.permissions.secrets.places import is_sensitive
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.place import How, Parted, Place

_ENDS: dict[How, re.Pattern[str]] = {
    "words": re.compile(r"\s+"),
    "lines": re.compile(r"\n|^\s+"),  # `read` takes the blanks away that a line begins with
}
_MAY_PART = re.compile(r"[\s'\"\\*?\[]")
# Quotes and backslashes are taken away too, and `.*` without quotes may become `..`.
_MEANS_MORE = re.compile(r"['\"\\]|^\.[^\0]*[*?\[]")


def split_up(text: str, place: Place, how: How = "words") -> str:
    """What stands for a listed name that is taken apart where a blank or a line's end is in it."""
    return stands_for(text, place.parted(how)) if LISTED in text else text


def stands_for(text: str, parted: Parted) -> str:
    """What stands for a listed name that may lead so far."""
    match parted:
        case "whole":
            return text
        case "near":
            return LISTED
        case "astray":
            return UNSEEN
        case _:
            assert_never(parted)


def farthest(paths: Iterable[str], how: How) -> Parted:
    """How far one of these paths may lead once it is taken apart."""
    found: Parted = "whole"
    for path in paths:
        if _MAY_PART.search(path):
            for name in path.split("/"):
                found = farther(found, name, how)
    return found


def farther(found: Parted, name: str, how: How) -> Parted:
    """What is known with one more name: `near` is to other names here, `astray` is anywhere.

    A folder whose name ends in a blank puts an absolute path behind it.
    """
    if found == "astray" or (how == "words" and _MEANS_MORE.search(name)):
        return "astray"
    ends = _ENDS[how]
    if not ends.search(name):
        return found
    *_, last = pieces = ends.split(name)
    away = not last or any(
        piece[:1] in (".", "~") or is_sensitive(piece) for piece in pieces if piece
    )
    return "astray" if away else "near"
