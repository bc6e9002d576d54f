"""What is wrong in a file is said in words for whoever wrote it."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loopdeck.session.faults import first_fault


class Inner(BaseModel):
    """A table in a table."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["one", "two"] = "one"
    calls: int = Field(default=1, ge=1, le=9)
    name: str = Field(default="x", min_length=1)
    on: bool = True
    words: list[str] = Field(default_factory=list[str])


class Outer(BaseModel):
    """The whole file."""

    inner: Inner
    price: float = Field(default=1.0, gt=0)


@pytest.mark.parametrize(
    ("found", "place", "said"),
    [
        ({}, "inner", "it is missing"),
        ({"inner": 1}, "inner", "it has to be a table of names and values"),
        ({"inner": {"kind": "three"}}, "inner.kind", "it has to be 'one' or 'two'"),
        ({"inner": {"calls": 0}}, "inner.calls", "it has to be 1 or more"),
        ({"inner": {"calls": 10}}, "inner.calls", "it has to be 9 or less"),
        ({"inner": {"calls": "many"}}, "inner.calls", "it has to be a whole number"),
        ({"inner": {"name": ""}}, "inner.name", "it is empty"),
        ({"inner": {"name": 1}}, "inner.name", "it has to be a text, in quotes"),
        ({"inner": {"on": "yes"}}, "inner.on", "it has to be true or false"),
        ({"inner": {"words": "a"}}, "inner.words", "it has to be a list, in square brackets"),
        ({"inner": {"other": 1}}, "inner.other", "no such setting"),
        ({"inner": {}, "price": 0}, "price", "it has to be more than 0.0"),
    ],
)
def test_each_fault_says_what_has_to_stand_there(found: object, place: str, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Outer.model_validate(found)
    assert first_fault(raised.value)[1:] == (place, said)
