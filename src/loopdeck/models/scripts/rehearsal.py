"""Finds a script's next line: plays it again, from its start, against what really happened."""

import json
from collections.abc import Iterable, Sequence
from typing import cast

from loopdeck.models.scripts.speech import (
    LAST_TURN,
    Call,
    Observation,
    Result,
    Say,
    Scene,
    Script,
    human_words,
)
from loopdeck.ports import AssistantTurn, CallResult, ToolUse, Turn, UserTurn
from loopdeck.session.values import JsonObject

EDITED = "The human changed the arguments; what ran was: "
QUOTED = 90  # characters of a human's words that are said back
THE_END = Say(
    "My script ends here: I have nothing left to play. A real model could go on from this point."
)
NO_TOOLS = Say(
    "No tools are offered to me at this level, so I can only talk, and I am a script: I have "
    "one plan, and it needs tools. Raise the level, and I begin."
)


class Rehearsal:
    """A script on its way through a history.

    A turn of the model that the script would not have spoken here (a closing turn, a history made
    by another model) is an aside: the script keeps its place and says its own line next.
    """

    def __init__(self, script: Script, turns: Iterable[Turn]) -> None:
        self._script = script
        self._scene: Scene | None = None
        self._due = THE_END
        self._heard: tuple[str, ...] = ()
        self._results: dict[str, CallResult] = {}
        self._uses: Sequence[ToolUse] = ()
        self._spoken = False
        self._stranger = False
        self._plan: JsonObject = {}
        for turn in turns:
            if isinstance(turn, UserTurn):
                self._listen(turn)
            else:
                self._speak(turn)
        self._move_on()

    def line(self, *, tools: bool) -> Say:
        """What to say now; `tools` is false where none are offered."""
        if any(text.startswith(LAST_TURN) for text in self._heard):
            return _farewell(self._plan)
        due = self._due if tools or not self._due.calls else NO_TOOLS
        notes = [_answer_to(text) for text in human_words(self._heard)]
        if self._stranger:
            notes.append(
                "Part of what happened before is not of my making. I am a script and go on with "
                "my own plan."
            )
        return Say("\n\n".join([*notes, due.text]), due.calls, due.thinking)

    def _listen(self, turn: UserTurn) -> None:
        if self._scene is None:
            goal, *more = turn.texts or ("",)
            self._heard = tuple(more)
            self._scene = _endless(self._script, goal)
            self._due = next(self._scene)
            return
        self._results |= {result.call_id: result for result in turn.results}
        self._heard += turn.texts

    def _speak(self, turn: AssistantTurn) -> None:
        self._move_on()
        self._uses = [block for block in turn.blocks if isinstance(block, ToolUse)]
        said = [Call(use.tool, use.args) for use in self._uses]
        self._spoken = said == list(self._due.calls)
        self._stranger = bool(said) and not self._spoken
        self._results, self._heard = {}, ()
        for call in said:
            if call.tool == "update_plan":
                self._plan = call.args

    def _move_on(self) -> None:
        """Tell the script what came of its last line, if it was its line."""
        if self._spoken and self._scene is not None:
            self._spoken = False
            results = tuple(self._result(use) for use in self._uses)
            self._due = self._scene.send(Observation(results, self._heard))

    def _result(self, use: ToolUse) -> Result:
        call = Call(use.tool, use.args)
        result = self._results.get(use.call_id)
        if result is None:
            return Result(call, use.args, "This call did not run.", is_error=True)
        args, text = _as_it_ran(use.args, result.text)
        return Result(call, args, text, result.is_error)


def _endless(script: Script, goal: str) -> Scene:
    yield from script(goal)
    while True:
        yield THE_END


def _as_it_ran(args: JsonObject, text: str) -> tuple[JsonObject, str]:
    """The arguments that ran and the tool's own words, taken apart again."""
    first, _, rest = text.partition("\n")
    if not first.startswith(EDITED):
        return args, text
    try:
        edited: object = json.loads(first.removeprefix(EDITED))
    except ValueError:
        return args, text
    return (cast("JsonObject", edited), rest) if isinstance(edited, dict) else (args, text)


def _answer_to(text: str) -> str:
    words = " ".join(text.split())
    short = words if len(words) <= QUOTED else f"{words[:QUOTED]}…"
    return (
        f"You wrote: “{short}” I have read it, but I am a scripted model and cannot take new "
        "instructions; I go on with my plan."
    )


def _farewell(plan: JsonObject) -> Say:
    """The closing turn: no tool may run any more, so say where the plan stands."""
    items = cast("list[dict[str, str]]", plan.get("items", []))
    done = [item["text"] for item in items if item["state"] == "done"]
    left = [item["text"] for item in items if item["state"] != "done"]
    if not left:
        return Say("A limit ends this run. I had nothing left to do.")
    ahead = [item["text"] for item in items if item["state"] in ("doing", "todo")]
    nearest = f" Next I would go on with “{ahead[0]}”." if ahead else ""
    return Say(
        f"A limit ends this run before I am done. Done: {', '.join(done) or 'nothing yet'}. "
        f"Not done: {', '.join(left)}.{nearest}"
    )
