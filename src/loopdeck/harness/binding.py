"""What an approval is bound to: the hash of exactly the thing that will run."""

import hashlib
import json

from loopdeck.ports import Action
from loopdeck.session.values import JsonObject


def bind(session: str, call_id: str, tool: str, args: JsonObject, action: Action) -> str:
    """SHA-256 over the call and what its effect depends on (paths, base content, program)."""
    exact = {
        "session": session,
        "call_id": call_id,
        "tool": tool,
        "args": args,
        "target": action.binding(),
    }
    return digest(exact)


def digest(value: object) -> str:
    """SHA-256 of a JSON value; equal values give equal digests."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
