"""A command taken apart once: what was found holds while the disk answers as it did then."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Self

from loopdeck.permissions.shell import Part, Place, read
from loopdeck.session.values import Assessment

_QUESTIONS = tuple(field.name for field in fields(Place) if callable(field.default))

_Answers = dict[tuple[str, tuple[object, ...]], object]


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict on a text and the commands in it, with all that was asked to come to it.

    The text, the workspace and these answers are all that it depends on. To look at the disk once
    more takes a small part of the time that it takes to judge the text once more.
    """

    judged: Assessment
    parts: tuple[Part, ...]
    answers: _Answers

    @classmethod
    def of(cls, command: str, place: Place) -> Self:
        """Judge a command."""
        answers: _Answers = {}
        asked = {name: partial(_ask, answers, name, getattr(place, name)) for name in _QUESTIONS}
        judged, parts = read(command, replace(place, **asked))
        return cls(judged, parts, answers)

    def holds(self, place: Place) -> bool:
        """Whether the same workspace answers the same now."""
        return all(
            getattr(place, name)(*words) == answer for (name, words), answer in self.answers.items()
        )


def _ask(answers: _Answers, name: str, question: Callable[..., object], *words: object) -> object:
    answer = answers[name, words] = question(*words)
    return answer
