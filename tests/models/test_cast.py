"""Another model in the place of one that is at work."""

import pytest

from loopdeck.errors import UnknownModel
from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.cast import CastModel


def test_the_next_request_goes_to_who_was_named_last_and_no_other_changes_it() -> None:
    found: list[str] = []

    def find(name: str) -> AnthropicModel:
        if name == "none":
            raise UnknownModel("No model is called “none”.")
        found.append(name)
        return AnthropicModel(name)

    cast = CastModel(AnthropicModel("first"), find)
    cast.recast("second")
    with pytest.raises(UnknownModel):
        cast.recast("none")
    assert cast.name == "second"
    cast.recast("first")
    cast.recast("second")
    assert found == ["second"]  # whoever was asked before is asked again, on the same connection
