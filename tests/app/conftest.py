"""Every app in these tests has the same style sheets: they are parsed once."""

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

PARSED: dict[tuple[object, ...], list[RuleSet]] = {}


@pytest.fixture(autouse=True)
def _parsed_once(  # pyright: ignore[reportUnusedFunction] # pytest uses it
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a text of styles means depends on nothing but itself and the colours of the theme.

    Every app starts with a cache of its own; to fill it is a twelfth of starting one.
    """
    parse = Stylesheet._parse_rules  # pyright: ignore[reportPrivateUsage] # has no public name

    def parse_once(
        self: Stylesheet,
        css: str,
        read_from: CSSLocation,
        is_default_rules: bool = False,
        tie_breaker: int = 0,
        scope: str = "",
    ) -> list[RuleSet]:
        colours = frozenset(self._variables.items())  # pyright: ignore[reportPrivateUsage] # the same
        key = (css, read_from, is_default_rules, tie_breaker, scope, colours)
        if key not in PARSED:
            PARSED[key] = parse(self, css, read_from, is_default_rules, tie_breaker, scope)
        return PARSED[key]

    monkeypatch.setattr(Stylesheet, "_parse_rules", parse_once)
