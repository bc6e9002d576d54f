"""A list that a box offers while it is typed into, and the keys that choose from it."""

from typing import Generic, TypeVar

_KEYS = frozenset({"up", "down", "tab", "enter", "escape"})

T = TypeVar("T")


class Offering(Generic[T]):
    """Belongs to one box; the first of the list is chosen until keys say another."""

    def __init__(self) -> None:
        self.found: list[T] = []
        self.chosen = 0
        self.text = ""

    def read(self, text: str) -> bool:
        """Take in what the box holds; false where that is known already."""
        if text == self.text:
            return False
        self.text = text
        self.found = self.fitting()
        self.chosen = 0
        return True

    def turn(self, key: str) -> str | None:
        """What the box holds after a key of the list; `None` where the key is not the list's."""
        if not self.found or key not in _KEYS:
            return None
        one = self.found[self.chosen]
        match key:
            case "up" | "down":
                step = -1 if key == "up" else 1
                self.chosen = (self.chosen + step) % len(self.found)
            case "escape":
                self.found = []
            case "enter" if self.is_whole(one):
                return None
            case _:
                return self.with_it(one)
        return self.text

    def fitting(self) -> list[T]:
        """What the text may become."""
        raise NotImplementedError

    def is_whole(self, one: T) -> bool:
        """Whether another key would add nothing: enter is then the box's own."""
        raise NotImplementedError

    def with_it(self, one: T) -> str:
        """The text with one of them in it."""
        raise NotImplementedError
