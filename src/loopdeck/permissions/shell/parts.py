"""A simple command inside a command, as the rules see it."""

from dataclasses import dataclass

from loopdeck.session.values import Category

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A simple command. `complete` when its words alone say all of what it does.

    `folders` are all that it may work in, empty where only the running shell will know.
    `assigned` are the variables set for it that steer programs.
    """

    words: tuple[str, ...]
    category: Category
    span: Span
    complete: bool
    folders: tuple[str, ...] = ()
    assigned: tuple[tuple[str, str], ...] = ()
