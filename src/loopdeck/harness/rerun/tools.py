"""The recorded tools: every call of the tape is known by its arguments. Nothing acts."""

import json
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
        calls = self._tape.calls()
        self._by_words: dict[str, list[str]] = {}
        for call in calls:
            for words in self._words_of(call):
                self._by_words.setdefault(words, []).append(call.call_id)
        self._prepared: dict[str, tuple[int, int]] = {}
        known = {spec.name for spec in specs}
        unknown = dict.fromkeys(call.tool for call in calls if call.tool not in known)
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
        """The call of these arguments that something happens to next; of several, each in turn."""
        known = self._by_words.get(_words(tool, args), [])
        found = [call_id for call_id in known if not self._is_over(call_id)]
        if not found:
            return None
        found.sort(key=self._next_place)
        now, turn = self._prepared.get(found[0], (-1, -1))
        turn = turn + 1 if now == self._prompter.position else 0
        self._prepared[found[0]] = (self._prompter.position, turn)
        return found[turn % len(found)]

    def _next_place(self, call_id: str) -> int:
        """Where the next thing happens to a call."""
        return next(
            place for place in self._tape.places(call_id) if place >= self._prompter.upcoming
        )

    def _words_of(self, call: CallProposed) -> set[str]:
        """A call as it was written, and as a human changed it; with and without its secrets."""
        events = (self._tape.event(place) for place in self._tape.places(call.call_id))
        edits = [e.args for e in events if isinstance(e, CallAnswered) and e.args is not None]
        return {
            _words(call.tool, form)
            for known in (call.args, *edits)
            for form in (known, unmasked(known))
        }

    def _is_over(self, call_id: str) -> bool:
        return self._tape.places(call_id)[-1] < self._prompter.upcoming

    def _why_unusable(self) -> str:
        event = self._tape.event(self._prompter.upcoming)
        return event.again.removeprefix(UNUSABLE) if isinstance(event, CallAsked) else ""


def _words(tool: str, args: JsonObject) -> str:
    """The same for calls that are the same."""
    return f"{tool} {json.dumps(args, sort_keys=True)}"
