"""A server's question is the human's to answer: in a form, with a yes, or not at all."""

from collections.abc import Mapping, Sequence

import pytest

from loopdeck.session.forms import FormField, filled
from loopdeck.tools.mcp.asking import MOST_FIELDS, TRIES, Elicited, elicited, fields_of

FIELDS = {
    "name": {"type": "string", "description": "Whose it is.\x1b[2J", "maxLength": 9},
    "sure": {"type": "boolean", "default": True},
    "size": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
    "kind": {"type": "string", "enum": ["small", "large", "\u202eodd"]},
    "tone": {"type": "string", "oneOf": [{"const": "d", "title": "dry"}, {"const": "w"}]},
    "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 1, "default": ["a"]},
    "deep": {"type": "object"},
    "bad\u202e": {"type": "string"},
    "two\nlines": {"type": "string"},
}
FORM = {"type": "object", "properties": FIELDS, "required": ["size"]}


class Human:
    """Answers in this order, and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    async def ask(
        self, question: str, options: Sequence[str] = (), form: Sequence[FormField] = ()
    ) -> str:
        """The next answer."""
        self.asked.append((question, (*options, *(field.name for field in form))))
        return self.answers.pop(0)


async def answered(human: Human, schema: Mapping[str, object], address: str = "") -> Elicited:
    return await elicited("odd", "Tell me.\u202e", schema, address, human.ask)


def test_a_form_has_its_plain_fields_what_it_needs_first_and_nothing_that_hides() -> None:
    fields = fields_of(FORM)
    assert fields is not None
    assert [field.name for field in fields] == ["size", "name", "sure", "kind", "tone", "tags"]
    size, name, sure, kind, tone, tags = fields
    assert (size.wants, size.preset, size.required) == ("a whole number, 1 to 9", "3", True)
    assert "\x1b" not in name.words
    assert name.most == 9
    assert (sure.kind, sure.preset) == ("boolean", "yes")
    assert kind.options == ("small", "large")
    assert (tone.options, tone.shown) == (("d", "w"), ("dry", "w"))
    assert (tags.kind, tags.options, tags.most, tags.preset) == ("choices", ("a", "b"), 1, "a")
    assert filled(fields, {"size": "2", "tone": "dry"}) == {"size": 2, "tone": "d"}


async def test_what_was_filled_in_is_sent_and_what_does_not_fit_is_asked_again() -> None:
    human = Human("size: many", "size: 7\ntags: b")
    assert await answered(human, FORM) == Elicited("accept", {"size": 7, "tags": ["b"]})
    assert human.asked[0][1][:3] == ("decline", "cancel", "size")
    assert "“size” wants a whole number" in human.asked[1][0]
    assert "\u202e" not in human.asked[0][0]
    stubborn = Human(*["size: many"] * TRIES)
    assert await answered(stubborn, FORM) == Elicited("decline")


@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_a_human_declines_or_cancels(action: str) -> None:
    for schema, address in ((FORM, ""), ({}, ""), ({}, "https://x.y")):
        said = await answered(Human(action), schema, address)
        assert (said.action, said.content) == (action, None)


async def test_a_yes_an_address_that_is_only_shown_and_forms_that_nobody_could_fill_in() -> None:
    assert await answered(Human("accept"), {}) == Elicited("accept", {})
    away = Human("done")
    assert (await answered(away, {}, "https://x.y/\u202eform")).action == "accept"
    assert "Loopdeck opens nothing" in away.asked[0][0]
    assert "https://x.y/⟨U+202E⟩form" in away.asked[0][0]
    names = [f"f{n}" for n in range(MOST_FIELDS + 1)]
    many = {"properties": {name: {"type": "string"} for name in names}}
    assert len(fields_of(many) or ()) == MOST_FIELDS
    nobody = Human()
    for needed in (names, ["not there"]):
        assert await answered(nobody, {**many, "required": needed}) == Elicited("decline")
    deep = {"properties": {"deep": {"type": "object"}}, "required": ["deep"]}
    assert await answered(nobody, deep) == Elicited("decline")
    assert nobody.asked == []
