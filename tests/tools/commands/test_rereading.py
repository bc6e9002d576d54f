"""What a command was found to do is found anew once the disk answers otherwise."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loopdeck.permissions.shell import Place, read
from loopdeck.tools.commands.rereading import Reading
from loopdeck.tools.disk.lookup import place_of
from loopdeck.tools.disk.paths import Workspace


def put(name: str) -> Callable[[Path], object]:
    """A file comes into the workspace."""
    return lambda root: (root / name).write_text("words\n")


def lead_out(name: str) -> Callable[[Path], object]:
    """A link comes into the workspace that leads out of it."""
    return lambda root: (root / name).symlink_to("/etc")


@pytest.mark.parametrize(
    ("command", "change"),
    [
        ("echo word > new.txt", put("new.txt")),
        ("cat lib/passwd", lead_out("lib")),
        ("cp one two", put("two")),
        ("cat *.txt", lead_out("a.txt")),
        ("grep -R word .", lead_out("out")),
    ],
)
def test_a_change_that_matters_to_a_command_ends_what_was_read(
    tmp_path: Path, command: str, change: Callable[[Path], object]
) -> None:
    workspace = Workspace(tmp_path)
    reading = Reading.of(command, place_of(workspace))
    assert (reading.judged, reading.parts) == read(command, place_of(workspace))
    assert reading.holds(place_of(workspace))
    change(tmp_path)
    assert not reading.holds(place_of(workspace))
    assert read(command, place_of(workspace)) != (reading.judged, reading.parts)


def test_what_has_nothing_to_do_with_a_command_leaves_it_as_it_was_read(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    reading = Reading.of("cat notes.txt", place_of(workspace))
    (tmp_path / "other.txt").write_text("")
    assert reading.holds(place_of(workspace))


def test_no_question_is_asked_that_is_not_asked_again() -> None:
    asked: list[str] = []

    def linked(path: str) -> str:
        asked.append(path)
        return path

    def elsewhere(path: str) -> str:
        return f"/elsewhere{path}"

    place = Place(real=linked)
    reading = Reading.of("rm -r build && cat src/a.py", place)
    before, asked[:] = set(asked), []
    assert before
    assert reading.holds(place)
    assert set(asked) == before
    assert not reading.holds(replace(place, real=elsewhere))
