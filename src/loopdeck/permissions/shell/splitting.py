"""Names that were listed, once they are read as words or lines: one may become several."""

from typing import assert_never

from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.place import How, Place


def split_up(text: str, place: Place, how: How = "words") -> str:
    """What stands for a listed name that is taken apart where a blank or a line's end is in it."""
    if LISTED not in text:
        return text
    parted = place.parted(how)
    match parted:
        case "whole":
            return text
        case "near":
            return LISTED
        case "astray":
            return UNSEEN
        case _:
            assert_never(parted)
