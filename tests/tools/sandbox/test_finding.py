"""Which names there are is said of many at once as it would be said of each."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopdeck.tools.sandbox import finding
from loopdeck.tools.sandbox.finding import those_in

NAMES = (".env", "Makefile", "makefile", ".config/gh", ".config/gh/hosts.yml", "lib/a", "gone")
TO_MAKE = st.lists(st.sampled_from((*NAMES, "lib", ".config", "other", "MAKEFILE")), max_size=6)


def put(folder: Path, name: str) -> None:
    """A file of this name, where a file can be."""
    place = folder / name
    if all(not parent.is_file() for parent in place.parents) and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")


@given(TO_MAKE)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_those_that_exist_are_found(
    tmp_path_factory: pytest.TempPathFactory, made: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("folder")
    for name in made:
        put(folder, name)
    there = [name for name in NAMES if os.path.lexists(folder / name)]
    assert sorted(those_in(str(folder), NAMES)) == sorted(there)


def test_a_link_that_leads_nowhere_is_there_and_one_on_the_way_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to("nowhere")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("")
    (tmp_path / "lib").symlink_to("real")
    assert those_in(str(tmp_path), NAMES) == [".env", "lib/a"]


def test_a_folder_too_full_to_be_listed_is_asked_for_each_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_MOST", 2)
    for name in ("one", "two", "three", "gone"):
        (tmp_path / name).write_text("")
    assert those_in(str(tmp_path), NAMES) == ["gone"]
