"""What was chosen for new sessions, remembered for each workspace in a private file."""

import json
from pathlib import Path
from typing import cast

from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError
from loopdeck.ports.wish import Wish

MOST = 200  # workspaces


class WishBook:
    """The newest choice of each workspace."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self, workspace: str) -> Wish | None:
        """What was chosen there last; None where that is unknown, or no longer makes sense."""
        try:
            wish = Wish.model_validate(self._read().get(workspace))
        except ValueError:
            return None
        return wish if 1 <= wish.level <= 5 and wish.workspace == workspace else None

    def models(self) -> list[str]:
        """Every model that was chosen, the newest first."""
        kept = [cast("dict[str, object]", one) for one in self._read().values() if _is_table(one)]
        names = [name for one in reversed(kept) if isinstance(name := one.get("model"), str)]
        return list(dict.fromkeys(names))

    def keep(self, wish: Wish) -> None:
        """Remember a choice. Raises `ConfigError`."""
        kept = self._read()
        kept.pop(wish.workspace, None)
        kept[wish.workspace] = wish.model_dump(mode="json")
        newest = dict(list(kept.items())[-MOST:])
        write_private(self._path, json.dumps(newest, ensure_ascii=False))

    def _read(self) -> dict[str, object]:
        try:
            found: object = json.loads(read_small(self._path) or "{}")
        except (ConfigError, ValueError):
            return {}
        return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _is_table(value: object) -> bool:
    return isinstance(value, dict)
