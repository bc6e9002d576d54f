"""What was begun to be written in each session, in a private file, without recognisable secrets."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

from loopdeck.cli.kept.files import read_small, write_private
from loopdeck.errors import ConfigError

MOST = 50  # sessions
LONGEST = 20_000  # characters of one: a longer one is kept only while the deck is open


class DraftsFile:
    """The `Drafts` of one person on one machine; `clean` takes out what must not stay."""

    def __init__(self, path: Path, clean: Callable[[str], str]) -> None:
        self._path = path
        self._clean = clean
        self._turn = asyncio.Lock()

    async def recall(self, session: str) -> str:
        """What was begun there; empty for nothing, and where the file cannot be read."""
        return (await asyncio.to_thread(self._read)).get(session, "")

    async def keep(self, session: str, text: str) -> None:
        """What is begun there now. Raises `ConfigError`."""
        async with self._turn:
            await asyncio.to_thread(self._keep, session, text)

    def _keep(self, session: str, text: str) -> None:
        before = self._read()
        kept = {name: one for name, one in before.items() if name != session}
        if text.strip() and len(text) <= LONGEST:
            kept[session] = self._clean(text)
        newest = dict(list(kept.items())[-MOST:])
        if newest != before:
            write_private(self._path, json.dumps(newest, ensure_ascii=False))

    def _read(self) -> dict[str, str]:
        try:
            found: object = json.loads(read_small(self._path) or "{}")
        except (ConfigError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        texts = cast("dict[str, object]", found)
        return {name: text for name, text in texts.items() if isinstance(text, str)}
