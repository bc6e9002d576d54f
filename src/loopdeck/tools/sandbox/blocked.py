"""Reads from a command's output what the sandbox probably stopped it from doing."""

import re
from collections.abc import Iterable

from loopdeck.tools.sandbox.backend import Backend
from loopdeck.tools.sandbox.names import PLANTABLE, SHARED

_TAIL = 8_000
_READ_ONLY = re.compile(r"read-only file system|\bEROFS\b", re.IGNORECASE)
_NETWORK = re.compile(
    r"network is unreachable|could not resolve|temporary failure in name resolution"
    r"|name or service not known|\b(?:ENETUNREACH|EAI_AGAIN|ENOTFOUND)\b|failed to lookup address"
    r"|failed to establish a new connection|no address associated with hostname"
    r"|cannot assign requested address",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"connection refused|\bECONNREFUSED\b|couldn't connect to server|failed to connect",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"operation not permitted|permission denied|\b(?:EPERM|EACCES)\b", re.IGNORECASE
)
_PLANTED = re.compile(
    rf"(?:{'|'.join(map(re.escape, PLANTABLE))})\b[^\n]*"
    r"(?:is a directory|file exists|permission denied|operation not permitted)",
    re.IGNORECASE,
)
_MISSING = re.compile(
    rf"({'|'.join(map(re.escape, SHARED))})/[^\s'\":]+(?=[^\n]*no such file)", re.IGNORECASE
)
_NO_START = re.compile(r"^(?:bwrap|loopdeck sandbox): ", re.MULTILINE)
_WAY_OUT = "ask to run it outside with outside_sandbox"


def explain(text: str, code: int, backend: Backend, *, network: bool, writes: bool) -> str:
    """A sentence about what was blocked; nothing where the output does not look like it.

    It reads what the command printed, so it says "perhaps" for what has other causes too.
    """
    if code == 0:
        return ""
    tail = text[-_TAIL:]
    if _NO_START.match(tail) and tail.count("\n") <= 1:
        return f"[the sandbox could not be set up; {_WAY_OUT}]"
    if _READ_ONLY.search(tail):
        where = "outside the workspace or to a protected file" if writes else "by a plain read"
        return f"[the sandbox blocked a write {where}; {_WAY_OUT}]"
    if writes and _PLANTED.search(tail):
        return f"[the sandbox blocked the making of a protected file; {_WAY_OUT}]"
    if not network and _NETWORK.search(tail):
        return f"[the sandbox blocked the network; {_WAY_OUT}]"
    if not network and _REFUSED.search(tail):
        return (
            f"[the sandbox has no network, which perhaps blocked this; if it was meant, {_WAY_OUT}]"
        )
    if _DENIED.search(tail):
        kind = "landlock sandbox" if backend is Backend.LANDLOCK else "sandbox"
        return f"[perhaps the {kind} blocked this; if a person could do it, {_WAY_OUT}]"
    return ""


def missing(text: str, code: int, backend: Backend, workspace: str) -> str:
    """A sentence about files that were perhaps left where the command sees none but its own."""
    found = _MISSING.search(text[-_TAIL:]) if code and backend is Backend.BUBBLEWRAP else None
    if found is None or f"{found[0]}/".startswith(f"{workspace}/"):
        return ""
    return f"[in the sandbox {found[1]} is empty when a command begins; {_WAY_OUT}]"


def put_back(paths: tuple[str, ...]) -> str:
    """A sentence about what was changed although it must not, and is as it was again."""
    if not paths:
        return ""
    return f"[protected, so put back as before: {', '.join(paths)}]"


def gone(written: Iterable[str], backend: Backend) -> str:
    """A sentence about files that a command wrote where everything is gone with it."""
    shared = tuple(f"{place}/" for place in SHARED)
    own = [path for path in written if path.startswith(shared)]
    if not own or backend is not Backend.BUBBLEWRAP:  # landlock lets nothing be written there
        return ""
    return f"[{own[0]} was this command's own and is gone with it: keep files in the workspace]"
