"""The recorded tools: every call of the tape is known by its arguments. Nothing acts."""

from collections.abc import Callable, Sequence

from loopdeck.errors import ToolError
from loopdeck.harness.rerun.calls import TapeCall, TapeCheck, refusal_of
from loopdeck.harness.rerun.cues import UNTOLD, UNUSABLE
from loopdeck.harness.rerun.prompter import Prompter
from loopdeck.harness.rerun.secrecy import unmasked
from loopdeck.ports import Action, ToolSpec
from loopdeck.session.events import CallAnswered, CallAsked, CallProposed
from loopdeck.session.values import JsonObject


class TapeToolbox:
    """A `Toolbox` that reads from the tape. `checking` says whether the check is being tried.

    `specs` are the tools of today: which of them a log's harness knew is not on record.
    """

    def __init__(
        self, prompter: Prompter, specs: Sequence[ToolSpec], checking: Callable[[], bool]
    ) -> None:
        self._prompter = prompter
        self._tape = prompter.tape
        self._checking = checking
        self._calls = self._tape.calls()
        self._prepared: dict[str, int] = {}
        known = {spec.name for spec in specs}
        unknown = dict.fromkeys(call.tool for call in self._calls if call.tool not in known)
        self._specs = (*specs, *(ToolSpec(name, "", {}) for name in unknown))

    @property
    def specs(self) -> Sequence[ToolSpec]:
        """Every tool."""
        return self._specs

    def prepare(self, tool: str, args: JsonObject) -> Action:
        """The recorded call of these arguments. Raises the recorded `ToolError`."""
        if tool == "shell" and self._checking():
            return TapeCheck(self._prompter)
        if args == UNTOLD:
            raise ToolError(self._why_unusable())
        call_id = self._find(tool, args)
        if call_id is None:
            raise ToolError("The recording has no such call.")
        refusal = refusal_of(self._prompter, call_id)
        if refusal:
            raise ToolError(refusal)
        return TapeCall(self._prompter, call_id)

    def _find(self, tool: str, args: JsonObject) -> str | None:
        """The call of these arguments that is not over; of several, each in its turn."""
        found = [
            call.call_id
            for call in self._calls
            if call.tool == tool and not self._is_over(call.call_id) and self._has(call, args)
        ]
        if not found:
            return None
        name = "\n".join(found)
        turn = self._prepared[name] = self._prepared.get(name, -1) + 1
        return found[turn % len(found)]

    def _has(self, call: CallProposed, args: JsonObject) -> bool:
        """Whether these are a call's arguments, as it was written or as a human changed it."""
        events = (self._tape.event(place) for place in self._tape.places(call.call_id))
        edits = [e.args for e in events if isinstance(e, CallAnswered) and e.args is not None]
        return any(args in (known, unmasked(known)) for known in (call.args, *edits))

    def _is_over(self, call_id: str) -> bool:
        return self._tape.places(call_id)[-1] < self._prompter.upcoming

    def _why_unusable(self) -> str:
        event = self._tape.event(self._prompter.upcoming)
        return event.again.removeprefix(UNUSABLE) if isinstance(event, CallAsked) else ""
