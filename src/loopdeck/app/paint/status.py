"""The top line: what is being done, by whom, how it stands."""

from math import ceil
from typing import Literal

from loopdeck.app.paint.lines import Ink, Line, Part, cut, cut_line, plain, width_of
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Runner, Scene
from loopdeck.figures import clock, plural
from loopdeck.session.levels import LEVEL_NAMES
from loopdeck.session.state import Phase, SessionState
from loopdeck.session.values import Outcome, PauseReason, Verified

_MIDDLING = 100  # cells from which services are called so
_ROOMY = 150  # cells from which there is room for what stands

_ENDED: dict[Outcome, tuple[str, Ink]] = {
    "done": ("✓ done", "ok"),
    "failed": ("✗ failed", "fail"),
    "stopped": ("■ stopped by you", "muted"),
    "limit": ("■ stopped by a limit", "waiting"),
}
_PAUSED: dict[PauseReason, str] = {
    "human": "‖ paused",
    "waiting": "◐ waiting for you",
    "signal": "‖ stopped by a signal",
    "model": "‖ the model cannot answer",
}
_CHECKED: dict[Verified, tuple[str, Ink]] = {
    "checked": (", checked", "ok"),
    "unchecked": (", unchecked", "waiting"),
    "failed": (", check failed", "fail"),
}


def status_line(
    scene: Scene,
    now: int,
    cells: int,
    go_on: str = "p",
    again: str = "f5",
    *,
    answered: bool = False,
) -> Line:
    """One line; the goal gives way first, then the model, then the level's name.

    The keys are those that end a pause, and the wait for a model that failed. `answered` says that
    all that waits has been answered, and only the log does not know it yet.
    """
    state = scene.state
    name: Line = (Part("Loopdeck", "accent"), Part(" ▸ ", "muted"))
    phase = _now_words(scene, now, go_on, again)
    if answered and scene.at_end and waiting_since(state) is not None:
        phase = (Part("… writing your answer", "waiting"),)
    model = model_words(state, cells)
    phase = joined(phase, *badges(state, cells))
    level: Line = (Part(f"level {state.level} ", "muted"), Part(LEVEL_NAMES.get(state.level, "")))
    if cells < 100:
        level = (Part(f"level {state.level}", "muted"),)
    right = joined(phase, (*model,), level) if cells >= 60 else phase
    room = cells - width_of(right) - width_of(name) - 3
    if room < 12:
        right, name = joined(phase, level), ()
        room = cells - width_of(right) - 3
    fork = fork_words(state, cells)
    name, room = (*name, *fork), room - width_of(fork)
    goal = Part(cut(sanitize(state.goal or "…", lines=False), max(0, room)), "strong")
    gap = cells - width_of(name) - width_of((goal,)) - width_of(right)
    return cut_line((*name, goal, Part(" " * max(1, gap)), *right), cells)


def _now_words(scene: Scene, now: int, go_on: str, again: str) -> Line:
    """What happens at the moment that is shown, and which key makes it go on."""
    state = scene.state
    phase = phase_words(state, now if scene.can_answer else state.last_ts)
    if not scene.at_end:
        then = Part(f"then: {plain(phase).removeprefix('▶ ')}", "past")
        return joined((then,), _waits_now(scene))
    if scene.runner.works and state.phase is Phase.PAUSED and state.pause_reason == "human":
        return (*phase, Part(f", {go_on} goes on", "muted"))
    if scene.runner.works and awaits_model(state):
        return (*phase, Part(f", {again} tries now", "muted"))
    if scene.runner is Runner.RESTING and state.phase is not Phase.PAUSED:
        return (*phase, Part(", nobody works on it", "muted"))
    return phase


def _waits_now(scene: Scene) -> Line:
    """What the past must not hide: somebody is waited for at the end of the session."""
    waits = scene.head.pending if scene.runner.works else 0
    return (Part(f"◐ {waits} {'waits' if waits == 1 else 'wait'} now", "waiting"),) * bool(waits)


