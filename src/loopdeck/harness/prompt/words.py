"""What an event says to the model in plain words; most say nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime

from loopdeck.figures import age
from loopdeck.session.attached import with_attached
from loopdeck.session.calls import CallView, telling
from loopdeck.session.events import (
    CallAnswered,
    CheckFinished,
    Event,
    HumanMessage,
    HumanSteered,
    LevelChanged,
    LoopSuspected,
    ServerChecked,
    ServiceEnded,
    SessionResumed,
    SessionStarted,
)
from loopdeck.session.levels import LEVEL_NAMES

CLOSING = (
    "This is your last turn: a limit of this session is used up and no tool will run any more. "
    "Say briefly what is done, what is not, and what you would do next."
)
CUT_OFF = (
    "Your last reply reached the output limit and was cut off. No tool call of it ran. "
    "Go on in smaller pieces."
)
RESUMED = "Your human resumed this session. Go on with the goal."
FORKED = (
    "Your human forked this session here. What came before happened in another session; none of it "
    "is done again, and none of it was undone: the files are as they are now, not as they were at "
    "this point. Look before you rely on what you read or wrote before."
)
NOTHING_NEW = "Your human has nothing to add. Go on with the goal."
INTERRUPTED = "Your human interrupted you here."
PAUSED = "Paused by its human."
STOPPED = "Interrupted by its human."
UNKNOWN = "Nobody knows whether this call took effect. Look before you do it again."
RUN_AGAIN = "Nobody saw how this call ended, so your human had it run again. This is how it went:"
NO_RESULT = "This call did not run."

SHOWN = 12  # lines of a command whose end nobody saw

KEPT = "Levels 4 and 5 need a sandbox that works here; `loopdeck doctor` says what is missing."

NO_WALLS = "no sandbox works here; `loopdeck doctor` says what is missing"


def not_stored(size: int) -> str:
    """What stands in the log for a result that only the model was to have."""
    return f"‹not stored: {size:,} characters›"


def words(event: Event) -> str:
    """What the model should read of an event; empty for most."""
    match event:
        case SessionStarted():
            return event.goal
        case SessionResumed():
            return _resumed(event)
        case HumanMessage():
            return with_attached(event.text, event.attached)
        case HumanSteered():
            return with_attached(event.text, event.attached) or INTERRUPTED
        case LevelChanged(reason=reason) if reason == KEPT and event.by == "harness":
            return ""
        case LevelChanged():
            return f"The permission level is {event.level} now ({LEVEL_NAMES[event.level]})."
        case CheckFinished() | LoopSuspected() | ServerChecked() | ServiceEnded():
            return _guard_words(event)
        case _:
            return ""


def _service_words(event: ServiceEnded) -> str:
    name = event.service
    match event.why:
        case "agent":
            return ""
        case "human":
            return f"Your human stopped the service {name}."
        case "run" | "lost":
            return f"The service {name} is not running any more: it ended with its run."
        case "itself" | "output":
            how = "was stopped, as it printed too much" if event.why == "output" else "has ended"
            code = "" if event.exit_code is None else f" (exit code {event.exit_code})"
            end = event.output.strip() or "(nothing)"
            return f"The service {name} {how}{code}. The end of what it printed:\n{end}"


def _server_words(event: ServerChecked) -> str:
    name = event.server
    if not event.passed:
        return f"The MCP server {name} cannot be used now, nor its tools: {event.says}"
    if event.says:
        return f"The MCP server {name} failed and was begun anew; what it held may be lost."
    return f"The MCP server {name} can be used again."


def _resumed(event: SessionResumed) -> str:
    if event.fork:
        return FORKED
    return RESUMED if event.new_process else ""


def _guard_words(event: CheckFinished | LoopSuspected | ServerChecked | ServiceEnded) -> str:
    if isinstance(event, ServiceEnded):
        return _service_words(event)
    if isinstance(event, ServerChecked):
        return _server_words(event)
    if isinstance(event, LoopSuspected):
        return (
            f"You called {event.tool} {event.count} times with the same arguments and the same "
            "result. Doing it again will not help: try something else, or ask your human."
        )
    if event.ok:
        return ""
    how = "was not finished" if event.exit_code is None else f"failed (exit code {event.exit_code})"
    return f"The check {how}. Its output:\n{event.output}\nThe goal is met when the check passes."


def denial(event: CallAnswered) -> str:
    """What the model hears when its call was not allowed."""
    if event.answer == "expired":
        return "Denied: nobody answered in time. Nothing ran."
    who = "by your human" if event.by == "human" else f"by a {event.by}"
    reason = f": {event.reason}" if event.reason else ""
    return f"Denied {who}{reason}. Nothing ran; do not try the same call again."


def unknown_account(call: CallView, evidence: Sequence[str], now: int) -> str:
    """What a human is told of a call whose end nobody saw; what is indented is not our words."""
    name = call.args.get(telling(call.args) or "", "")
    what = str(name) if isinstance(name, str) else ""
    lines = ["Loopdeck stopped while this ran, and nobody saw how it ended. Did it take effect?"]
    lines += ["", *(f"    {row}" for row in f"{call.tool} {what}".strip().splitlines()[:SHOWN])]
    if call.started is not None:
        at, ago = datetime.fromtimestamp(call.started[0] / 1e9, UTC), now - call.started[0]
        lines += ["", f"It started at {at:%H:%M:%S} UTC, {age(ago)} before this was asked."]
    return "\n".join([*lines, *evidence])
