"""Screens as stored text. `LOOPDECK_GOLDENS=write` writes the pictures anew.

Each picture begins with the name of the class that it shows: what has none is found by that.
"""

import os
from pathlib import Path
from typing import Any

from textual.app import App

FOLDER = Path(__file__).parent / "goldens"


def picture(app: App[Any], text: str = "") -> str:
    """What is on the screen, or a `text` that was read from there, and which screen it is."""
    return f"[{type(app.screen).__name__}]\n{text or _text(app)}\n"


def hold(app: App[Any], name: str) -> None:
    """The screen as it is now against its stored picture of this size; or store it."""
    width, height = app.size
    hold_text(f"{name}-{width}x{height}", picture(app))


def hold_text(name: str, text: str) -> None:
    """Pictures against the stored ones; or store them."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("LOOPDECK_GOLDENS") == "write":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), "LOOPDECK_GOLDENS=write accepts the new picture"


def _text(app: App[Any]) -> str:
    """What a terminal would show, without colours and trailing blanks."""
    lines = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] # the only way to read cells
    return "\n".join(line.text.rstrip() for line in lines)
