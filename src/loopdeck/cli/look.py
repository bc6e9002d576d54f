"""The one setting that the first frame needs: read ahead of the others, which are checked later."""

import tomllib
from pathlib import Path


def theme_named(config: Path) -> str | None:
    """The theme that a config file names; what is wrong with the file is told when all is read."""
    try:
        theme = tomllib.loads(config.read_text("utf-8")).get("theme")
    except (OSError, ValueError):
        return None
    return theme if isinstance(theme, str) else None
