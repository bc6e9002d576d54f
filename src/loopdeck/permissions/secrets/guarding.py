"""Lets text that comes in pieces out only where no secret can have been cut in two.

However the pieces are cut, what comes out is the same, and the same as cleaning the whole text;
only a "word" of thousands of characters is cut before its end is known.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from loopdeck.permissions.secrets.keyshapes import (
    BLOCK,
    BLOCK_END,
    BLOCK_LENGTH,
    UNFINISHED,
    UNFINISHED_IN,
)

HELD = 4_000  # characters that stay behind where a word has to be cut: longer than any token
STEP = 2 * HELD
"""How far a word without an end is held back, and where that is looked at: at fixed places of the
text, so that it does not depend on the pieces."""

_BETWEEN = " \n\r\t\"'<>"  # no secret goes on behind one of these but those that are looked for
_LINE = 40  # characters of a line that tell whether a setting can begin it
_BEGINS = re.compile(r"[ \t]*(?:-[ \t]*|export[ \t]*)?[\"']?")
_GOES_ON = re.compile(r"[\w.~+/=-]*")

Span = tuple[int, int]


class Cleaner(Protocol):
    """What a stream needs of a redactor."""

    hold: int  # the length of the longest known secret that a boundary may lie inside

    def clean(self, text: str) -> str:
        """The text with a mark in the place of each secret."""
        ...

    def spans(self, text: str, *, wide: bool) -> Iterator[Span]:
        """Where secrets are; with `wide` only of those that a boundary may lie inside."""
        ...


class Stream:
    """Takes a text in pieces and gives it back clean, a little later."""

    def __init__(self, cleaner: Cleaner) -> None:
        self._cleaner = cleaner
        self._step = max(STEP, 2 * cleaner.hold)
        self._block, self._block_end = re.compile(BLOCK), re.compile(BLOCK_END)
        self._unfinished = re.compile(UNFINISHED)
        self._pending = ""
        self._taken = 0
        self._swallows = False
        self._line = ""

    def add(self, text: str) -> str:
        """Take the next piece; returns what is certain by now, with the secrets taken out."""
        ready: list[str] = []
        at = 0
        while at < len(text):
            room = self._step - self._taken % self._step
            ready.append(self._add(text[at : at + room]))
            at += room
        return "".join(ready)

    def finish(self) -> str:
        """The rest: nothing more will come."""
        rest, self._pending = self._pending, ""
        return self._clean(rest)

    def _add(self, text: str) -> str:
        self._taken += len(text)
        if self._swallows:
            going_on = _GOES_ON.match(text)
            text = text[going_on.end() :] if going_on else text
            self._swallows = not text
        self._pending += text
        block = self._open_block()
        ready = self._release(self._safe_cut(block))
        if block < 0 and self._taken % self._step == 0 and len(self._pending) >= self._step:
            ready += self._release(self._forced_cut())
        return ready

    def _release(self, cut: int) -> str:
        ready, self._pending = self._pending[:cut], self._pending[cut:]
        return self._clean(ready)

    def _clean(self, text: str) -> str:
        """The piece without secrets; where it goes on with a line, it does not begin one."""
        inside = not _BEGINS.fullmatch(self._line)
        self._line = (self._line + text).rpartition("\n")[2][:_LINE]
        return (
            self._cleaner.clean(f"\0{text}")[1:] if inside and text else self._cleaner.clean(text)
        )

    def _safe_cut(self, block: int) -> int:
        """The last boundary that no secret lies across, whatever comes next."""
        text, cleaner = self._pending, self._cleaner
        end = len(text) - cleaner.hold
        if block >= 0:
            end = min(end, block)
        if any(word in text for word in UNFINISHED_IN):
            found = self._unfinished.search(text, max(0, end - self._step), max(0, end))
            end = min(end, found.start()) if found else end
        cut = self._boundary(end)
        spans = list(cleaner.spans(text, wide=True))
        while across := [start for start, stop in spans if start < cut < stop]:
            cut = self._boundary(min(across))
        return cut

    def _boundary(self, end: int) -> int:
        if end <= 0:
            return 0
        return max(self._pending.rfind(char, 0, end) for char in _BETWEEN) + 1

    def _open_block(self) -> int:
        """Where a secret of several lines begins whose end is still to come; -1 for nowhere."""
        text = self._pending
        for block in self._block.finditer(text):
            start = block.start()
            if len(text) - start < BLOCK_LENGTH and not self._block_end.search(text, block.end()):
                return start
        return -1

    def _forced_cut(self) -> int:
        """Somewhere inside a word that is too long to wait for; in no secret that is seen."""
        cut = len(self._pending) - HELD
        spans = list(self._cleaner.spans(self._pending, wide=False))
        while across := [start for start, stop in spans if start < cut < stop]:
            if not (cut := min(across)):
                return self._behind(spans)
        return cut

    def _behind(self, spans: Sequence[Span]) -> int:
        """The end of a secret as long as all that is held; what is still to come of it goes too."""
        cut = 1
        while across := [stop for start, stop in spans if start < cut < stop]:
            cut = max(across)
        self._swallows = cut == len(self._pending)
        return cut
