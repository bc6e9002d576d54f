"""The one table of state glyphs: a sign, the theme variable that colours it, and its word."""

from typing import Literal

from loopdeck.session.calls import CallStatus
from loopdeck.session.summary import Seen

Glyph = tuple[str, str, str]

DONE = "✓"
NOW = "▶"
TODO = "○"
WAITING = "◐"
FAILED = "✗"
DENIED = "⊘"
UNKNOWN = "?"
PAUSED = "‖"
BY_ITS_MAKER = "by its maker"  # how a search ended that the model's maker made: nobody tells when

_CALLS: dict[CallStatus, Glyph] = {
    CallStatus.PROPOSED: (TODO, "loop-muted", "proposed"),
    CallStatus.WAITING: (WAITING, "loop-waiting", "waiting for you"),
    CallStatus.APPROVED: (TODO, "loop-ok", "approved"),
    CallStatus.DENIED: (DENIED, "loop-fail", "denied"),
    CallStatus.RUNNING: (NOW, "accent", "running"),
    CallStatus.DONE: (DONE, "loop-ok", "done"),
    CallStatus.FAILED: (FAILED, "loop-fail", "failed"),
    CallStatus.UNKNOWN: (UNKNOWN, "loop-unknown", "unknown"),
}
_SESSIONS: dict[Seen, Glyph] = {
    "running": (NOW, "accent", "running"),
    "waiting": (WAITING, "loop-waiting", "waiting for you"),
    "paused": (PAUSED, "loop-muted", "paused"),
    "done": (DONE, "loop-ok", "done"),
    "failed": (FAILED, "loop-fail", "failed"),
    "stopped": (DENIED, "loop-muted", "stopped"),
    "limit": (PAUSED, "loop-waiting", "limit"),
    "crashed": (FAILED, "loop-fail", "crashed"),
    "unknown": (UNKNOWN, "loop-unknown", "unknown"),
}
_PLAN: dict[str, Glyph] = {
    "todo": (TODO, "loop-muted", "to do"),
    "doing": (NOW, "accent", "now"),
    "done": (DONE, "loop-ok", "done"),
    "dropped": (DENIED, "loop-muted", "dropped"),
}


def status_glyph(status: CallStatus) -> Glyph:
    """How a call stands."""
    return _CALLS[status]


def session_glyph(state: Seen) -> Glyph:
    """How a session stands, by the word of its summary."""
    return _SESSIONS[state]


def plan_glyph(state: Literal["todo", "doing", "done", "dropped"]) -> Glyph:
    """How a line of the plan stands."""
    return _PLAN[state]
