"""A server's question is the human's to answer: field by field, or not at all."""

from collections.abc import Mapping, Sequence

import pytest

from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.asking import MOST_FIELDS, filled

FIELDS = {
    "name": {"type": "string", "description": "Whose it is.\x1b[2J"},
    "sure": {"type": "boolean"},
    "size": {"type": "integer"},
    "kind": {"type": "string", "enum": ["small", "large", "\u202eodd"]},
}
FORM = {"type": "object", "properties": FIELDS, "required": ["sure", "size"]}


class Human:
    """Answers in this order, and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    async def ask(self, question: str, options: Sequence[str]) -> str:
        """The next answer."""
        self.asked.append((question, tuple(options)))
        return self.answers.pop(0)


async def answered(
    human: Human, schema: Mapping[str, object], address: str = ""
) -> JsonObject | None:
    return await filled("odd", "Tell me.\u202e", schema, address, human.ask)


async def test_a_form_is_asked_for_one_field_at_a_time_what_it_needs_first() -> None:
    human = Human("yes", "7", "Ada", "skip")
    assert await answered(human, FORM) == {"sure": True, "size": 7, "name": "Ada"}
    questions, options = zip(*human.asked, strict=True)
    assert options == (
        ("yes", "no", "decline"),
        ("decline",),
        ("skip", "decline"),
        ("small", "large", "skip", "decline"),
    )
    assert all("The MCP server odd asks: Tell me." in question for question in questions)
    assert not any("\x1b" in question or "\u202e" in question for question in questions)


@pytest.mark.parametrize(
    "answers", [("decline",), ("yes", "decline"), ("yes", "seven"), ("maybe",)]
)
async def test_who_declines_or_answers_something_else_has_said_nothing(
    answers: tuple[str, ...],
) -> None:
    human = Human(*answers)
    assert await answered(human, FORM) is None
    assert human.answers == []


async def test_a_question_without_fields_an_address_and_a_flood_of_fields() -> None:
    assert await answered(Human("accept"), {}) == {}
    assert await answered(Human("decline"), {}) is None
    away = Human("done")
    assert await answered(away, {}, "https://x.y/\u202eform") == {}
    assert "https://x.y/⟨U+202E⟩form" in away.asked[0][0]
    names = [f"f{n}" for n in range(MOST_FIELDS + 1)]
    many = {"properties": {name: {"type": "string"} for name in names}}
    human = Human(*["skip"] * len(names))
    assert await answered(human, many) == {}
    assert len(human.asked) == MOST_FIELDS
    nobody = Human()
    assert await answered(nobody, {**many, "required": names}) is None
    assert nobody.asked == []
