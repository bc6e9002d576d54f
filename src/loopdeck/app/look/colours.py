"""Texts in colour, made in a thread and kept while they are looked at."""

import asyncio
from collections import OrderedDict

from loopdeck.app.paint.lines import Line

KEPT = 24  # texts

_Key = tuple[str, str]


class Colours:
    """A text that is asked for the first time has no colours yet; `wanted` says that it should."""

    def __init__(self) -> None:
        self.wanted: list[_Key] = []
        self._made: OrderedDict[_Key, list[Line]] = OrderedDict()

    def tint(self, text: str, language: str) -> list[Line] | None:
        """The coloured lines of a safe text, if they are here."""
        found = self._made.get((language, text))
        if found is None:
            self.wanted.append((language, text))
        return found

    async def make(self) -> None:
        """Colour what was asked for last; what nobody looks at any more has been dropped."""
        wanted, self.wanted = self.wanted, []
        for language, text in dict.fromkeys(wanted):
            self._made[language, text] = await asyncio.to_thread(_coloured, text, language)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)


def _coloured(text: str, language: str) -> list[Line]:
    from loopdeck.app.paint.code import code_lines  # 40 ms that the first frame need not wait for

    return code_lines(text, language)
