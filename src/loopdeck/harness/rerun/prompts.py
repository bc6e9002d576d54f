"""What the recorded run had told its model at each request, to hold a re-run's prompt against."""

from collections.abc import Sequence

from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.rerun.tape import Tape
from loopdeck.ports import Turn
from loopdeck.session.events import CallFinished, ModelRequested, SessionResumed


class Told:
    """The prompt as a projection of the tape, request by request."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._upto = 0
        self._conversation = Conversation()

    def at(self, place: int) -> list[Turn]:
        """The turns of the request of a place; places must follow each other."""
        for at in range(self._upto, place + 1):
            self._conversation.apply(self._tape.records[at])
        self._upto = max(self._upto, place + 1)
        for event in self._since_the_last_request(place):
            if event.withheld:
                self._conversation.lend(event.call_id, untold(event.withheld))
        return self._conversation.request()

    def _since_the_last_request(self, place: int) -> list[CallFinished]:
        """The calls that ended in this process before a request: it has all of their results."""
        found: list[CallFinished] = []
        while place > 0:
            place -= 1
            event = self._tape.event(place)
            if isinstance(event, CallFinished):
                found.append(event)
            if isinstance(event, ModelRequested):
                break
            if isinstance(event, SessionResumed) and event.new_process:
                break  # a new process has no more than the log
        return found


def untold(size: int) -> str:
    """Stands for a result that only the model was to have."""
    return "·" * size


def prompt_change(given: Sequence[Turn], expected: Sequence[Turn], after: int = 0) -> str:
    """How two prompts differ from a turn on, in words; empty if they do not."""
    for number in range(after, min(len(given), len(expected))):
        one, other = given[number], expected[number]
        if one != other:
            return f"turn {number + 1} of the prompt is {one!r}, and was {other!r}"
    if len(given) != len(expected):
        return f"the prompt has {len(given)} turns, and had {len(expected)}"
    return ""
