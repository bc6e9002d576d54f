"""The table of slash commands: what is meant, what is offered, what is no command."""

import pytest

from loopdeck.app.app import LoopdeckApp
from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.home.screen import HomeScreen
from loopdeck.app.keys.slash import TABLE, Place, Slash, Typed, is_slash, matching, message_of, read


def names(text: str) -> list[str]:
    """The commands that a text may become."""
    return [slash.name for slash in matching(text)]


def test_every_command_has_its_own_name_and_something_to_do() -> None:
    assert len({slash.name for slash in TABLE}) == len(TABLE)
    assert all(slash.action or slash.needs for slash in TABLE)


def test_two_slashes_are_a_message() -> None:
    assert is_slash("/level")
    assert not is_slash("//etc")
    assert not is_slash("level")
    assert message_of("//etc is full") == "/etc is full"


def test_what_begins_so_is_offered_first_and_a_whole_name_alone() -> None:
    assert names("/le")[0] == "level"
    assert names("/level 4") == ["level"]
    assert names("/") == [slash.name for slash in TABLE if slash.place is not Place.HOME]
    assert names("no") == names("/nothing") == names("/level\n4") == []


def test_a_command_is_read_with_what_follows_it() -> None:
    found = read("/LEVEL  4 ")
    assert isinstance(found, Typed)
    assert (found.slash.name, found.rest) == ("level", "4")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/levle 4", "Did you mean /level?"),
        ("/zzz", "/help shows all"),
        ("/usr/bin is gone", "There is no command /usr/bin"),
        ("/allow", "/allow RULE"),
        ("/stop now", "takes nothing after it"),
    ],
)
def test_what_is_no_command_is_a_sentence(text: str, words: str) -> None:
    found = read(text)
    assert isinstance(found, str)
    assert words in found


def test_commands_of_the_deck_do_not_work_at_home() -> None:
    assert isinstance(read("/pause", Place.HOME), str)
    assert isinstance(read("/theme", Place.HOME), Typed)


def test_every_command_is_something_that_its_screen_can_do() -> None:
    for slash in TABLE:
        name = slash.action.partition(".")[2].partition("(")[0]
        screen = HomeScreen if slash.place is Place.HOME else DeckScreen
        owner = LoopdeckApp if slash.action.startswith("app.") else screen
        assert not slash.action or hasattr(owner, f"action_{name}")


def test_a_command_of_another_place_is_said_to_work_there() -> None:
    assert str(read("/level 3", Place.HOME)).startswith("/level works in a session.")
    assert str(read("/FIND it")).startswith("/find works at home.")


def test_what_could_do_nothing_is_not_offered_and_a_command_of_a_server_always_is() -> None:
    more = [Slash("notes:pause", "", "")]
    found = matching("/pau", without={"/pause"}, more=more)
    assert [slash.name for slash in found] == ["notes:pause"]
    assert matching("/pause ", without={"/pause"}) == []