def fork_words(state: SessionState, cells: int) -> Line:
    """Which session a fork has left, and where."""
    parent = state.parent
    if parent is None:
        return ()
    where = f" of {sanitize(parent.session, lines=False)} #{parent.seq}" if cells >= 110 else ""
    return (Part(cut(f"fork{where}", 28), "past"), Part(" ▸ ", "muted"))


def badges(state: SessionState, cells: int) -> list[Line]:
    """What makes this run less safe than others; each is a word as well as a colour."""
    found: list[Line] = []
    if state.sandbox == "":
        found.append((Part("no sandbox", "fail"),))
    if state.services:
        words = plural(len(state.services), "service") if cells >= _MIDDLING else ""
        found.append((Part(f"⚙ {words or len(state.services)}", "accent"),))
    grants = sum(view.stands(state.last_ts) for view in state.grants)
    if grants and cells >= _ROOMY:
        found.append((Part(f"✚ {plural(grants, 'standing permission')}", "accent"),))
    if state.taint:
        since = f" since step {state.taint_step}" if cells >= 100 and state.taint_step else ""
        found.append((Part(f"outside content{since}", "waiting"),))
    return found


def _end_words(outcome: Outcome, verified: Verified | Literal[""]) -> Line:
    end = Part(*_ENDED[outcome])
    return (end, Part(*_CHECKED[verified])) if outcome == "done" and verified else (end,)


def phase_words(state: SessionState, now: int) -> Line:
    """What happens at this moment, and since when somebody waits."""
    if state.phase is Phase.ENDED and state.outcome:
        return _end_words(state.outcome, state.verified)
    since = waiting_since(state)
    if since is not None:
        return (Part("◐ waiting for you ", "waiting"), Part(clock(now - since), "waiting"))
    if state.phase is Phase.PAUSED and state.pause_reason:
        return (Part(_PAUSED[state.pause_reason], "waiting"),)
    if awaits_model(state):
        return (Part(f"↻ model failed, again in {seconds_left(state, now)} s", "waiting"),)
    word = {
        Phase.THINKING: "▶ thinking",
        Phase.ACTING: "▶ acting",
        Phase.CHECKING: "▶ checking",
    }.get(state.phase, "▶ working" if state.last_seq else "… loading")
    since_last = 0 if state.rests else max(0, now - state.last_ts)
    return (Part(word, "ok"), Part(f" {clock(state.elapsed_ns + since_last)}", "muted"))


def awaits_model(state: SessionState) -> bool:
    """Whether a request failed and the next one has not been made."""
    return state.retry_wait_s is not None and state.phase is Phase.THINKING


def seconds_left(state: SessionState, now: int) -> int:
    """Of the wait before the next request; whole seconds, down to nothing."""
    passed = max(0, now - state.failed_ts) / 1e9
    return ceil(max(0.0, (state.retry_wait_s or 0.0) - passed))


def model_words(state: SessionState, cells: int) -> Line:
    """The model's name; a script says plainly that it is one."""
    name = sanitize(state.model, lines=False)
    if state.is_scripted:
        label = (
            f"scripted model {name.removeprefix('scripted:')}" if cells >= 130 else "scripted model"
        )
        return (Part(label, "unknown"),)
    return (Part(cut(name, 28), "muted"),) if cells >= 90 else ()


def waiting_since(state: SessionState) -> int | None:
    """The wall time of the oldest thing that waits."""
    asked = [call.asked[0] for call in state.waiting if call.asked]
    return min([*asked, *(ask.at[0] for ask in state.asks)], default=None)


def joined(*groups: Line) -> Line:
    """Groups of parts with a gap between them."""
    parts: list[Part] = []
    for group in groups:
        if group:
            parts += [Part("   ")] * bool(parts) + list(group)
    return tuple(parts)
