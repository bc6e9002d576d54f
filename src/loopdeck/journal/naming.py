"""Which session a name means, and which names a session may have."""

import re
from collections.abc import Sequence

from loopdeck.errors import JournalError, UnknownSession

_SHOWN = 5
_SAFE_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}")


def choose(name: str, ids: Sequence[str], named: Sequence[str] = ()) -> str:
    """The one id that `name` means: `last`, an id, or the beginning or the name of exactly one.

    `ids` are in the library's order, newest first; `named` are those that a person gave this very
    name. Raises `UnknownSession`.
    """
    if name == "last" and ids:
        return ids[0]
    if name in ids:
        return name
    found = [one for one in ids if name and (one.startswith(name) or one in named)]
    if len(found) == 1:
        return found[0]
    if not found:
        text = f"There is no session {name}." if ids else "There are no sessions yet."
        raise UnknownSession(text, "`loopdeck sessions list` shows all of them.")
    some = ", ".join(found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    if not named:
        raise UnknownSession(f"{name} is the beginning of {some}{more}.", "Type one more letter.")
    raise UnknownSession(f"{name} may mean {some}{more}.", "Type the id of the one you mean.")


def missing(session: str) -> UnknownSession:
    """The error for an id that nothing has."""
    return UnknownSession(
        f"There is no session {session}.", "`loopdeck sessions list` shows all of them."
    )


def check_id(session: str) -> None:
    """Refuse an id from outside that could not be typed, or could leave a folder named by it."""
    if not _SAFE_ID.fullmatch(session):
        raise JournalError(
            "The session id of this recording is not one Loopdeck would make.",
            "An id has up to 64 letters, digits, dots, dashes and underscores.",
        )
