"""What was typed before, to be gone through with up and down, as shells do it."""

from collections.abc import Iterable


class Recall:
    """Earlier texts, and the one that is being typed, which is not lost by looking at them."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = list(texts)
        self._place: int | None = None
        self._typed = ""

    def put_before(self, texts: Iterable[str]) -> None:
        """Texts that are older than all of these."""
        older = list(texts)
        self._texts = [*older, *self._texts]
        if self._place is not None:
            self._place += len(older)

    def add(self, text: str) -> None:
        """A text was sent: it is the newest now."""
        self.leave()
        if text.strip():
            self._texts = [*(one for one in self._texts if one != text), text]

    def leave(self) -> None:
        """Go back to the text that is being typed."""
        self._place = None

    def older(self, shown: str) -> str | None:
        """The text before the one that is shown; None where there is none."""
        if self._place is None:
            self._typed = shown
        place = len(self._texts) if self._place is None else self._place
        if not place:
            return None
        self._place = place - 1
        return self._texts[self._place]

    def newer(self) -> str | None:
        """The text after the one that is shown, and in the end what was being typed."""
        if self._place is None:
            return None
        self._place += 1
        if self._place < len(self._texts):
            return self._texts[self._place]
        self._place = None
        return self._typed
