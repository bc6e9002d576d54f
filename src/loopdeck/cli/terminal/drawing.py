"""Whether there is a terminal here, and one that the deck can be drawn on."""

import os
import shutil
import sys

SMALLEST = (60, 20)  # columns and lines the deck needs


def on_terminal() -> bool:
    """Whether a person can read and type here."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def no_screen() -> str:
    """Why there can be no deck here; empty if there can."""
    if not on_terminal():
        return "There is no terminal to draw on."
    if os.environ.get("TERM", "dumb") == "dumb":
        return "This terminal cannot be drawn on (TERM is dumb)."
    size = shutil.get_terminal_size()
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        return (
            f"This terminal has {size.columns}×{size.lines} cells, "
            f"and the deck needs {SMALLEST[0]}×{SMALLEST[1]}."
        )
    return ""
