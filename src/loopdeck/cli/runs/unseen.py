"""Settings for a run without the deck: what is wrong with its keys is said, and stops nothing."""

import argparse

from loopdeck.cli.config import Settings, load_settings
from loopdeck.cli.console import tell
from loopdeck.cli.places import Places
from loopdeck.errors import ConfigError


def settings_unseen(args: argparse.Namespace, spots: Places) -> Settings:
    """What the user's file says; keys are for the deck alone, and it would not open with these."""
    settings = load_settings(spots.config, named=args.config is not None)
    if settings.keys:
        from loopdeck.app.keys.keymap import remap  # textual, for those alone who changed a key

        try:
            remap(settings.keys)
        except ConfigError as error:
            told = f"{error} This run needs no keys, but the deck will not open like this."
            tell(f"[keys] in {spots.config}: {told}", error.hint)
    return settings
