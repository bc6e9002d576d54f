"""Loopdeck: watch agents work, approve with a keystroke, replay every step."""

__version__ = "0.1.0"
