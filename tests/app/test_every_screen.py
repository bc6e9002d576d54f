"""Every screen there is has a stored picture at three sizes; a new one is not forgotten."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from textual.screen import Screen

from loopdeck import app
from loopdeck.app.panes.small import TooSmall
from tests.app.pictures import FOLDER
from tests.app.screens import MEDIUM, NARROW, WIDE

ELSEWHERE: dict[type[Screen[Any]], tuple[tuple[int, int], ...]] = {
    TooSmall: ((59, 20), (80, 19), (20, 6))  # it is there where no other screen is
}


def screens() -> set[type[Screen[Any]]]:
    """Every kind of screen of this program that is not only there to be built upon."""
    for module in walk_packages(app.__path__, f"{app.__name__}."):
        import_module(module.name)
    found: set[type[Screen[Any]]] = set()
    bases: list[type[Screen[Any]]] = [Screen]
    while bases:
        children = bases.pop().__subclasses__()
        bases += children
        found |= {one for one in children if not one.__subclasses__()}
    return {one for one in found if one.__module__.startswith(f"{app.__name__}.")}


def test_every_screen_has_a_picture_at_three_sizes() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.txt")}
    bare = [
        f"{one.__name__} at {width}x{height}"
        for one in screens()
        for width, height in ELSEWHERE.get(one, (NARROW, MEDIUM, WIDE))
        if not any(
            name.endswith(f"-{width}x{height}") and f"[{one.__name__}]\n" in text
            for name, text in pages.items()
        )
    ]
    assert sorted(bare) == []
    assert len(screens()) > 20
