"""Texts in colour, made in a thread where that takes long, and kept while they are looked at."""

import asyncio
from collections import OrderedDict

from loopdeck.app.paint.lines import Line

KEPT = 24  # texts
SHORT = 200  # characters that are coloured at once: sooner than a second painting would be

_Key = tuple[str, str]


class Colours:
    """A text that is asked for the first time has no colours yet; `wanted` says that it should."""

    def __init__(self) -> None:
        self.wanted: list[_Key] = []
        self._made: OrderedDict[_Key, list[Line]] = OrderedDict()
        self._loaded: set[str] = set()  # languages whose first text was made in the thread

    def tint(self, text: str, language: str) -> list[Line] | None:
        """The coloured lines of a safe text, if they are here."""
        found = self._made.get((language, text))
        if found is None and len(text) <= SHORT and language in self._loaded:
            found = self._keep(language, text, _coloured(text, language))
        if found is None:
            self.wanted.append((language, text))
        return found

    async def make(self) -> None:
        """Colour what was asked for last; what nobody looks at any more has been dropped."""
        wanted, self.wanted = self.wanted, []
        for language, text in dict.fromkeys(wanted):
            self._keep(language, text, await asyncio.to_thread(_coloured, text, language))
            self._loaded.add(language)

    def _keep(self, language: str, text: str, lines: list[Line]) -> list[Line]:
        self._made[language, text] = lines
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        return lines


def _coloured(text: str, language: str) -> list[Line]:
    from loopdeck.app.paint.code import code_lines  # 40 ms that the first frame need not wait for

    return code_lines(text, language)
