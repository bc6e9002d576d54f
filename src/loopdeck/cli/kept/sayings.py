"""What was typed before, kept in a private file beside the state, without recognisable secrets."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError
from loopdeck.ports.sayings import Kind

MOST = 100  # texts of a kind
LONGEST = 4_000  # characters of one: longer ones are not typed again


class SayingsFile:
    """The `Sayings` of one person on one machine; `clean` takes out what must not stay."""

    def __init__(self, path: Path, clean: Callable[[str], str]) -> None:
        self._path = path
        self._clean = clean
        self._turn = asyncio.Lock()

    async def recent(self, kind: Kind) -> Sequence[str]:
        """The newest texts, oldest first; a file that cannot be read has none."""
        return (await asyncio.to_thread(self._read)).get(kind, [])

    async def keep(self, kind: Kind, text: str) -> None:
        """One more; the same text before it is forgotten. Raises `ConfigError`."""
        if len(text) <= LONGEST:
            async with self._turn:
                await asyncio.to_thread(self._keep, kind, self._clean(text))

    def _keep(self, kind: Kind, text: str) -> None:
        kept = self._read()
        before = [one for one in kept.get(kind, []) if one != text]
        kept[kind] = [*before, text][-MOST:]
        write_private(self._path, json.dumps(kept, ensure_ascii=False))

    def _read(self) -> dict[str, list[str]]:
        try:
            found: object = json.loads(read_small(self._path) or "{}")
        except (ConfigError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        kinds = cast("dict[str, object]", found)
        return {kind: _texts(texts) for kind, texts in kinds.items()}


def _texts(found: object) -> list[str]:
    if not isinstance(found, list):
        return []
    return [text for text in cast("list[object]", found) if isinstance(text, str)]
