"""Verdicts on commands, as the toolbox of a folder gives them."""

from pathlib import Path

from loopdeck.session.values import Assessment
from loopdeck.tools.registry import BuiltinToolbox


def said(ws: Path, command: str) -> Assessment:
    """The verdict on a command there."""
    return BuiltinToolbox(ws).prepare("shell", {"command": command}).assess()
