"""What a person reads before a fork: where it begins, and above all what it does not do."""

from dataclasses import dataclass

from loopdeck.app.paint.lines import EMPTY, Line, Part, prose
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.scene import Scene
from loopdeck.session.state import Phase, SessionState


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fork is to leave: after event `at`, in place of the words `replaces` if there are.

    `tool` is the call whose arguments may be changed instead, `live` is whether an agent works on.
    """

    at: int
    step: int
    replaces: str = ""
    tool: str = ""
    live: bool = False
    is_goal: bool = False


def quiet_moment(scene: Scene) -> int:
    """The last moment up to the playhead at which nothing was under way."""
    seq = scene.seq
    if scene.at_end and _rests(scene.state):
        return seq
    return max((step - 1 for step in scene.timeline.steps if step - 1 <= seq), default=1)


def fork_lines(scene: Scene, origin: Origin, cells: int) -> list[Line]:
    """The sentences over the box."""
    folder = sanitize(scene.head.workspace, lines=False)
    lines = [
        *prose(_where(origin), cells),
        EMPTY,
        *prose(_files(folder), cells, "waiting"),
        EMPTY,
        *prose("Steps, tokens and cost up to there count on; so do the limits.", cells, "muted"),
        *prose("Permissions that were given for this session end.", cells, "muted"),
    ]
    if origin.live:
        text = "The agent of this session works on, in the same folder."
        lines += [EMPTY, *prose(text, cells, "waiting")]
    return [*lines, EMPTY, (Part(_ask(origin), "accent"),)]


def _where(origin: Origin) -> str:
    if origin.is_goal:
        return "A new session from the very beginning. This one stays as it is."
    step = f"the end of step {origin.step}" if origin.step else "its beginning"
    return f"A new session goes on from #{origin.at}, {step}. This one stays as it is."


def _files(folder: str) -> str:
    return (
        f"The files are not taken back. {folder} stays as it is now, and what was done since then "
        "stays done. The agent is told so."
    )


def _ask(origin: Origin) -> str:
    if origin.is_goal:
        return "The goal, in your words"
    if origin.replaces:
        return "What you say there instead"
    return "What you tell the agent from there on, if anything"


def _rests(state: SessionState) -> bool:
    busy = any(not call.status.is_settled for call in state.calls)
    return not busy and not state.asks and state.phase not in (Phase.THINKING, Phase.CHECKING)
