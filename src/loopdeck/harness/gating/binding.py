"""What an approval is bound to: a digest of exactly the thing that will run, and what has changed.

The nonce is new with each request, so an approval fits the one request it answered. It stands
behind the digest, because a request outlives the process that made it.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import cast

from loopdeck.ports import Action, ToolUse
from loopdeck.session.values import JsonObject

ANSWER_LASTS_NS = 3_600 * 1_000_000_000
"""How long a yes may wait for its turn. One call can hold up the next for ten minutes, so a queue
of them is carried out; the yes of another day is asked for again."""

UNSEEN = "Review again: what it acts on may have changed since it was shown."
_SHOWN = {
    "cwd": "the folder it runs in",
    "shell": "the shell",
    "confines": "the sandbox around it",
    "beside": "what runs beside it",
    "environment": "the environment",
    "category": "how much harm it can do",
    "count": "what would be lost",
    "untracked": "what would be lost",
    "first": "what would be lost",
    "lost": "what would be lost",
    "policy": "the rules",
    "path": "where its path leads",
    "base": "what it acts on",
    "args": "what it was asked to do",
}


def parts_of(session: str, use: ToolUse, action: Action, policy: str, pepper: str) -> JsonObject:
    """Everything the effect of a call depends on, by name. Raises `ToolError`.

    The pepper is this installation's own: arguments may hold a secret, and a digest of them must
    not let anybody try out guesses.
    """
    return {
        "session": session,
        "call_id": use.call_id,
        "tool": use.tool,
        "args": use.args,
        "target": action.binding(),
        "policy": policy,
        "pepper": pepper,
    }


def places_of(parts: JsonObject) -> list[str]:
    """The absolute paths among the parts: where it would show that something has changed."""
    target = parts.get("target")
    if not isinstance(target, dict):
        return []
    found = cast("JsonObject", target)
    leads, scripts = found.get("targets"), found.get("scripts")
    inner = cast("JsonObject", leads).values() if isinstance(leads, dict) else ()
    names = [name for name in (found.get("path"), *inner) if isinstance(name, str)]
    if isinstance(scripts, dict):
        folder = PurePosixPath(str(found.get("cwd", "")))
        names += [str(folder / name) for name in cast("JsonObject", scripts)]
    return [name for name in dict.fromkeys(names) if name.startswith("/")]


def seal(parts: JsonObject, nonce: str) -> str:
    """SHA-256 over the parts and the nonce, and the nonce."""
    return f"{digest({'parts': parts, 'nonce': nonce})}.{nonce}"


def nonce_of(binding: str) -> str:
    """The nonce a binding was sealed with."""
    return binding.partition(".")[2]


def difference(shown: JsonObject, now: JsonObject) -> str:
    """A sentence that names what is no longer as it was shown."""
    if not shown:
        return UNSEEN
    names = list(dict.fromkeys(_changed(shown, now)))
    if not names:
        return UNSEEN
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"Review again: {text} changed since it was shown."


def digest(value: object) -> str:
    """SHA-256 of a JSON value; equal values give equal digests."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _changed(shown: JsonObject, now: JsonObject) -> Iterator[str]:
    for key in sorted(shown.keys() | now.keys()):
        old, new = shown.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _changed(cast("JsonObject", old), cast("JsonObject", new))
        elif key == "base" and isinstance(path := now.get("path"), str):
            yield PurePosixPath(path).name
        else:
            yield _SHOWN.get(key, key)
