"""The deck is made of parts: every key of the tables has one of them, and only one."""

import re
from collections import Counter

from loopdeck.app.keys import keymap, slash
from loopdeck.app.keys.keymap import Scope
from tests.app.screens import deck
from tests.support import stories

ELSEWHERE = (Scope.EVERYWHERE, Scope.HOME, Scope.COMPARE)
OUR_OWN = re.compile(r"option_\d|page_up|page_down")  # bound by the deck, and in no table


def pressed(action: str) -> str:
    """The key that an action presses; empty where it is something else."""
    found = re.fullmatch(r"(?:screen\.)?press\('(\w+)'\)", action)
    return found[1] if found else ""


async def test_every_key_and_command_of_the_deck_has_one_part_that_answers_it() -> None:
    keys = {pressed(key.action) for key in keymap.TABLE if key.scope not in ELSEWHERE}
    typed = {pressed(one.action) for one in slash.TABLE if one.place is slash.Place.DECK}
    async with deck(stories.beginning()) as desk:
        answered = Counter(key for part in desk.deck.parts for key in part.verbs())
    assert set(answered.values()) == {1}
    known = {key for key in answered if not OUR_OWN.fullmatch(key)}
    assert known == (keys | typed) - {"", "back"}
