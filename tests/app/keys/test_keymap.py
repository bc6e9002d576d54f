"""One table of keys: what is bound, what can be remapped, what the README says."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, cast

import pytest
from textual.app import App
from textual.binding import Binding, BindingsMap, BindingType
from textual.keys import (
    _character_to_key,  # pyright: ignore[reportPrivateUsage]  # the names we must agree with
)

from loopdeck.app.keys.keymap import (
    TABLE,
    Scope,
    bindings,
    groups,
    label_of,
    markdown_table,
    remap,
    table,
)
from loopdeck.app.keys.keynames import key_name
from loopdeck.errors import ConfigError

ROOT = Path(__file__).parents[3]


class Pressed(App[None]):
    """Notes which keys of the table were pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Scope.APPROVAL),
        *bindings(Scope.PLAYHEAD),
        *bindings(Scope.LIMIT),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[str] = []

    def action_press(self, key: str) -> None:
        self.ran.append(key)


def test_ids_are_unique_and_the_defaults_do_not_clash() -> None:
    assert len({key.id for key in TABLE}) == len(TABLE)
    assert remap({}) == {}


def test_the_keys_people_rely_on_are_there() -> None:
    typed = {key.id: key.keys for key in TABLE}
    assert (typed["approve"], typed["deny"], typed["deny_why"]) == ("y", "n", "r")
    assert (typed["pause"], typed["interrupt"], typed["stop"]) == ("p", "i", "ctrl+x")
    assert (typed["raise_limit"], typed["finish_up"], typed["stop_here"]) == ("+", "f", "q")
    assert (typed["start"], typed["live"], typed["go_to"]) == ("home", "end", ":")


@pytest.mark.parametrize("character", list("?+[]{}<>:/,.;-_=~`'\"@!#$%^&*()|\\yN1é"))
def test_a_typed_character_has_the_name_the_screen_library_gives_it(character: str) -> None:
    assert key_name(character) == _character_to_key(character)


async def test_a_swap_of_two_keys_swaps_what_they_do() -> None:
    app = Pressed()
    async with app.run_test() as pilot:
        app.set_keymap(remap({"approve": "n", "deny": "y"}))
        await pilot.press("y", "n", "plus", "left")
        assert app.ran == ["deny", "approve", "raise_limit", "step_back"]


async def test_a_moved_key_leaves_its_old_place() -> None:
    app = Pressed()
    async with app.run_test() as pilot:
        app.set_keymap(remap({"approve": "f2, A"}))
        await pilot.press("y", "f2", "A")
        assert app.ran == ["approve", "approve"]


def test_the_help_shows_the_keys_as_remapped() -> None:
    assert label_of("approve", {"approve": "f2,A"}) == "f2 A"
    assert next(key for key in table({"go_to": "g"}) if key.id == "go_to").keys == "g"
    assert label_of("event_back") == "shift+←"


@pytest.mark.parametrize(
    ("changes", "sentence", "hint"),
    [
        ({"aprove": "y"}, "There is no key named “aprove”.", "Did you mean “approve”?"),
        ({"approve": "hyperspace"}, "“hyperspace” is not a key", "Write keys as"),
        ({"approve": "crtl+y"}, "“crtl+y” is not a key", "Write keys as"),
        ({"approve": ""}, "The key “approve” is set to nothing.", "Write keys as"),
        ({"approve": "y,"}, "The key “approve” is set to nothing.", "Write keys as"),
        ({"approve": "n"}, "The key n cannot mean both “approve once” (approve)", "Give one"),
        ({"level": "?"}, "The key ? cannot mean both “help” (help)", "Give one"),
        ({"steer": "enter"}, "“say it with the next step” (send)", "Give one"),
    ],
)
def test_a_wrong_key_is_told_in_a_sentence(
    changes: dict[str, str], sentence: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        remap(changes)
    assert sentence in str(caught.value)
    assert hint in caught.value.hint


def test_one_key_may_mean_different_things_on_different_screens() -> None:
    assert remap({"resume_session": "y"}) == {"resume_session": "y"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ctrl+P", "ctrl+p"),
        ("shift+n", "N"),
        ("ctrl++", "ctrl+plus"),
        (" space ", "space"),
        ("shift+left", "shift+left"),
    ],
)
def test_keys_may_be_written_as_people_write_them(written: str, name: str) -> None:
    assert key_name(written) == name


def test_a_remapped_key_is_handed_on_by_its_proper_name() -> None:
    assert remap({"approve": " Ctrl+Y , comma", "go_to": ";"}) == {
        "approve": "ctrl+y,comma",
        "go_to": "semicolon",
    }


def test_every_binding_can_be_made_and_carries_its_id() -> None:
    for scope in Scope:
        made = list(Binding.make_bindings(bindings(scope)))
        assert {one.id for one in made} == {key.id for key in TABLE if key.scope == scope}
        assert BindingsMap(made).key_to_bindings


def test_the_table_in_words_has_every_key_once() -> None:
    text = markdown_table()
    assert all(text.count(f"| `{key.id}` |") == 1 for key in TABLE)
    assert sum(len(keys) for _, _, keys in groups()) == len(TABLE)


def test_the_readme_says_what_the_table_says() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert _readme_keys()(text) == text


def test_the_script_writes_between_the_markers_and_nowhere_else() -> None:
    text = "# A\n<!-- keys:start -->\nold\n<!-- keys:end -->\nrest\n"
    new = _readme_keys()(text)
    assert new == f"# A\n<!-- keys:start -->\n{markdown_table()}<!-- keys:end -->\nrest\n"
    assert _readme_keys()("no markers") == "no markers"


def _readme_keys() -> Callable[[str], str]:
    spec = importlib.util.spec_from_file_location("readme_keys", ROOT / "scripts/readme_keys.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[str], str]", module.with_keys)
