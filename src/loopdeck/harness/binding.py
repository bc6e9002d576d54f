"""What an approval is bound to: the hash of exactly the thing that will run."""

import hashlib

from loopdeck.harness.conversation import canonical
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
    return hashlib.sha256(canonical(exact).encode("utf-8", "surrogatepass")).hexdigest()
