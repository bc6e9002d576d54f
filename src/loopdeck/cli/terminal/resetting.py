"""`loopdeck reset-terminal`: the terminal as it should be, after something was killed on it."""

import argparse

from loopdeck.cli.terminal.notes import restore
from loopdeck.errors import UsageError


def main(_args: argparse.Namespace) -> int:
    """Bring it back, and say nothing more: the prompt that follows shows it."""
    if not restore():
        raise UsageError(
            "There is no terminal to reset.", "Run it in the one that is out of order."
        )
    return 0
